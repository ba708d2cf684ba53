import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { organisms } from "../../core/organisms/index.ts";
import { jobSpecSchema } from "../job.ts";
import { expandSweep } from "./expand-sweep.ts";
import { code, gridFile, randomFile, sweepOf } from "./sweep.fixture.ts";
import { parseSweepFile, sweepFileSchema } from "./sweep-file.ts";

function refusal(given: unknown): string {
  try {
    parseSweepFile(given, "bad.yaml");
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "usage") return error.message;
    throw error;
  }
  throw new Error("read, and should have been refused");
}

describe("errors of a sweep file", () => {
  it.each<[string, unknown, RegExp]>([
    ["nothing", null, /bad\.yaml is no sweep file: the file: null given; expected object.*mesascope schema sweep/],
    [
      "another schema",
      { ...sweepOf(), schema: "mesascope/sweep@9" },
      /schema: "mesascope\/sweep@9" given; expected "mesascope\/sweep@1"/,
    ],
    ["a name with spaces", { ...sweepOf(), name: "My sweep" }, /name: "My sweep" given; lowercase letters, digits and hyphens/],
    ["a missing field", { schema: "mesascope/sweep@1", name: "x" }, /runs: nothing given; expected array/],
    ["a mistyped field", sweepOf({ organism: ["A"] }), /runs\.0\.organism: there is no such field; nearest: organisms/],
    [
      "an unknown organism, along with what else is wrong",
      { ...sweepOf({ organisms: ["corner/alinged"] }), name: "My sweep" },
      /bad\.yaml is no sweep file: name: .*; runs\.0\.organisms\.0: "corner\/alinged" given; expected an organism .*nearest: corner\/aligned,/,
    ],
    [
      "a pattern of nobody",
      sweepOf({ organisms: ["corner/*", "corners/*"] }),
      /file: runs\.0\.organisms\.1: "corners\/\*" given; expected an organism/,
    ],
    ["a scalar where a list belongs", sweepOf({ networks: "gru" }), /runs\.0\.networks: "gru" given; expected array/],
    ["an unknown network", sweepOf({ networks: ["grue"] }), /runs\.0\.networks\.0: "grue" given; expected one of "mlp"\|"conv"/],
    [
      "a distribution with a mistyped bound",
      sweepOf({ fields: { "optimizer.gamma": { uniform: [1, "2"] } } }),
      /uniform\.1: "2" given; expected number/,
    ],
    [
      "bounds the wrong way round",
      sweepOf({ fields: { "optimizer.gamma": { uniform: [2, 1] } } }),
      /uniform: \[2,1\] given; expected the lower bound first/,
    ],
    ["seeds without a count", sweepOf({ seeds: { from: 1 } }), /runs\.0\.seeds\.count: nothing given; expected number/],
    [
      "neither organisms nor recipes",
      { ...sweepOf(), runs: [{ seeds: [1] }] },
      /runs\.0\.organisms: nothing given; expected organisms or recipes/,
    ],
    [
      "an exclusion of nothing in particular",
      sweepOf({ exclude: [{}] }),
      /runs\.0\.exclude\.0: \{\} given; expected at least one field/,
    ],
    ["a function", { ...sweepOf(), description: () => "late" }, /description is a function; expected JSON/],
    ["a date", { ...sweepOf(), description: new Date(0) }, /description is a Date; expected a plain object/],
    ["a number that is none", sweepOf({ seeds: [Number.NaN] }), /runs\.0\.seeds\.0 is NaN; expected a finite number/],
    ["a field that changes what objects are", JSON.parse('{"__proto__": {"x": 1}}'), /it has a field "__proto__"/],
  ])("%s is named, with what was given and what is expected", (_, given, message) => {
    expect(refusal(given)).toMatch(message);
  });

  it("are at most eight at a time", () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`unknown${i}`, i]));
    expect(refusal({ ...sweepOf(), ...many })).toMatch(/; and 12 more\. Correct it/);
  });

  it("of files that hold themselves or lie too deep are found before anything recurses into them", () => {
    const loop: Record<string, unknown> = sweepOf();
    loop.runs = [loop];
    expect(refusal(loop)).toMatch(/lies more than 40 levels deep/);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(refusal(sweepOf({ fields: { encoder: deep } }))).toMatch(/lies more than 40 levels deep/);
  });
});

describe("the published schema", () => {
  const validate = new Ajv2020({ strict: false }).compile(z.toJSONSchema(sweepFileSchema));

  it("accepts what is read", () => {
    fc.assert(
      fc.property(fc.oneof(gridFile, randomFile), (file) => {
        parseSweepFile(file, "test");
        expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses a mistyped field and a wrong value", () => {
    expect(validate(sweepOf({ organism: ["A"] }))).toBe(false);
    expect(validate(sweepOf({ seeds: [-1] }))).toBe(false);
  });
});

// ── Mutations ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const { seed: _, ...ownRecipe } = organisms.find(({ id }) => id === "corner/aligned")!.recipe({ preset: "quick", seed: 0 });

const wholeFiles: readonly unknown[] = [
  sweepOf(
    {
      networks: ["mlp", "gru"],
      parameters: { size: [5] },
      fields: { "optimizer.learningRate": [0.001, 0.002], "network.hidden": [[8], [16]] },
      seeds: { from: 1, count: 3 },
      exclude: [{ organisms: ["corner/aligned"], seeds: [2] }],
    },
    { priority: 10, audits: [{ levels: 4, seed: 0 }], measure: [{ points: { cornerSize: [1, 3] }, levels: 8, seed: 1 }] },
  ),
  sweepOf(
    {
      fields: {
        "optimizer.learningRate": { logUniform: [1e-4, 1e-2] },
        "optimizer.updateEpochs": { integers: [1, 4] },
        "optimizer.gamma": { uniform: [0.9, 0.99] },
        encoder: { choice: ["egocentric", "compass"] },
      },
    },
    { method: { random: { runs: 4, seed: 2 } } },
  ),
  { ...sweepOf(), runs: [{ recipes: [ownRecipe], seeds: [1, 2] }] },
];

interface Mutation {
  readonly place: number;
  readonly what: "remove" | "replace" | "rename" | "repeat" | "move" | "letter";
  readonly value: unknown;
}

const strange = fc.oneof(
  fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as unknown),
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1.5,
    1e308,
    -1e308,
    2 ** 53,
    "",
    "*",
    "__proto__",
    "constructor",
    "x".repeat(1000),
    [],
    {},
    [[]],
    true,
  ),
  fc.constantFrom<unknown>(
    "corner/*",
    "**********************a",
    "dish",
    "seed",
    "network",
    "es",
    "cma-es",
    { uniform: [0, 1] },
    [1, 2, 3],
  ),
  fc.double(),
  fc.integer(),
);

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  what: fc.constantFrom("remove", "replace", "rename", "repeat", "move", "letter"),
  value: strange,
});

/** Every object and list in `value`, with each of its keys. */
function placesIn(value: unknown): readonly (readonly [object, string])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[value, key] as const, ...placesIn(inner)]);
}

function mutate(json: unknown, { place, what, value }: Mutation): void {
  const places = placesIn(json);
  if (places.length === 0) return;
  const [holder, key] = places[place % places.length]!;
  const old: unknown = Reflect.get(holder, key);
  const [otherHolder, otherKey] = places[(place * 31) % places.length]!;
  const put = (name: string, given: unknown) =>
    Object.defineProperty(holder, name, { value: given, enumerable: true, configurable: true, writable: true });
  switch (what) {
    case "remove":
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      return;
    case "replace":
      put(key, value);
      return;
    case "rename":
      if (Array.isArray(holder)) return;
      Reflect.deleteProperty(holder, key);
      put(typeof value === "string" ? value : `${key}s`, old);
      return;
    case "repeat":
      if (Array.isArray(holder)) holder.push(...structuredClone(holder));
      return;
    case "move":
      put(key, structuredClone(Reflect.get(otherHolder, otherKey)));
      return;
    case "letter":
      if (typeof old === "string" && old.length > 0) {
        const at = place % old.length;
        put(key, `${old.slice(0, at)}${String.fromCharCode(33 + (place % 90))}${old.slice(at + 1)}`);
      } else if (typeof old === "number") put(key, old * 10 ** ((place % 13) - 6));
      return;
    default:
      what satisfies never;
  }
}

describe("1,000 mutated sweep files", () => {
  it("are each read and expanded to valid jobs, or refused with a clear error", () => {
    let [read, refused] = [0, 0];
    fc.assert(
      fc.property(fc.nat(wholeFiles.length - 1), fc.array(mutation, { minLength: 1, maxLength: 4 }), (which, mutations) => {
        const json: unknown = structuredClone(wholeFiles[which]);
        for (const each of mutations) mutate(json, each);
        try {
          const { jobs } = expandSweep(parseSweepFile(json, "mutated.yaml"), code);
          for (const job of jobs.slice(0, 20)) expect(jobSpecSchema.safeParse(job).success).toBe(true);
          read++;
        } catch (error) {
          if (!(error instanceof MesascopeError)) throw error;
          expect(error.code).toBe("usage");
          expect(error.message.length).toBeGreaterThan(30);
          expect(error.message).not.toMatch(/undefined|\[object Object\]/);
          refused++;
        }
      }),
      { numRuns: 1000 },
    );
    // Both happen, or the mutations are too weak or too strong to show anything.
    expect(read).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(300);
  });
});
