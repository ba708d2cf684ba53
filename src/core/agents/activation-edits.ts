// What is done to activations while a policy computes: the edits, and how they become inputs of a model that was made editable.

import { MesascopeError } from "../base/errors.ts";
import type { Feeds, TensorData } from "../engine/engine.ts";
import { type EditSlot, editInput, rowsInput } from "../graph/edit-tensors.ts";
import { type RowPart, rowsOfPart } from "./onnx/onnx-policy-calls.ts";

/** One number for all rows, or one for each, `[rows]`. */
export type PerRow = number | Float32Array;

/** x + strength · vector: steering. */
export interface AddEdit {
  readonly tensor: string;
  readonly kind: "add";
  /** `[width]` or `[rows, width]` */
  readonly vector: Float32Array;
  /** Default 1. */
  readonly strength?: PerRow;
}

/** Other values in place of x: patching, ablation. */
export interface ReplaceEdit {
  readonly tensor: string;
  readonly kind: "replace";
  /** `[width]` or `[rows, width]` */
  readonly values: Float32Array;
  /** 1 in the rows to be replaced, `[rows]`; default all. */
  readonly rows?: Uint8Array;
  /** 1 in the units to be replaced, `[width]`; default all. */
  readonly units?: Uint8Array;
}

/**
 * With a direction d: the component along it, (x − center) · d / |d|, is set to `target`, 0 to remove it; the rest stays. With a matrix W
 * `[width, width]`: x − W(x − center), such as the eraser of LEACE (Belrose et al. 2023, arXiv:2306.03819, theorem 4.3).
 */
export interface ProjectEdit {
  readonly tensor: string;
  readonly kind: "project";
  readonly along:
    | { readonly direction: Float32Array /** Default 0. */; readonly target?: PerRow }
    | { readonly matrix: Float32Array };
  /** `[width]`; default zeros. */
  readonly center?: Float32Array;
  /** Share of the whole step that is taken; default 1. */
  readonly strength?: PerRow;
}

export type Edit = AddEdit | ReplaceEdit | ProjectEdit;

export interface EditCall {
  /** The slots of the model, each with the width of its tensor. */
  readonly slots: readonly (EditSlot & { readonly width: number })[];
  readonly edits: readonly Edit[];
  readonly rows: number;
  readonly part: RowPart;
}

/**
 * The inputs for one part of the rows; slots without an edit leave their tensor as it is. Throws `usage` for an edit without a slot or
 * given twice, `shape-mismatch` for values of another length than rows and width ask for, naming the tensor.
 */
export function editFeeds({ slots, edits, rows, part }: EditCall): Feeds {
  for (const [i, { tensor, kind }] of edits.entries()) {
    if (!slots.some((slot) => slot.tensor === tensor && slot.kind === kind)) {
      const known = slots.map((slot) => `${slot.kind} at "${slot.tensor}"`).join(", ") || "none";
      throw new MesascopeError(
        "usage",
        `edit ${kind} at "${tensor}" given; declared: ${known}. Declare it with "edit" when hooking the policy.`,
      );
    }
    if (edits.findIndex((edit) => edit.tensor === tensor && edit.kind === kind) !== i) {
      throw new MesascopeError(
        "usage",
        `edit ${kind} at "${tensor}" given twice in one call; expected once. Join the two, or run twice.`,
      );
    }
  }
  const feeds: Record<string, TensorData> = {
    [rowsInput]: { dtype: "int64", dims: [2], data: BigInt64Array.of(BigInt(part.size), -1n) },
  };
  for (const slot of slots) {
    const edit = edits.find(({ tensor, kind }) => slot.tensor === tensor && slot.kind === kind);
    const lines = new Lines({ tensor: slot.tensor, width: slot.width, rows, part });
    const parts = edit === undefined ? noEdit(slot) : partsOfEdit(edit, lines);
    for (const [name, tensor] of Object.entries(parts)) feeds[editInput(slot, name)] = tensor;
  }
  return feeds;
}

function noEdit({ kind, width }: EditCall["slots"][number]): Feeds {
  const zero = floats(new Float32Array(1), 1);
  switch (kind) {
    case "add":
      return { vector: zero, strength: zero };
    case "replace":
      return { values: zero, where: { dtype: "bool", dims: [1, 1], data: new Uint8Array(1) } };
    case "project":
      return {
        ...{ strength: zero, target: zero, center: zero },
        ...{ read: floats(new Float32Array(width), 1), write: floats(new Float32Array(width), width) },
      };
    default:
      return kind satisfies never;
  }
}

function partsOfEdit(edit: Edit, lines: Lines): Feeds {
  switch (edit.kind) {
    case "add":
      return { vector: lines.values("vector", edit.vector), strength: lines.perRow("strength", edit.strength ?? 1) };
    case "replace":
      return { values: lines.values("values", edit.values), where: lines.mask(edit) };
    case "project":
      return projectParts(edit, lines);
    default:
      return edit satisfies never;
  }
}

function projectParts({ along, center, strength = 1 }: ProjectEdit, lines: Lines): Feeds {
  const { width } = lines;
  const shared = {
    strength: lines.perRow("strength", strength),
    center: center === undefined ? floats(new Float32Array(1), 1) : floats(lines.checked("center", center, width), width),
  };
  if ("matrix" in along) {
    const matrix = lines.checked("matrix", along.matrix, width * width);
    const identity = new Float32Array(width * width);
    for (let i = 0; i < width; i++) identity[i * (width + 1)] = 1;
    return {
      ...shared,
      target: floats(new Float32Array(1), 1),
      read: floats(transposed(matrix, width), width),
      write: floats(identity, width),
    };
  }
  const direction = lines.checked("direction", along.direction, width);
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  if (!(length > 0 && Number.isFinite(length))) {
    throw new MesascopeError(
      "shape-mismatch",
      `direction of length ${length} given for "${lines.tensor}"; expected one that points somewhere.`,
    );
  }
  const unit = direction.map((value) => value / length);
  return { ...shared, target: lines.perRow("target", along.target ?? 0), read: floats(unit, 1), write: floats(unit, width) };
}

/** Values laid out for one part of the rows of one tensor, their lengths checked. */
class Lines {
  readonly tensor: string;
  readonly width: number;
  readonly #rows: number;
  readonly #part: RowPart;

  constructor(of: { readonly tensor: string; readonly width: number; readonly rows: number; readonly part: RowPart }) {
    this.tensor = of.tensor;
    this.width = of.width;
    this.#rows = of.rows;
    this.#part = of.part;
  }

  values(name: string, values: Float32Array): TensorData {
    if (values.length === this.width) return floats(this.checked(name, values, this.width), this.width);
    return floats(rowsOfPart(this.checked(name, values, this.#rows * this.width), this.width, this.#part), this.width);
  }

  perRow(name: string, values: PerRow): TensorData {
    if (typeof values === "number") {
      if (Number.isFinite(values)) return floats(Float32Array.of(values), 1);
      throw new MesascopeError(
        "shape-mismatch",
        `${values} given as ${name} for "${this.tensor}"; expected a finite number, or one for each row.`,
      );
    }
    return floats(rowsOfPart(this.checked(name, values, this.#rows), 1, this.#part), 1);
  }

  mask({ rows, units }: ReplaceEdit): TensorData {
    const inRows = rows === undefined ? Uint8Array.of(1) : rowsOfPart(this.checked("rows", rows, this.#rows), 1, this.#part);
    const inUnits = units === undefined ? Uint8Array.of(1) : this.checked("units", units, this.width);
    const data = new Uint8Array(inRows.length * inUnits.length);
    inRows.forEach((row, r) => {
      inUnits.forEach((unit, u) => {
        data[r * inUnits.length + u] = row !== 0 && unit !== 0 ? 1 : 0;
      });
    });
    return { dtype: "bool", dims: [inRows.length, inUnits.length], data };
  }

  checked<Values extends Float32Array | Uint8Array>(name: string, values: Values, length: number): Values {
    if (values.length === length && values.every(Number.isFinite)) return values;
    const problem = values.length === length ? "numbers that are not finite" : `${values.length} numbers`;
    throw new MesascopeError(
      "shape-mismatch",
      `${problem} given as ${name} for "${this.tensor}", ${this.#rows} rows of ${this.width}; expected ${length} finite numbers.`,
    );
  }
}

function floats(data: Float32Array, width: number): TensorData {
  return { dtype: "float32", dims: [data.length / width, width], data };
}

function transposed(matrix: Float32Array, width: number): Float32Array {
  return matrix.map((_, i) => matrix[(i % width) * width + Math.floor(i / width)]!);
}
