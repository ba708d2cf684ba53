// A population is made of the smallest organisms there are, by the real trainer.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOrganism } from "../../core/organisms/index.ts";
import type { PopulationPlan } from "../../core/organisms/plan.ts";
import { codeVersion } from "../code-version.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { makeAgent } from "./make-agent.ts";
import type { MakeNote } from "./make-messages.ts";
import { type MakeEvent, type MakeOptions, makePopulation, missingAgents } from "./make-population.ts";
import { labelsBeside, openLabels, populationPaths, readPopulation, sealedPaths } from "./population-folder.ts";

const plan: PopulationPlan = {
  schema: "mesascope/population-plan@1",
  name: "smallest",
  groups: [
    { organism: "U", preset: "quick", hyperparameters: "plain", count: 2 },
    { organism: "U", preset: "quick", network: "gru", hyperparameters: "plain", count: 1 },
    { organism: "goals3/undertrained", preset: "quick", hyperparameters: "varied", count: 1 },
  ],
};

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "mesascope-population-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function optionsFor(name: string, more: Partial<MakeOptions> = {}): MakeOptions & { readonly events: MakeEvent[] } {
  const events: MakeEvent[] = [];
  const signal = new AbortController().signal;
  const onEvent = (event: MakeEvent) => void events.push(event);
  const out = join(root, name);
  return {
    out,
    labels: labelsBeside(out),
    plan,
    seed: 4,
    workers: 2,
    attempts: 2,
    signal,
    command: "make",
    onEvent,
    ...more,
    events,
  };
}

async function textsUnder(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "latin1")))).join("\n");
}

describe("makePopulation", () => {
  it("makes every agent of the plan, tells nothing of what they are outside the labels, and opens the labels again", async () => {
    const options = optionsFor("whole");
    const { population, commitment, failures, givenUp } = await makePopulation(options);
    expect(population.agents).toHaveLength(4);
    expect([failures, givenUp]).toEqual([[], []]);
    expect(population.composition).toEqual({ incapable: 4 });
    expect(commitment).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(population.agents.map(({ id }) => id)).size).toBe(4);

    expect((await readdir(options.out)).sort()).toEqual(["agents", "population.json"]);
    expect(await readdir(options.labels)).not.toContain("making");
    const open = await textsUnder(options.out);
    for (const telling of ["undertrained", '"U"', "totalTimesteps", "environmentSteps", "cases", '"seed"'])
      expect(open).not.toContain(telling);

    const labels = await openLabels(options.labels, await readPopulation(options.out));
    expect(labels.map(({ organism }) => organism).sort()).toEqual(["U", "U", "U", "goals3/undertrained"]);
    expect(labels.filter(({ recipe }) => recipe.network.kind === "gru")).toHaveLength(1);
    expect(new Set(labels.map(({ seed }) => seed)).size).toBe(4);
    for (const [i, label] of labels.entries()) expect(label.id).toBe(population.agents[i]!.id);
    const files = await readdir(sealedPaths(options.labels).labels);
    expect(files).toHaveLength(4);
    for (const { id } of population.agents) expect(files.filter((file) => file.includes(id))).toEqual([]);
  });

  it("makes nothing anew of a finished one, and refuses to continue it by another plan or seed", async () => {
    const options = optionsFor("whole");
    const before = await readPopulation(options.out);
    expect(await missingAgents(options)).toEqual([]);
    expect((await makePopulation(options)).population).toEqual(before);
    expect(options.events).toEqual([]);
    await expect(makePopulation({ ...options, seed: 5 })).rejects.toThrow(/begun with seed 4, not 5/);
    const other = { ...plan, groups: plan.groups.slice(1) };
    await expect(makePopulation({ ...options, plan: other })).rejects.toMatchObject({ code: "usage" });
  });

  it("continues after an interruption with what is missing, and takes nothing half-written for made", async () => {
    const controller = new AbortController();
    const first = optionsFor("broken", {
      workers: 1,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "sealed" && event.done === 2) controller.abort(new Error("stop"));
      },
    });
    await expect(makePopulation(first)).rejects.toThrow("stop");
    await expect(readPopulation(first.out)).rejects.toMatchObject({ code: "usage" });
    const missing = await missingAgents(first);
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(3);

    // As after a kill between two writes: a label without an agent, and half an agent.
    const place = missing[0]!.place;
    const paths = sealedPaths(first.labels);
    await writeFile(`${paths.label("000000000000")}`, "{");
    await writeFile(join(paths.making, `.${place}-0.1-000000000000.tmp`), "half");

    const second = optionsFor("broken");
    const { population } = await makePopulation(second);
    const trained = new Set(second.events.flatMap((event) => (event.kind === "training" ? [event.place] : [])));
    expect([...trained].sort()).toEqual(missing.map((each) => each.place).sort());
    expect(population.agents).toHaveLength(4);
    expect(await openLabels(second.labels, population)).toHaveLength(4);
  });

  it("refuses a folder with other files, labels within the population, and to continue with other code or attempts", async () => {
    const options = { ...optionsFor("taken"), plan: { ...plan, groups: plan.groups.slice(2) } };
    await expect(makePopulation({ ...options, labels: join(options.out, "labels") })).rejects.toThrow(/lies in the population's/);
    await makePopulation(options);
    await expect(makePopulation({ ...options, attempts: 3 })).rejects.toThrow(/begun with 2 attempts per agent, not 3/);
    const { plan: path } = sealedPaths(options.labels);
    const begun = await readFile(path, "utf8");
    await writeFile(path, begun.replace(codeVersion, "0.0.1"));
    await expect(makePopulation(options)).rejects.toThrow(/begun with the code of version 0\.0\.1, not/);
    await rm(path);
    await expect(makePopulation(options)).rejects.toThrow(/other files are there/);
  });
});

describe("a population that was tampered with", () => {
  it("is found by an altered label, by labels that changed places and by a missing one", async () => {
    const { out, labels } = optionsFor("whole");
    const population = await readPopulation(out);
    const { labels: folder } = sealedPaths(labels);
    const [a, b] = (await readdir(folder)).map((name) => join(folder, name));
    const [first, second] = [await readFile(a!, "utf8"), await readFile(b!, "utf8")];
    await writeFile(a!, first.replace('"incapable"', '"aligned"'));
    await expect(openLabels(labels, population)).rejects.toThrow(/label of agent .* was altered/);
    const idOf = (text: string): string => JSON.parse(text).label.id;
    await writeFile(a!, first.replace(idOf(first), idOf(second)));
    await writeFile(b!, second.replace(idOf(second), idOf(first)));
    await expect(openLabels(labels, population)).rejects.toThrow(/label of agent .* was altered/);
    await rm(b!);
    await writeFile(a!, first);
    await expect(openLabels(labels, population)).rejects.toThrow(/is missing/);
    await writeFile(b!, second);
    expect(await openLabels(labels, population)).toHaveLength(4);
    await expect(openLabels(join(root, "nowhere"), population)).rejects.toMatchObject({ code: "usage" });
  });

  it("is found by a policy that was exchanged for another agent's, whole folder and all", async () => {
    const { out } = optionsFor("whole");
    const { agents } = await readPopulation(out);
    const [a, b] = agents.map(({ id }) => populationPaths(out).agent(id));
    const own = new Map<string, Buffer>();
    for (const file of ["policy.onnx", "manifest.json"]) {
      own.set(file, await readFile(join(a!, file)));
      await writeFile(join(a!, file), await readFile(join(b!, file)));
    }
    await expect(readPopulation(out)).rejects.toThrow(/policy of agent .* was altered/);
    for (const [file, bytes] of own) await writeFile(join(a!, file), bytes);
    await readPopulation(out);
  });

  it.each([
    ["world", /"size": 5/, '"size": 6', /world in the manifest/],
    ["encoder", /"name": "egocentric"/, '"name": "planes"', /encoder in the manifest/],
    ["order of actions", /"up",(\s*)"down"/, '"down",$1"up"', /the manifest of agent/],
  ])("is found by another %s in an agent's manifest", async (_, from, to, message) => {
    const { out } = optionsFor("whole");
    const population = await readPopulation(out);
    const arcade = population.agents.find(({ world, encoder }) => world.name === "arcade" && encoder === "egocentric")!;
    const path = join(populationPaths(out).agent(arcade.id), "manifest.json");
    const text = await readFile(path, "utf8");
    expect(text).toMatch(from);
    await writeFile(path, text.replace(from, to));
    await expect(readPopulation(out)).rejects.toThrow(message);
    await writeFile(path, text);
    expect(await readPopulation(out)).toEqual(population);
  });
});

describe("makeAgent", () => {
  it("refuses to go on with what other code began", async () => {
    const tools = { engine: await createOnnxEngine(), signal: new AbortController().signal, tell: () => {} };
    const recipe = findOrganism("U").recipe({ preset: "quick", seed: 1 });
    const attempts = [{ folder: join(root, "other"), failure: join(root, "other.failed.json"), recipe }];
    const job = { codeVersion: "0.0.1", organism: "U", attempts, checkpointSeconds: 60 };
    await expect(makeAgent(job, tools)).rejects.toThrow(/begun by the code of version 0\.0\.1/);
  });

  it("tries the next seed when an agent is not what it should be, says why, and gives up after the last", async () => {
    const engine = await createOnnxEngine();
    const recipe = findOrganism("A").recipe({ preset: "quick", seed: 1 });
    const hasty = { ...recipe, optimizer: { ...recipe.optimizer, totalTimesteps: 1 } };
    const notes: MakeNote[] = [];
    const attempts = [1, 2].map((seed) => {
      const folder = join(root, `attempt-${seed}`);
      return { folder, failure: `${folder}.failed.json`, recipe: { ...hasty, seed } };
    });
    const tools = { engine, signal: new AbortController().signal, tell: (note: MakeNote) => void notes.push(note) };
    await makeAgent({ codeVersion, organism: "A", attempts, checkpointSeconds: 60 }, tools);
    const failed = notes.flatMap((note) => (note.kind === "not-kept" ? [note.failure] : []));
    expect(failed.map(({ seed }) => seed)).toEqual([1, 2]);
    for (const { reason } of failed) expect(reason).toMatch(/organism A .* expected at least 95\.0%/);
    expect(notes.some(({ kind }) => kind === "made")).toBe(false);
    expect(JSON.parse(await readFile(attempts[1]!.failure, "utf8"))).toEqual(failed[1]);
    expect((await readdir(root)).filter((name) => name.startsWith("attempt-"))).toEqual([
      "attempt-1.failed.json",
      "attempt-2.failed.json",
    ]);
  });
});
