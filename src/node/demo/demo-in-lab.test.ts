import { mkdtempSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findOrganism } from "../../core/organisms/index.ts";
import { snapshotFile } from "../../lab/snapshots.ts";
import { auditAgents } from "../audit/audit-agents.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { initLab } from "../lab/lab-folder.ts";
import type { UsedLab } from "../server/do-jobs.ts";
import { trainAgent } from "../training/train-agent.ts";
import { auditInLab, type DemoAgent, isBegunWithoutLab, trainInLab } from "./demo-in-lab.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-demo-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const lab: UsedLab = {
  ...{ folder: join(folder, "lab"), command: "a test", environment: {}, from: folder, again: "mesascope demo" },
  onNote: () => undefined,
};
/** The two that take the fewest steps. */
const agents = ["wild", "A"].map((organism): DemoAgent => {
  const recipe = findOrganism(organism).recipe({ preset: "quick", seed: 1 });
  return { organism, recipe, folder: join(folder, "agents", organism) };
});
const { signal } = new AbortController();
const how = { lab, agents, workers: 2, signal };
const policyOf = (agent: DemoAgent) => readFile(join(agent.folder, "policy.onnx"));

describe("a demonstration in a lab", () => {
  it("has the agents and the verdicts of one without, in its folders, and does nothing twice", async () => {
    await initLab(lab.folder);
    expect(await isBegunWithoutLab(lab, agents)).toBe(false);
    await trainInLab({ ...how, onTraining: () => undefined });
    expect(await isBegunWithoutLab(lab, agents)).toBe(false);
    const shares: number[] = [];
    const audit = () => auditInLab({ ...how, levels: 10, seed: 1, onProgress: ({ share }) => shares.push(share) });
    const results = await audit();
    expect(shares.at(-1)).toBe(1);

    const engine = await createOnnxEngine();
    const elsewhere = join(folder, "plain");
    await trainAgent({
      ...{ engine, signal, folder: elsewhere, overwrite: false, checkpoints: { kind: "seconds", every: 60 } },
      start: agents[0]!,
      onProgress: () => undefined,
      onWarning: () => undefined,
    });
    expect(await policyOf(agents[0]!)).toEqual(await readFile(join(elsewhere, "policy.onnx")));
    const plain: unknown[] = [];
    await auditAgents({
      ...{ engine, folders: agents.map((agent) => agent.folder), levels: 10, seed: 1, onProgress: () => undefined },
      onResult: ({ result: { document, ...rest } }) =>
        plain.push({ ...rest, document: { ...document, cost: { ...document.cost, seconds: 0 } } }),
    });
    const timeless = results.map(({ document, ...rest }) => ({
      ...rest,
      document: { ...document, cost: { ...document.cost, seconds: 0 } },
    }));
    expect(timeless).toEqual(plain);

    const written = async () => (await stat(join(agents[0]!.folder, "policy.onnx"))).mtimeMs;
    const before = await written();
    const told = new Map<string, unknown>();
    await trainInLab({ ...how, onTraining: (organism, progress) => told.set(organism, progress) });
    expect(told).toEqual(new Map(agents.map(({ organism }) => [organism, "finished before"])));
    expect(await written()).toBe(before);
    expect(await audit()).toEqual(results);

    // An earlier version wrote the same policy, and kept nothing of its training.
    const path = (name: string) => join(agents[0]!.folder, name);
    const { snapshots, ...earlier } = JSON.parse(await readFile(path("manifest.json"), "utf8"));
    await writeFile(path("manifest.json"), JSON.stringify({ ...earlier, codeVersion: "0.0.9+0123456789" }));
    const names = snapshots.map(({ environmentSteps }: { environmentSteps: number }) => snapshotFile(environmentSteps));
    expect(names).not.toEqual([]);
    for (const name of names) await rm(path(name));
    await trainInLab({ ...how, onTraining: () => undefined });
    expect(await readdir(agents[0]!.folder)).toEqual(expect.arrayContaining(names));

    // What the lab has no run of was made without it.
    await rm(join(lab.folder, "records"), { recursive: true });
    expect(await isBegunWithoutLab(lab, agents)).toBe(true);
  });
});
