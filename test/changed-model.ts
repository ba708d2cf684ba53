// ONNX models that were changed where their bytes would hardly ever be: names, types, shapes and links that are another's, operators that are others.

import { fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { type ModelProto, ModelProtoSchema } from "onnx-buf";
import { changedAt } from "../src/lab/changed-input.fixture.ts";

interface Place {
  readonly path: readonly string[];
  readonly value: unknown;
}

function placesIn(value: unknown, path: readonly string[] = []): readonly Place[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [{ path, value }, ...inner.flatMap(([name, each]) => placesIn(each, [...path, name]))];
}

const operators =
  "Add Cast Concat ConstantOfShape Conv Einsum Expand Gather Gemm GRU Identity If Loop LSTM MatMul NonZero OneHot Pad Range Reshape Resize Scan ScatterND Slice Softmax Split Squeeze Tile TopK Upsample Where".split(
    " ",
  );
/** 64-bit integers, as JSON writes them in a model. */
const integers = ["0", "-1", "1", "3", "2147483648", "4294967296", "9223372036854775807", "-9223372036854775808"];

/** What a place is: the name of its field, also within a list. */
function fieldOf({ path }: Place): string {
  return path.findLast((name) => !/^\d+$/.test(name)) ?? "";
}

/** Lists of names and lists of what has one are called alike. */
function kindOf(value: unknown): string {
  return Array.isArray(value) ? `list of ${typeof value[0]}` : typeof value;
}

/** What else may stand at a place so that the whole is still a message. */
function othersAt(place: Place, places: readonly Place[]): fc.Arbitrary<unknown> {
  const field = fieldOf(place);
  const isName = (name: string) => ["name", "input", "output"].includes(name);
  const alike = places.filter(
    (other) =>
      kindOf(other.value) === kindOf(place.value) && (fieldOf(other) === field || (isName(field) && isName(fieldOf(other)))),
  );
  return fc.constantFrom(
    ...alike.map(({ value }) => value),
    ...(field === "opType" ? operators : []),
    ...(["dims", "dimValue", "i", "ints", "version"].includes(field) && typeof place.value === "string" ? integers : []),
  );
}

/** Whole models, each unlike the given one at one to three places; most are no model that could run. */
export function changedModel(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const model = toJson(ModelProtoSchema, fromBinary(ModelProtoSchema, bytes));
  const places = placesIn(model).filter(({ path }) => path.length > 1);
  const change = fc.constantFrom(...places).chain((place) => othersAt(place, places).map((put) => ({ path: place.path, put })));
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map(([first, ...more]) => {
      const once = changedAt(model, first!.path, first!.put);
      // Two changes that are each possible may not be so together, such as a size and a name in one dimension.
      return more.reduce(
        ({ changed, message }, { path, put }) => {
          const next = changedAt(changed, path, put);
          const nextMessage = messageOrNull(next);
          return nextMessage ? { changed: next, message: nextMessage } : { changed, message };
        },
        { changed: once, message: messageOf(once) },
      );
    })
    .map(({ message }) => toBinary(ModelProtoSchema, message));
}

function messageOf(json: unknown): ModelProto {
  return fromJson(ModelProtoSchema, JSON.parse(JSON.stringify(json)));
}

function messageOrNull(json: unknown): ModelProto | null {
  try {
    return messageOf(json);
  } catch {
    return null;
  }
}
