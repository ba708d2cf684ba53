// Makes tensors inside an ONNX model editable: what reads such a tensor reads an edited copy instead, and what the edit is comes in by
// further inputs of the model. The tensor under its own name stays as it was computed.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { MesascopeError, throwUnknown } from "../base/errors.ts";
import { readModel } from "./read-model.ts";

export type EditKind = "add" | "replace" | "project";

/** A place for an edit, chosen when the model is rewritten; what is done there is chosen at every run. */
export interface EditSlot {
  /** A tensor of the model, float32, with a line per row: `[rows, …]`, axes of length 1 before the rows allowed. */
  readonly tensor: string;
  readonly kind: EditKind;
}

/** The input that says how the rows of a call lie: int64 `[2]`, `(rows, −1)`. */
export const rowsInput = "edit/rows";

const partsOf = {
  add: ["vector", "strength"],
  replace: ["values", "where"],
  project: ["strength", "target", "center", "read", "write"],
} as const satisfies Record<EditKind, readonly string[]>;

/** The name of a part of an edit among the inputs of the rewritten model. */
export function editInput(slot: EditSlot, part: string): string {
  return `${slot.tensor}/${slot.kind}/${part}`;
}

/** The name under which the rewritten model has the edited copy. */
export function editedName(tensor: string): string {
  return `${tensor}.edited`;
}

/**
 * The bytes of a model that computes the same, but for what stands at `slots`: everything that reads a slot's tensor, in the bodies of loops
 * and branches too, reads `editedName(tensor)`. An output of the model that is such a tensor keeps its name and its unedited value. Slots
 * of one tensor are applied in their order. A tensor is taken as `[R, W]`, W numbers a row in row-major order, whatever its axes.
 *
 * The model then reads, besides its own inputs, `rowsInput` and for each slot the following, all float32 of two axes unless said otherwise,
 * where any axis may be 1 in place of R:
 *
 * | kind | x becomes | inputs |
 * |---|---|---|
 * | add | x + strength · vector | vector [R, W], strength [R, 1] |
 * | replace | values where `where` holds, else x | values [R, W], where bool [R, W] |
 * | project | x + strength · (target − (x − center) · read) · write | strength [R, 1], target [R, K], center [R, W], read [W, K], write [K, W] |
 *
 * Zeros everywhere leave x as it is. Throws `usage` for a tensor that no node computes and for a slot given twice, `shape-mismatch` for a
 * tensor declared as something else than float32, and `invalid-model` as `readModel` does.
 */
export function editTensors(model: Uint8Array, slots: readonly EditSlot[]): Uint8Array {
  checkSlots(model, slots);
  const proto = fromBinary(ModelProtoSchema, model);
  const graph = proto.graph!;
  if (slots.length > 0) graph.input.push(valueInfo(rowsInput, TensorProto_DataType.INT64, 1));
  for (const tensor of new Set(slots.map((slot) => slot.tensor))) {
    const own = slots.filter((slot) => slot.tensor === tensor);
    for (const node of graph.node) redirect(node, tensor);
    const producer = graph.node.findIndex(({ output }) => output.includes(tensor));
    graph.node.splice(producer + 1, 0, ...editNodes(tensor, own));
    for (const slot of own) graph.input.push(...slotInputs(slot));
    const declared = [...graph.valueInfo, ...graph.output].find(({ name }) => name === tensor);
    if (declared?.type) graph.valueInfo.push(create(ValueInfoProtoSchema, { name: editedName(tensor), type: declared.type }));
  }
  return toBinary(ModelProtoSchema, proto);
}

function checkSlots(model: Uint8Array, slots: readonly EditSlot[]): void {
  const { nodes, inner, outputs } = readModel(model);
  const known = nodes.flatMap((node) => node.outputs).filter((name) => name !== "");
  for (const [i, { tensor, kind }] of slots.entries()) {
    if (!known.includes(tensor)) throwUnknown("tensor", tensor, known, "Choose one that a node of the model computes.");
    if (known.includes(editedName(tensor))) {
      throw new MesascopeError(
        "invalid-model",
        `the model has a tensor "${editedName(tensor)}" already; expected that name to be free. Edit another.`,
      );
    }
    if (slots.findIndex((slot) => slot.tensor === tensor && slot.kind === kind) !== i) {
      throw new MesascopeError("usage", `edit ${kind} of "${tensor}" given twice; expected each once. Leave one out.`);
    }
    const declared = [...inner, ...outputs].find(({ name }) => name === tensor);
    if (declared !== undefined && declared.dtype !== "float32" && declared.dtype !== "undeclared") {
      throw new MesascopeError(
        "shape-mismatch",
        `tensor "${tensor}" is ${declared.dtype}; only float32 tensors can be edited. Edit another.`,
      );
    }
  }
}

/** Lets `node`, and what its bodies take from outside, read the edited copy of `tensor`. */
function redirect(node: NodeProto, tensor: string): void {
  node.input = node.input.map((name) => (name === tensor ? editedName(tensor) : name));
  for (const { g, graphs } of node.attribute) for (const body of [...(g ? [g] : []), ...graphs]) redirectBody(body, tensor);
}

function redirectBody(body: GraphProto, tensor: string): void {
  const own = [...body.input, ...body.initializer, ...body.node.flatMap(({ output }) => output.map((name) => ({ name })))];
  if (own.some(({ name }) => name === tensor)) return;
  for (const node of body.node) redirect(node, tensor);
}

/** From `tensor` to its edited copy: laid out as rows, edited by each slot, and brought back into its axes. */
function editNodes(tensor: string, slots: readonly EditSlot[]): NodeProto[] {
  const name = (part: string): string => `${tensor}/edit/${part}`;
  const nodes: NodeProto[] = [node("Shape", [tensor], name("shape")), node("Reshape", [tensor, rowsInput], name("flat"))];
  let value = name("flat");
  for (const slot of slots) {
    const part = (input: string): string => editInput(slot, input);
    const result = part("result");
    const before = value;
    switch (slot.kind) {
      case "add":
        nodes.push(node("Mul", [part("strength"), part("vector")], part("step")), node("Add", [before, part("step")], result));
        break;
      case "replace":
        nodes.push(node("Where", [part("where"), part("values"), before], result));
        break;
      case "project":
        nodes.push(
          node("Sub", [before, part("center")], part("centered")),
          node("MatMul", [part("centered"), part("read")], part("components")),
          node("Sub", [part("target"), part("components")], part("missing")),
          node("MatMul", [part("missing"), part("write")], part("wholeStep")),
          node("Mul", [part("strength"), part("wholeStep")], part("step")),
          node("Add", [before, part("step")], result),
        );
        break;
      default:
        slot.kind satisfies never;
    }
    value = result;
  }
  nodes.push(node("Reshape", [value, name("shape")], editedName(tensor)));
  return nodes;
}

function slotInputs(slot: EditSlot): ValueInfoProto[] {
  return partsOf[slot.kind].map((part) =>
    valueInfo(editInput(slot, part), part === "where" ? TensorProto_DataType.BOOL : TensorProto_DataType.FLOAT, 2),
  );
}

function node(opType: string, input: string[], output: string): NodeProto {
  return create(NodeProtoSchema, { opType, input, output: [output] });
}

/** Axes of any length. */
function valueInfo(name: string, elemType: TensorProto_DataType, axes: number): ValueInfoProto {
  const dim = Array.from({ length: axes }, () => ({}));
  return create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value: { elemType, shape: { dim } } } } });
}
