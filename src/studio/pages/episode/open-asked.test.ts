import { describe, expect, it } from "vitest";
import { findOrganism } from "../../../core/organisms/index.ts";
import type { JobRow } from "../../../lab/api.ts";
import { type JobSpec, jobKey } from "../../../lab/job.ts";
import { snapshotAt } from "../../../lab/snapshots.ts";
import { keepTrained } from "../../live/trained-here.ts";
import { findAgent } from "./open-asked.ts";

const code = "0.1.0+0123456789";
const recipe = findOrganism("C1").recipe({ seed: 1, preset: "quick" });
const trained: JobSpec = { kind: "train", organism: "C1", recipe, code };
const run = jobKey(trained);
const { totalTimesteps } = recipe.optimizer;
const kept = [totalTimesteps / 8, totalTimesteps / 2];
const auditAt = (snapshot?: number): JobSpec => ({
  ...{ kind: "audit", run, levels: 10, seed: 1, code },
  ...(snapshot !== undefined && { snapshot }),
});

function row(key: string, kind: JobRow["kind"]): JobRow {
  return {
    ...{ key, kind, code, state: "done", priority: 50, attempt: 1, run: null, name: "C1", organism: "C1", world: "arcade" },
    ...{ network: "net", optimizer: "ppo", seed: 1, variant: {}, sweeps: [], createdAt: "2026-03-01T10:00:00.000Z" },
    ...{
      startedAt: null,
      finishedAt: null,
      worker: null,
      progress: null,
      silentFor: null,
      outcome: null,
      seconds: null,
      error: null,
    },
  };
}

/** A lab that has the run and audits of it; its files hold their own names. */
function labOf(audits: readonly JobSpec[], snapshots: readonly number[] = kept) {
  const specs = new Map([trained, ...audits].map((spec) => [jobKey(spec), spec]));
  const names = ["policy.onnx", "manifest.json", ...snapshots.map((steps) => `snapshot-${steps}.onnx`)];
  const ref = { sha256: "0".repeat(64), bytes: 1 };
  return {
    jobs: {
      get: async ({ key }: { readonly key: string }) => {
        const spec = specs.get(key)!;
        const record = {
          ...{
            schema: "mesascope/record@1" as const,
            job: key,
            spec,
            files: Object.fromEntries(names.map((name) => [name, ref])),
          },
          outcome: {
            ...{ kind: "train" as const, environmentSteps: totalTimesteps },
            ...{ trainingReturn: 1, oracleReturn: 1, oracleShare: 1 },
          },
          made: {
            ...{ attempt: 1, worker: "one", engine: "none", seconds: 1 },
            ...{ startedAt: "2026-03-01T10:00:00.000Z", finishedAt: "2026-03-01T10:00:00.000Z" },
          },
        };
        return { row: row(key, spec.kind), spec, record };
      },
      file: async ({ name }: { readonly name: string }) => new File([name], name),
    },
  };
}

async function opened(asked: { readonly key: string; readonly file?: string }, lab: ReturnType<typeof labOf>) {
  const setting = { world: "arcade", preset: "standard", parameters: {}, encoder: null } as const;
  const options = { setting, chosen: null, client: lab, signal: new AbortController().signal };
  const found = await findAgent({ kind: "run", file: "policy.onnx", ...asked }, options);
  if ("kind" in found || found.source.kind === "scripted") return expect.unreachable();
  return { ...found, model: new TextDecoder().decode(found.source.model) };
}

describe("the agent that an address means", () => {
  it("is the one that was trained in this tab, and after that what was trained and with which seed", async () => {
    const setting = { world: "arcade", preset: "standard", parameters: {}, encoder: null } as const;
    const options = { setting, chosen: null, client: null, signal: new AbortController().signal };
    const asked = { kind: "live", name: "C1", seed: 7 } as const;
    expect(await findAgent(asked, options)).toEqual(asked);
    const model = new Uint8Array([1, 2, 3]);
    keepTrained({ name: "C1", seed: 7, model });
    const found = await findAgent(asked, options);
    expect(found).toMatchObject({ name: "C1, trained here with seed 7", of: null, snapshots: [] });
    expect(found).toMatchObject({ source: { kind: "model", model, setting: { world: "arcade", preset: "quick" } } });
    expect(await findAgent({ ...asked, seed: 8 }, options)).toMatchObject({ kind: "live", seed: 8 });
    await expect(findAgent({ ...asked, name: "Z" }, options)).rejects.toThrow(/no agent "Z" on the first page/);
  });

  it("is of an audit the one that was audited, at the end of training or as a snapshot has it", async () => {
    const [ofEnd, ofSnapshot] = [auditAt(), auditAt(5)];
    const lab = labOf([ofEnd, ofSnapshot]);
    const atEnd = await opened({ key: jobKey(ofEnd) }, lab);
    expect([atEnd.model, atEnd.name, atEnd.snapshots.length]).toEqual(["policy.onnx", "the audited agent", 2]);
    const steps = snapshotAt(5, { totalTimesteps, kept: [...kept, totalTimesteps] })!;
    expect(kept).toContain(steps);
    const before = await opened({ key: jobKey(ofSnapshot) }, lab);
    expect(before.model).toBe(`snapshot-${steps}.onnx`);
    expect(before.name).toBe(`the audited agent, after ${steps.toLocaleString("en-US")} steps`);
    expect([before.snapshots, before.of]).toEqual([[], { kind: "audit", key: jobKey(ofSnapshot) }]);
    // Of which world it is, in which version, the manifest of the run says.
    expect(before.source).toMatchObject({ kind: "agent", manifest: "manifest.json", isSnapshot: true });
    expect(atEnd.source).toMatchObject({ kind: "agent", manifest: "manifest.json", isSnapshot: false });
  });

  it("is the one at the end where the audited place of training came to it", async () => {
    const last = auditAt(8);
    const found = await opened({ key: jobKey(last) }, labOf([last]));
    expect([found.model, found.name]).toEqual(["policy.onnx", "the audited agent"]);
  });

  it("is not called the audited one where another snapshot of its training is asked for", async () => {
    const ofEnd = auditAt();
    const file = `snapshot-${kept[0]}.onnx`;
    const found = await opened({ key: jobKey(ofEnd), file }, labOf([ofEnd]));
    expect([found.model, found.name]).toEqual([
      file,
      `the training of the audited agent, after ${kept[0]!.toLocaleString("en-US")} steps`,
    ]);
  });

  it("is none, with what to do, where the audited snapshot is no more", async () => {
    const audit = auditAt(2);
    await expect(opened({ key: jobKey(audit) }, labOf([audit], []))).rejects.toThrow(
      /no snapshots of its training .*Train it again/,
    );
  });
});
