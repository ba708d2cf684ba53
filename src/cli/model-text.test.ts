import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, TensorShapeProto_DimensionSchema } from "onnx-buf";
import { expect, it } from "vitest";
import { Graph } from "../core/graph/graph.ts";
import { relu } from "../core/graph/ops/elementwise.ts";
import { serialize } from "../core/graph/serialize.ts";
import { modelText, shownModel } from "./model-text.ts";

/** A model whose observation has a second dimension of so many. */
function withDimension(size: bigint): Uint8Array {
  const graph = new Graph("policy");
  graph.output("logits", relu(graph.input("observation", "float32", ["N", 3])));
  const model = fromBinary(ModelProtoSchema, serialize(graph));
  const type = model.graph!.input[0]!.type!.value;
  if (type.case !== "tensorType") throw new Error("the observation is no tensor");
  type.value.shape!.dim[1] = create(TensorShapeProto_DimensionSchema, { value: { case: "dimValue", value: size } });
  return toBinary(ModelProtoSchema, model);
}

it.each([2n ** 60n, -1n, 0n])("tells a dimension of %s as the file has it", (size) => {
  const shown = shownModel("odd.onnx", withDimension(size));
  expect(shown.inputs).toEqual([{ name: "observation", dtype: "float32", shape: ["N", Number(size)] }]);
  expect(modelText(shown)).toContain(`float32 [N, ${Number(size)}]`);
});
