import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { expandSweep } from "../../../lab/sweep/expand-sweep.ts";
import { sweepOf } from "../../../lab/sweep/sweep.fixture.ts";
import { parseSweepFile } from "../../../lab/sweep/sweep-file.ts";
import { code, type Databases, openTestLab, startDatabases, type TestLab } from "../lab.fixture.ts";

let databases: Databases;
let at: TestLab;

beforeAll(async () => {
  databases = await startDatabases("pglite");
});
afterEach(() => at.close());
afterAll(() => databases.stop());

const rates = [1e-3, 2e-3];

it("jobs of one name are told apart by the fields of their recipes that differ, audits by those of their runs", async () => {
  at = await openTestLab(databases);
  const file = sweepOf(
    {
      organisms: ["corner/aligned"],
      networks: ["mlp", "gru"],
      fields: { "optimizer.learningRate": rates, "optimizer.gamma": [0.9] },
    },
    { audits: [{ levels: 4, seed: 1 }] },
  );
  const { jobs } = expandSweep(parseSweepFile(file, "test"), code);
  await at.lab.accept({ sweep: "test", priority: 50, jobs });
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
  const oneName = await at.lab.jobs({ limit: 1 });
  expect(oneName.rows[0]!.variant).toEqual({});
  // By itself a job is told apart from the others of the lab.
  for (const { key, variant } of rows) expect(await at.lab.variantOf(key)).toEqual(variant);
  expect(await at.lab.variantOf("0".repeat(64))).toEqual({});
});
