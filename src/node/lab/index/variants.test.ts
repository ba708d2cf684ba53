import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { parseRunFilter } from "../../../lab/run-filter.ts";
import { expandSweep } from "../../../lab/sweep/expand-sweep.ts";
import { sweepOf } from "../../../lab/sweep/sweep.fixture.ts";
import { parseSweepFile } from "../../../lab/sweep/sweep-file.ts";
import { code, type Databases, openTestLab, startDatabases, type TestLab } from "../lab.fixture.ts";
import { filterSql } from "./filter-sql.ts";

let databases: Databases;
let at: TestLab;

beforeAll(async () => {
  databases = await startDatabases("pglite");
});
afterEach(() => at.close());
afterAll(() => databases.stop());

const rates = [1e-3, 2e-3];

const auditedRates = sweepOf(
  {
    organisms: ["corner/aligned"],
    networks: ["mlp", "gru"],
    fields: { "optimizer.learningRate": rates, "optimizer.gamma": [0.9] },
  },
  { audits: [{ levels: 4, seed: 1 }] },
);

function jobsOf(file: Record<string, unknown>) {
  return expandSweep(parseSweepFile(file, "test"), code).jobs;
}

/** Runs of one name with these fields of their optimizer, each with seeds 1 and 2. */
async function accept(sweep: string, fields: Readonly<Record<string, readonly number[]>>): Promise<void> {
  const paths = Object.entries(fields).map(([name, values]) => [`optimizer.${name}`, values]);
  const jobs = jobsOf(sweepOf({ organisms: ["corner/aligned"], fields: Object.fromEntries(paths) }));
  await at.lab.accept({ sweep, priority: 50, jobs });
}

/** Fields that each job is told apart by, in lists of so many. */
async function pathsInPages(limit: number): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  for (let offset = 0; ; offset += limit) {
    const { rows } = await at.lab.jobs({ limit, offset });
    if (rows.length === 0) return paths;
    for (const { variant } of rows) paths.add(Object.keys(variant).join(" "));
  }
}

it("jobs of one name are told apart by the fields of their recipes that differ, audits by those of their runs", async () => {
  at = await openTestLab(databases);
  await at.lab.accept({ sweep: "test", priority: 50, jobs: jobsOf(auditedRates) });
  const { rows } = await at.lab.jobs();
  expect(rows).toHaveLength(16);
  const paths = new Set(rows.map(({ variant }) => Object.keys(variant).join(" ")));
  // The network and the seed have columns of their own; gamma is the same everywhere.
  expect([...paths]).toEqual(["optimizer.learningRate"]);
  for (const { key, run, variant } of rows) {
    const spec = (await at.lab.job(run ?? key))!.spec;
    expect(variant["optimizer.learningRate"]).toBe(
      spec.kind === "train" && "learningRate" in spec.recipe.optimizer && spec.recipe.optimizer.learningRate,
    );
  }
});

it("a job is told apart from the lab's, whatever list it stands in, and by itself", async () => {
  at = await openTestLab(databases);
  await at.lab.accept({ sweep: "test", priority: 50, jobs: jobsOf(auditedRates) });
  const { rows } = await at.lab.jobs();
  for (const [offset, { key, variant }] of rows.entries()) {
    expect((await at.lab.jobs({ limit: 1, offset })).rows[0]!.variant).toEqual(variant);
    expect(await at.lab.variantOf(key)).toEqual(variant);
  }
  const seeds = await at.lab.jobs({ where: filterSql(parseRunFilter("config.optimizer.learningRate:0.001")) });
  expect(new Set(seeds.rows.map(({ variant }) => variant["optimizer.learningRate"]))).toEqual(new Set([1e-3]));
  expect(await at.lab.variantOf("0".repeat(64))).toEqual({});
});

it("the oldest and the newest configurations of a name stand for many, and one between them still tells what is its own", async () => {
  at = await openTestLab(databases);
  const six = [1, 2, 3, 4, 5, 6];
  await accept("first", { learningRate: six.map((i) => i / 1000) });
  await accept("between", { learningRate: [1e-3], gamma: [0.9] });
  expect(await pathsInPages(4)).toEqual(new Set(["optimizer.gamma optimizer.learningRate"]));
  await accept("last", { learningRate: six.map((i) => i / 900) });
  expect(await pathsInPages(4)).toEqual(new Set(["optimizer.learningRate", "optimizer.gamma optimizer.learningRate"]));
  const between = await at.lab.jobs({ where: filterSql(parseRunFilter("sweep:between")) });
  expect(between.rows.map(({ variant }) => variant)).toEqual(
    [1, 2].map(() => ({ "optimizer.gamma": 0.9, "optimizer.learningRate": 1e-3 })),
  );
});
