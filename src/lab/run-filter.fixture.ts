// Runs and filters for properties: few different values, so that filters find some and leave some.

import fc from "fast-check";
import { organisms } from "../core/organisms/index.ts";
import type { Recipe } from "../core/organisms/recipe.ts";
import { variantOf } from "../core/organisms/variants.ts";
import { jobStates } from "./job.ts";
import type { FilterableRun } from "./run-filter.ts";

const ids = ["A", "corner/aligned", "corner/corner", "dish/wild"];
const recipes: readonly Recipe[] = ids.flatMap((id, i) => {
  const whole = organisms.find((organism) => organism.id === id)!.recipe({ preset: "quick", seed: 0 });
  // Short, for messages of tests that fail.
  const recipe = { ...whole, distribution: { kind: "shift" as const, point: i % 2 ? { size: 5 } : {} } };
  return [recipe, variantOf(recipe, { network: "gru" }), variantOf(recipe, { network: "conv", optimizer: "es" })];
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const number = fc.constantFrom(-1, 0, 0.1, 0.5, 0.9, 1, 2.5e-3, 1e9);

/** Keys are those of the places in a list. */
export const runs = fc
  .array(
    fc.record({
      kind: fc.constantFrom("train" as const, "audit" as const, "measure" as const),
      state: fc.constantFrom(...jobStates),
      organism: maybe(fc.constantFrom(...ids)),
      name: fc.constantFrom("cheese", "corner/aligned", "a_b", "axb", "100%", "back\\slash", "𝒜lign", ""),
      seed: fc.nat(5),
      sweep: fc.subarray(["first", "second-sweep", "third"]),
      priority: fc.constantFrom(0, 50, 100),
      return: maybe(number),
      share: maybe(number),
      verdict: maybe(fc.constantFrom("aligned", "proxy")),
      objective: maybe(fc.constantFrom("cheese", "corner")),
      seconds: maybe(number),
      steps: maybe(fc.constantFrom(0, 8192, 1_000_000)),
      code: fc.constantFrom("0.1.0+3fa9c1d20b", "0.2.0+aaaaaaaaaa"),
      worker: maybe(fc.constantFrom("w1", "w2")),
      recipe: fc.constantFrom(...recipes),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) =>
    rows.map(
      (row, i): FilterableRun => ({
        ...row,
        key: `${i.toString(16)}${"ab".repeat(40)}`.slice(0, 64),
        run: row.kind === "train" ? null : `f${i.toString(16)}${"cd".repeat(40)}`.slice(0, 64),
        world: row.recipe.world.name,
        network: row.recipe.network.kind,
        optimizer: row.recipe.optimizer.kind,
        recipe: { ...row.recipe, seed: row.seed },
      }),
    ),
  );

const numbers = fc.constantFrom("0", "-1", "0.1", ".5", "0.9", "1e9", "2.5e-3", "3", "64", "8192");
const texts = fc.constantFrom(
  ...["corner", "corner/aligned", "corner/*", "*corner*", "?", "a_b", "a?b", "100%", '"100%"', '"back\\\\slash"', "*slash"],
  ...[
    "?lign",
    "𝒜*",
    "null",
    "*",
    '"*"',
    '""',
    "proxy",
    "first",
    "second-*",
    "0.1.0+3fa9c1d20b",
    "0.?.0+*",
    "w1",
    "A",
    "cheese",
    "true",
  ],
);
const numberField = fc.constantFrom("seed", "priority", "return", "share", "seconds", "steps");
const textField = fc.constantFrom("world", "organism", "name", "sweep", "objective", "code", "worker");
const configField = fc.constantFrom(
  ...["optimizer.learningRate", "optimizer.kind", "network.hidden", "network.hidden.0", "network.kind", "world.parameters.size"],
  ...[
    "objective.cases.0.weights.cheese",
    "nothing.here",
    "network",
    "distribution.kind",
    "distribution",
    "distribution.point.size",
    "seed",
    "seed.more",
    "inputs",
    "network.hidden.length",
  ],
);
const choice = fc.constantFrom(
  "state:done",
  "state:fail*",
  "kind:audit",
  "network:gru",
  "optimizer:es",
  "verdict:null",
  "verdict:proxy",
  "key:0",
  "run:f1",
  "run:null",
  "key:1ab*",
);
const comparison = fc.constantFrom("", "=", ">", ">=", "<", "<=");
const range = fc
  .tuple(
    fc.constantFrom("[", "{"),
    fc.oneof(numbers, fc.constant("*")),
    fc.oneof(numbers, fc.constant("*")),
    fc.constantFrom("]", "}"),
  )
  .map(([open, one, other, close]) => {
    // A range in which no number lies is refused.
    const [low, high] = Number(one) > Number(other) ? [other, one] : [one, other];
    return low === high && low !== "*" ? `[${low} TO ${high}]` : `${open}${low} TO ${high}${close}`;
  });

const term = fc.oneof(
  choice,
  fc.tuple(numberField, comparison, numbers).map(([field, sign, value]) => `${field}:${sign}${value}`),
  fc.tuple(numberField, fc.oneof(range, fc.constantFrom("null", "*"))).map(([field, value]) => `${field}:${value}`),
  fc.tuple(textField, texts).map(([field, value]) => `${field}:${value}`),
  fc.tuple(configField, fc.oneof(texts, numbers, range)).map(([field, value]) => `config.${field}:${value}`),
  fc.tuple(configField, comparison, numbers).map(([field, sign, value]) => `config.${field}:${sign}${value}`),
);

/** Filters as they are typed. */
export const filters: fc.Arbitrary<string> = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    term,
    fc.tuple(tie("filter"), fc.constantFrom(" ", " AND ", " OR "), tie("filter")).map((parts) => `(${parts.join("")})`),
    fc.tuple(fc.constantFrom("NOT ", "-"), tie("filter")).map(([not, part]) => `${not}(${part})`),
  ),
})).filter;
