// Observations as messages carry them to a policy that runs elsewhere.

import type { Step } from "../../core/agents/policy-protocol.ts";
import { MesascopeError } from "../../core/base/errors.ts";

/** Observations of some rows in the form that was asked for. Throws `usage` for places of ones where there are other numbers. */
export function encodeRows(
  observations: Float32Array,
  { rows, size, as }: { readonly rows: readonly number[]; readonly size: number; readonly as: "dense" | "active" | "float32" },
): NonNullable<Step["observations"]> {
  const own = rows.map((row) => observations.subarray(row * size, (row + 1) * size));
  if (as === "dense") return own.map((values) => Array.from(values));
  if (as === "float32") {
    const bytes = Buffer.alloc(4 * rows.length * size);
    own.forEach((values, r) => {
      for (let i = 0; i < size; i++) bytes.writeFloatLE(values[i]!, 4 * (r * size + i));
    });
    return bytes.toString("base64");
  }
  return own.map((values) => {
    const active: number[] = [];
    values.forEach((value, i) => {
      if (value === 1) active.push(i);
      else if (value !== 0) {
        throw new MesascopeError(
          "usage",
          `input ${i} of an observation is ${value}; "active" is for inputs that are 0 or 1. Let the policy ask for "dense" or "float32".`,
        );
      }
    });
    return active;
  });
}
