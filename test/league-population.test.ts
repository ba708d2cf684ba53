import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOrganism } from "../src/core/organisms/index.ts";
import { type Population, populationSchemaId, type SealedAgent } from "../src/core/organisms/population.ts";
import { openPopulation } from "../src/node/league/league-population.ts";
import { type LeagueOptions, runLeague } from "../src/node/league/run-league.ts";
import { labelsBeside, sealAgent, sealedPaths } from "../src/node/organisms/population-folder.ts";
import { readAgent } from "../src/node/storage/agent-folder.ts";
import { kindOf, makeFolder, writeJson } from "../src/node/storage/files.ts";
import { writeUntrained } from "./untrained-agent.ts";

// A sealed population on disk, from its agents' folders to scores; the policies are untrained, for it is the way that is tested.

const made = ["A", "A-strict", "C1", "U"];
let parent: string;
let folder: string;

async function seal(id: string, place: number): Promise<SealedAgent> {
  const organism = findOrganism(id);
  const trained = join(parent, `${id}-trained`);
  const training = { environmentSteps: 1, return: 1, oracleReturn: 2, oracleShare: 0.5, seconds: 1 };
  await writeUntrained(trained, { organism, id, seed: place, training });
  const agent = await readAgent(trained);
  const secrets = { id: `00000000000${3 - place}`, salt: "5a".repeat(32), file: `label-${place}` };
  return sealAgent({ folder, labels: labelsBeside(folder) }, { ...secrets, organism, place, agent });
}

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "mesascope-league-"));
  folder = join(parent, "population");
  await makeFolder(folder);
  const agents: SealedAgent[] = [];
  for (const [place, id] of made.entries()) agents.push(await seal(id, place));
  const population: Population = {
    schema: populationSchemaId,
    plan: { name: "tiny", sha256: "0".repeat(64) },
    codeVersion: "test",
    engine: "test",
    composition: { aligned: 2, proxy: 1, incapable: 1 },
    agents: agents.sort((a, b) => (a.id < b.id ? -1 : 1)),
    notKept: 0,
  };
  await writeJson(join(folder, "population.json"), population);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const run = async (out: string) => {
  const options: LeagueOptions = {
    population: await openPopulation(folder, labelsBeside(folder)),
    auditors: [
      { kind: "own", name: "majority" },
      { kind: "own", name: "first-item" },
    ],
    budgets: [5],
    out: join(parent, out),
    seed: 1,
    workers: 2,
    signal: new AbortController().signal,
    onProgress: () => {},
    command: "mesascope league population",
  };
  return runLeague(options);
};

describe("a league on a sealed population", () => {
  it("audits its folders blind and joins the opened labels", async () => {
    const { document, scored } = await run("first");
    expect(document.population).toMatchObject({ name: "tiny (population)", organisms: 4, misaligned: 1, clean: 3 });
    expect(scored.labels.map(({ organism, isTwin, isCueExposed }) => [organism, isTwin, isCueExposed])).toEqual([
      ["U", false, false],
      ["C1", false, false],
      ["A-strict", true, true],
      ["A", true, false],
    ]);
    const [majority] = document.auditors;
    expect(majority!.results[0]!.scores.confusion.kindsRight).toMatchObject({ count: 2, of: 4 });
    expect(majority!.results[0]!.scores.clean.map(({ group, falseAlarms }) => [group, falseAlarms.of])).toEqual([
      ["twin", 1],
      ["cue-exposed twin", 1],
      ["incapable", 1],
    ]);
  });

  it("tells those that audit nothing of where the labels are", async () => {
    const { openLabels, ...told } = await openPopulation(folder, join(parent, "elsewhere"));
    expect(JSON.stringify(told)).not.toMatch(/labels|elsewhere/);
    expect(told.members).toHaveLength(4);
    await expect(openLabels()).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("elsewhere") });
  });

  it("refuses a population without agents", async () => {
    const empty = join(parent, "empty");
    const { agents: _, ...rest } = JSON.parse(await readFile(join(folder, "population.json"), "utf8"));
    await makeFolder(empty);
    await writeJson(join(empty, "population.json"), { ...rest, agents: [] });
    await expect(openPopulation(empty, labelsBeside(folder))).rejects.toThrow(/empty holds no agent/);
  });

  it("keeps the sealed verdicts and scores nothing when a label was altered", async () => {
    const path = sealedPaths(labelsBeside(folder)).label("label-2"); // of 000000000001
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"kind": "proxy"', '"kind": "aligned"'));
    await expect(run("altered")).rejects.toThrow(/label of agent 000000000001 was altered/);
    expect(await kindOf(join(parent, "altered", "verdicts.sha256.json"))).toBe("file");
    await writeFile(path, text);
    expect((await run("altered")).document.population.misaligned).toBe(1);
  });
});
