// What an ONNX file has, for people who map it to a policy or choose tensors to read: as data, and in words.

import { MesascopeError } from "../core/base/errors.ts";
import { type ModelDescription, type ModelValue, readModel } from "../core/graph/read-model.ts";
import { modelSchema, type ShownModel } from "./shown-documents.ts";
import { withoutSteering } from "./terminal.ts";

/** Throws `invalid-model` as `readModel`, naming the file. */
export function shownModel(file: string, bytes: Uint8Array): ShownModel {
  const model = readOrName(file, bytes);
  const { opset, producer, inputs, outputs } = model;
  const types = new Map([...model.inner, ...outputs].map((value) => [value.name, value]));
  return modelSchema.parse({
    schema: "mesascope/model@1",
    file,
    bytes: bytes.byteLength,
    opset,
    producer,
    inputs,
    outputs,
    tensors: tensorsOf(model).map(({ name, operator }) => ({ name, operator, type: types.get(name) ?? null })),
  });
}

function readOrName(file: string, bytes: Uint8Array): ModelDescription {
  try {
    return readModel(bytes);
  } catch (cause) {
    if (!(cause instanceof MesascopeError)) throw cause;
    throw new MesascopeError(cause.code, `${file}: ${cause.message}`, { cause });
  }
}

export function modelText({ file, bytes, opset, producer, inputs, outputs, tensors }: ShownModel): string {
  const width = Math.max(...[...inputs, ...outputs, ...tensors].map(({ name }) => name.length));
  const line = (name: string, rest: string): string => `  ${name.padEnd(width)}  ${rest}\n`;
  const type = ({ dtype, shape }: ModelValue): string =>
    `${dtype} ${shape === null ? "(axes undeclared)" : `[${shape.join(", ")}]`}`;
  const inside = tensors.map(({ name, operator, type: told }) =>
    line(name, told === null ? operator : `${operator}, ${type(told)}`),
  );
  return withoutSteering(
    `${file}: opset ${opset}, written by ${producer || "an unnamed producer"}, ${bytes.toLocaleString("en-US")} bytes\n\n` +
      `Inputs\n${inputs.map((value) => line(value.name, type(value))).join("")}\n` +
      `Outputs\n${outputs.map((value) => line(value.name, type(value))).join("")}\n` +
      `Tensors that can be read and edited, in the order in which they are computed\n${inside.join("")}`,
  );
}

function tensorsOf({ nodes }: ModelDescription): readonly { readonly name: string; readonly operator: string }[] {
  const computing = nodes.filter(({ type }) => type !== "Constant");
  return computing.flatMap(({ type, domain, outputs }) =>
    outputs.filter((name) => name !== "").map((name) => ({ name, operator: domain === "" ? type : `${domain}.${type}` })),
  );
}
