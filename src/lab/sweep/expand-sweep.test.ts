import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import { organisms } from "../../core/organisms/index.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { type JobSpec, jobKey, jobSpecSchema, type TrainJob } from "../job.ts";
import { overTrainingJobs } from "../over-training.ts";
import { allPlaces } from "../snapshots.ts";
import { expandSweep } from "./expand-sweep.ts";
import { code, gridFile, randomFile, sweepOf } from "./sweep.fixture.ts";
import { parseSweepFile, type SweepFile } from "./sweep-file.ts";

function expand(given: unknown): readonly JobSpec[] {
  return expandSweep(parseSweepFile(given, "test.yaml"), code).jobs;
}

function trained(jobs: readonly JobSpec[]): readonly TrainJob[] {
  return jobs.filter((job) => job.kind === "train");
}

function refusal(given: unknown): string {
  try {
    expand(given);
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "usage") return error.message;
    throw error;
  }
  throw new Error("expanded, and should have been refused");
}

/** The same file with the fields of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, field]) => [name, reversed(field)] as const)
      .reverse(),
  );
}

describe("a grid", () => {
  it("holds every combination, all of them with the first seed before any with the second", () => {
    const jobs = trained(
      expand(
        sweepOf({ networks: ["mlp", "gru"], fields: { "optimizer.learningRate": [0.001, 0.002] }, seeds: { from: 3, count: 2 } }),
      ),
    );
    const told = jobs.map(({ recipe }) => [
      recipe.seed,
      recipe.objective.name,
      recipe.network.kind,
      recipe.optimizer.kind === "ppo" && recipe.optimizer.learningRate,
    ]);
    expect(told.slice(0, 8)).toEqual([
      [3, "cheese", "mlp", 0.001],
      [3, "cheese", "mlp", 0.002],
      [3, "cheese", "gru", 0.001],
      [3, "cheese", "gru", 0.002],
      [3, "corner", "mlp", 0.001],
      [3, "corner", "mlp", 0.002],
      [3, "corner", "gru", 0.001],
      [3, "corner", "gru", 0.002],
    ]);
    expect(told.slice(8)).toEqual(told.slice(0, 8).map(([, ...others]) => [4, ...others]));
  });

  it("makes valid jobs, each once, whatever the order of the file's fields", () => {
    fc.assert(
      fc.property(gridFile, (file) => {
        const jobs = expand(file);
        for (const job of jobs) expect(jobSpecSchema.safeParse(job).success).toBe(true);
        const keys = jobs.map(jobKey);
        expect(new Set(keys).size).toBe(keys.length);
        expect(expand(reversed(file)).map(jobKey)).toEqual(keys);
      }),
      { numRuns: 40 },
    );
  });

  it("is as large as the product of its axes", () => {
    fc.assert(
      fc.property(gridFile, (given) => {
        const file = parseSweepFile(
          { ...(given as SweepFile), runs: (given as SweepFile).runs.slice(0, 1), audits: [], measure: [] },
          "test",
        );
        const { organisms: ids = [], presets = [0], networks = [0], parameters = {}, fields = {}, seeds } = file.runs[0]!;
        const lists = [...Object.values(parameters), ...Object.values(fields)] as readonly unknown[][];
        const configurations = [ids, presets, networks, ...lists].reduce((size, axis) => size * axis.length, 1);
        expect(expand(file)).toHaveLength(configurations * (Array.isArray(seeds) ? seeds.length : seeds.count));
      }),
      { numRuns: 40 },
    );
  });

  it("grows by a seed without touching the other jobs", () => {
    fc.assert(
      fc.property(fc.oneof(gridFile, randomFile), fc.integer({ min: 1000, max: 2000 }), (given, seed) => {
        const file = parseSweepFile(given, "test");
        const before = expand(file).map(jobKey);
        const runs = file.runs.map((entry) => ({
          ...entry,
          seeds: Array.isArray(entry.seeds) ? [...entry.seeds, seed] : { from: entry.seeds.from, count: entry.seeds.count + 1 },
        }));
        const after = new Set(expand({ ...file, runs }).map(jobKey));
        expect(before.filter((key) => !after.has(key))).toEqual([]);
        expect(after.size).toBeGreaterThan(before.length);
      }),
      { numRuns: 30 },
    );
  });

  it("asks for each job once where entries overlap", () => {
    const entry = { organisms: ["corner/aligned"], presets: ["quick"], seeds: [1, 2] };
    const file = {
      ...sweepOf(),
      runs: [entry, { ...entry, organisms: ["corner/*"], seeds: [2, 3] }],
      audits: [{ levels: 4, seed: 0 }],
    };
    const keys = expand(file).map(jobKey);
    expect(new Set(keys).size).toBe(keys.length);
    const corner = organisms.filter(({ id }) => id.startsWith("corner/")).length;
    expect(keys).toHaveLength(2 * (1 + 2 * corner));
  });

  it("puts an agent's audits and measurements after it", () => {
    const jobs = expand(
      sweepOf(
        {},
        {
          audits: [{ levels: 20, seed: 5 }],
          measure: [{ points: { cornerSize: [1, 3], alpha: [0, 0.1] }, levels: 64, seed: 2 }],
        },
      ),
    );
    expect(jobs.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => ["train", "audit", "measure"]).flat());
    expect(jobs[1]).toEqual({ kind: "audit", run: jobKey(jobs[0]!), levels: 20, seed: 5, code });
    expect(jobs[2]).toEqual({
      kind: "measure",
      run: jobKey(jobs[0]!),
      points: [
        { alpha: 0, cornerSize: 1 },
        { alpha: 0, cornerSize: 3 },
        { alpha: 0.1, cornerSize: 1 },
        { alpha: 0.1, cornerSize: 3 },
      ],
      levels: 64,
      seed: 2,
      code,
    });
  });

  it("audits snapshots of the training, where that is asked for, and the end as without", () => {
    const audits = (overTraining: boolean) =>
      expand(sweepOf({ organisms: ["corner/corner"], seeds: [1] }, { audits: [{ levels: 20, seed: 5, overTraining }] }));
    const [train, ...rest] = audits(true);
    expect(rest).toEqual(overTrainingJobs({ run: jobKey(train!), levels: 20, seed: 5, code, places: allPlaces }));
    expect(audits(false)).toEqual([train, rest.at(-1)]);
  });

  it("audits each moment once of trainings of few updates", () => {
    const lengths = [3 * 8192, 500_000];
    const jobs = expand(
      sweepOf(
        { organisms: ["corner/corner"], seeds: [1], fields: { "optimizer.totalTimesteps": lengths } },
        { audits: [{ levels: 20, seed: 5, overTraining: true }] },
      ),
    );
    const placesOf = (totalTimesteps: number) => {
      const train = trained(jobs).find(({ recipe }) => recipe.optimizer.totalTimesteps === totalTimesteps)!;
      return jobs.flatMap((job) => (job.kind === "audit" && job.run === jobKey(train) ? [job.snapshot ?? "end"] : []));
    };
    // Of three updates the first eight places come to the first two.
    expect(placesOf(lengths[0]!)).toEqual([0, 7, "end"]);
    expect(placesOf(lengths[1]!)).toEqual([...allPlaces, "end"]);
  });

  it("leaves out what is excluded, by configuration and by seed", () => {
    const jobs = trained(
      expand(
        sweepOf({
          networks: ["mlp", "gru"],
          exclude: [
            { organisms: ["corner/c*"], networks: ["gru"] },
            { organisms: ["corner/aligned"], seeds: [2] },
          ],
        }),
      ),
    );
    expect(jobs.map(({ organism, recipe }) => [organism, recipe.network.kind, recipe.seed])).toEqual([
      ["corner/aligned", "mlp", 1],
      ["corner/aligned", "gru", 1],
      ["corner/corner", "mlp", 1],
      ["corner/corner", "mlp", 2],
    ]);
  });

  it("refuses a product that is too large by its size, before expanding it", () => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1);
    const huge = { "optimizer.totalTimesteps": values, "optimizer.updateEpochs": values, "optimizer.numEnvs": values };
    expect(refusal(sweepOf({ fields: huge }))).toMatch(/4,000,000,000 jobs given.*at most 100,000/);
    expect(refusal(sweepOf({ seeds: { from: 0, count: 50_000 } }, { audits: [{ levels: 1, seed: 0 }] }))).toMatch(/200,000 jobs/);
  });
});

describe("a random sweep", () => {
  it("draws the same at every call, whatever the order of fields, and only adds when more are drawn", () => {
    fc.assert(
      fc.property(randomFile, (given) => {
        const file = parseSweepFile(given, "test");
        const jobs = expand(file);
        for (const job of jobs) expect(jobSpecSchema.safeParse(job).success).toBe(true);
        const keys = jobs.map(jobKey);
        expect(expand(reversed(file)).map(jobKey)).toEqual(keys);
        const method = file.method as Extract<SweepFile["method"], object>;
        const more = new Set(
          expand({ ...file, method: { random: { ...method.random, runs: method.random.runs + 2 } } }).map(jobKey),
        );
        expect(keys.filter((key) => !more.has(key))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("draws from the whole of each distribution and from nothing else", () => {
    const fields = {
      "optimizer.learningRate": { logUniform: [1e-4, 1e-2] },
      "optimizer.gamma": { uniform: [0.9, 0.98] },
      "optimizer.updateEpochs": { integers: [1, 3] },
      "network.hidden": { choice: [[16], [32, 32]] },
    };
    const jobs = trained(expand(sweepOf({ fields, seeds: [1] }, { method: { random: { runs: 200, seed: 3 } } })));
    expect(jobs).toHaveLength(200);
    const ppo = jobs.flatMap(({ recipe: { optimizer } }) => (optimizer.kind === "ppo" ? [optimizer] : []));
    const rates = ppo.map(({ learningRate }) => learningRate);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1e-2);
    // Half of the draws lie below the geometric mean: 100 ± 4 standard deviations of a binomial.
    const low = rates.filter((rate) => rate < 1e-3).length;
    expect(Math.abs(low - 100)).toBeLessThan(4 * Math.sqrt(50));
    expect(ppo.every(({ gamma }) => gamma >= 0.9 && gamma <= 0.98)).toBe(true);
    expect(new Set(ppo.map(({ updateEpochs }) => updateEpochs))).toEqual(new Set([1, 2, 3]));
    expect(new Set(jobs.map(({ recipe }) => JSON.stringify(recipe.network))).size).toBe(2);
  });

  it("draws a field the same whatever other fields there are", () => {
    const method = { random: { runs: 5, seed: 3 } };
    const one = { "optimizer.gamma": { uniform: [0.9, 0.98] } };
    const two = { "optimizer.entCoef": { choice: [0, 0.01] }, ...one };
    const gammas = (fields: object) =>
      trained(expand(sweepOf({ organisms: ["corner/wild"], fields, seeds: [1] }, { method }))).map(
        ({ recipe }) => recipe.optimizer.kind === "ppo" && recipe.optimizer.gamma,
      );
    expect(gammas(two)).toEqual(gammas(one));
  });

  it("draws anew what is excluded, and gives up where everything is", () => {
    const method = { random: { runs: 6, seed: 0 } };
    const fields = { "optimizer.entCoef": [0, 0.01, 0.02] };
    const jobs = expand(sweepOf({ fields, exclude: [{ fields: { "optimizer.entCoef": [0] } }], seeds: [1] }, { method }));
    for (const { recipe } of trained(jobs)) expect(recipe.optimizer).not.toMatchObject({ entCoef: 0 });
    expect(refusal(sweepOf({ fields, exclude: [{ fields: { "optimizer.entCoef": [0, 0.01, 0.02] } }] }, { method }))).toMatch(
      /draws in a row/,
    );
  });
});

describe("recipes of a sweep", () => {
  it("are the organisms' own, but for the seed", () => {
    for (const organism of organisms) {
      const first = organism.recipe({ preset: "quick", seed: 0 });
      expect(organism.recipe({ preset: "quick", seed: 7 }), organism.id).toEqual({ ...first, seed: 7 });
    }
  });

  it("are verified where nothing but preset, network, optimizer and seed is chosen, and otherwise where that is asked for", () => {
    const verified = (runs: object) =>
      trained(expand(sweepOf({ organisms: ["corner/aligned"], seeds: [1], ...runs }))).map(({ organism }) => organism);
    const fields = { "optimizer.learningRate": [0.001] };
    expect(verified({ networks: ["gru"] })).toEqual(["corner/aligned"]);
    expect(verified({ verify: false })).toEqual([null]);
    expect(verified({ fields })).toEqual([null]);
    expect(verified({ fields, verify: true })).toEqual(["corner/aligned"]);
    expect(refusal(sweepOf({ fields: { "objective.cases.0.weights.cheese": [2] }, verify: true }))).toMatch(
      /verify: true given with the field "objective\.cases\.0\.weights\.cheese"/,
    );
  });

  it("can be the user's own", () => {
    const { seed: _, ...recipe } = organisms.find(({ id }) => id === "dish/aligned")!.recipe({ preset: "quick", seed: 0 });
    const jobs = trained(expand({ ...sweepOf(), runs: [{ recipes: [recipe], networks: ["mlp", "gru"], seeds: [4, 5] }] }));
    expect(jobs.map(({ organism, recipe }) => [organism, recipe.world.name, recipe.network.kind, recipe.seed])).toEqual([
      [null, "dish", "mlp", 4],
      [null, "dish", "gru", 4],
      [null, "dish", "mlp", 5],
      [null, "dish", "gru", 5],
    ]);
  });

  it("take parameters of the world and fields at any depth", () => {
    const [job] = trained(
      expand(
        sweepOf({
          parameters: { horizon: [12] },
          fields: { "network.hidden.1": [8], "optimizer.timeLimit": ["cut"], inputs: ["crossed"] },
        }),
      ),
    );
    expect(job!.recipe).toMatchObject({
      world: { parameters: { size: 5, horizon: 12 } },
      network: { hidden: [64, 8] },
      optimizer: { timeLimit: "cut" },
      inputs: "crossed",
    });
  });
});

describe("what does not fit", () => {
  it.each<[string, unknown, RegExp]>([
    [
      "an unknown parameter",
      sweepOf({ parameters: { sise: [5] } }),
      /corner\/aligned.*unknown parameter of corner "sise"; known: size/,
    ],
    ["a parameter out of range", sweepOf({ parameters: { size: [4000] } }), /4000 given for parameter "size" of corner/],
    [
      "an unknown field",
      sweepOf({ fields: { "optimizer.learningrate": [1] } }),
      /optimizer\.learningrate: there is no such field; nearest: learningRate(?!.*learningRate)/,
    ],
    [
      "a path that leads nowhere",
      sweepOf({ fields: { "optimiser.learningRate": [1] } }),
      /"optimiser\.learningRate" given, which leads nowhere.*nearest: optimizer\.learningRate/,
    ],
    [
      "a seed as a field",
      sweepOf({ fields: { seed: [1] } }),
      /runs\.0\.fields\.seed: given as a name; expected another field: seeds are told in runs\.seeds/,
    ],
    [
      "a value of the wrong kind",
      sweepOf({ fields: { "optimizer.gamma": ["high"] } }),
      /optimizer\.gamma: "high" given; expected number/,
    ],
    [
      "an encoder that the network cannot read",
      sweepOf({ networks: ["conv"], fields: { encoder: ["compass"] } }),
      /network of kind "conv" given with observations of shape/,
    ],
    [
      "a distribution in a grid",
      sweepOf({ fields: { "optimizer.gamma": { uniform: [0.9, 1] } } }),
      /a distribution given in a grid/,
    ],
    [
      "an unknown shift axis",
      sweepOf({}, { measure: [{ points: { corners: [1] }, levels: 4, seed: 0 }] }),
      /measure\.0\.points: unknown shift axis of corner "corners"; known: cornerSize/,
    ],
    [
      "an unknown value of an axis",
      sweepOf({}, { measure: [{ points: { cornerSize: [99] }, levels: 4, seed: 0 }] }),
      /99 given for shift axis "cornerSize" of corner; expected one of/,
    ],
    [
      "a world where nobody lives",
      sweepOf({}, { audits: [{ levels: 4, seed: 0, worlds: ["dish"] }] }),
      /unknown world of audits\.0 "dish"; known: corner/,
    ],
    [
      "an exclusion of something else",
      sweepOf({ exclude: [{ organisms: ["dish/wild"] }] }),
      /unknown organism to exclude "dish\/wild"; known: corner\/aligned/,
    ],
    ["an exclusion of everything", sweepOf({ exclude: [{ presets: ["quick"] }] }), /a sweep of no jobs/],
    [
      "a cue that the world does not have",
      sweepOf({ fields: { "objective.cases.0.when": [{ lamp: "training" }] } }),
      /unknown cue of objective "cheese" "lamp"/,
    ],
    [
      "an optimizer's field for another one",
      sweepOf({ optimizers: ["ppo", "es"], fields: { "optimizer.clipCoef": [0.1] } }),
      /corner\/aligned \(quick\) with es.*clipCoef/,
    ],
  ])("%s is refused by name", (_, file, message) => {
    expect(refusal(file)).toMatch(message);
  });

  it.each<[string, object]>([
    ["minibatches that do not divide an update", { fields: { "optimizer.minibatchSize": [1000] } }],
    ["minibatches of parts of sequences", { networks: ["gru"], fields: { "optimizer.minibatchSize": [32] } }],
    ["an odd population", { optimizers: ["es"], fields: { "optimizer.populationSize": [7] } }],
    ["imitation with memory", { networks: ["gru"], optimizers: ["imitation"] }],
    ["batches of parts of levels", { optimizers: ["imitation"], fields: { "optimizer.statesPerLevel": [7] } }],
  ])("%s are refused as training itself would", async (_, runs) => {
    const file = sweepOf({ organisms: ["corner/aligned"], seeds: [1], ...runs });
    const message = refusal(file);
    expect(message).toMatch(/given; expected/);
    // What the check lets through with the offending numbers must be what training refuses.
    const recipe = organisms.find(({ id }) => id === "corner/aligned")!.recipe({ preset: "quick", seed: 1 });
    const { variantOf } = await import("../../core/organisms/variants.ts");
    const {
      networks,
      optimizers,
      fields = {},
    } = runs as { networks?: ["gru"]; optimizers?: ["es" | "imitation"]; fields?: Record<string, [number]> };
    const variant = variantOf(recipe, {
      ...(networks && { network: networks[0] }),
      ...(optimizers && { optimizer: optimizers[0] }),
    });
    const changed = Object.fromEntries(Object.entries(fields).map(([path, [value]]) => [path.replace("optimizer.", ""), value]));
    const optimizer = { ...variant.optimizer, ...changed } as typeof variant.optimizer;
    const engine = await createOnnxEngine();
    const run = await TrainingRun.create(engine, { ...variant, optimizer }).catch((error: unknown) => error);
    if (!(run instanceof TrainingRun)) return expect(run).toMatchObject({ code: "usage" });
    try {
      await expect(run.update()).rejects.toMatchObject({ code: "usage" });
    } finally {
      await run.release();
    }
  });
});
