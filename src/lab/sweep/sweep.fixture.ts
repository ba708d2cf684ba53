// Sweep files for tests: some by hand, and an arbitrary one for properties.

import fc from "fast-check";
import { type SweepFile, sweepSchemaId } from "./sweep-file.ts";

export const code = "0.0.0+test";

/** Two organisms, two seeds, with what is given in place of the entry's fields and of the file's. */
export function sweepOf(runs: Record<string, unknown> = {}, file: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    schema: sweepSchemaId,
    name: "test",
    runs: [{ organisms: ["corner/aligned", "corner/corner"], presets: ["quick"], seeds: [1, 2], ...runs }],
    ...file,
  };
}

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const entry = (fields: fc.Arbitrary<Record<string, unknown>>) =>
  fc.record({
    organisms: some(["corner/aligned", "corner/corner", "corner/wild", "dish/aligned"]),
    presets: maybe(some(["quick", "standard"])),
    networks: maybe(some(["mlp", "gru", "conv"])),
    parameters: maybe(fc.record({ horizon: some([12, 16, 20]) })),
    fields: maybe(fields),
    seeds: fc.oneof(
      fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 4 }),
      fc.record({ from: fc.nat(20), count: fc.integer({ min: 1, max: 4 }) }),
    ),
  });

const listed = fc.record(
  { "optimizer.learningRate": some([1e-3, 2e-3, 5e-3]), "optimizer.entCoef": some([0, 0.01]) },
  { requiredKeys: [] },
);
const distributed = fc.record(
  {
    "optimizer.learningRate": fc.constant({ logUniform: [1e-4, 1e-2] }),
    "optimizer.updateEpochs": fc.constant({ integers: [1, 4] }),
    "optimizer.gamma": fc.constant({ uniform: [0.9, 0.99] }),
    "optimizer.entCoef": fc.constant({ choice: [0, 0.01] }),
  },
  { requiredKeys: [] },
);

const common = {
  schema: fc.constant(sweepSchemaId),
  name: fc.constant("property"),
  audits: maybe(fc.array(fc.record({ levels: fc.integer({ min: 1, max: 40 }), seed: fc.nat(3) }), { maxLength: 2 })),
  measure: maybe(fc.constant([{ points: { alpha: [0, 0.1] }, worlds: ["corner"], levels: 8, seed: 1 }])),
};

const withoutUndefined = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Files that expand: a grid, or random draws. Measurements are only there where a corner organism surely is. */
export const gridFile = fc
  .record({ ...common, runs: fc.array(entry(listed), { minLength: 1, maxLength: 2 }) })
  .map((file) => withoutUndefined(file) as unknown)
  .map(forLivedWorlds);
export const randomFile = fc
  .record({
    ...common,
    method: fc.record({ random: fc.record({ runs: fc.integer({ min: 1, max: 6 }), seed: fc.nat(9) }) }),
    runs: fc.array(entry(distributed), { minLength: 1, maxLength: 2 }),
  })
  .map((file) => withoutUndefined(file) as unknown)
  .map(forLivedWorlds);

/** A measurement of corner needs an agent that surely lives there. */
function forLivedWorlds(given: unknown): unknown {
  const file = given as SweepFile;
  const isSure = file.runs.some(({ organisms }) => organisms!.every((id) => id.startsWith("corner/")));
  if (isSure) return file;
  const { measure: _, ...others } = file;
  return others;
}
