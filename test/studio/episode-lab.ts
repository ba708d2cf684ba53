// A lab for the player's tests: a run whose policy is a real one, with a snapshot, an audit of it, a run that waits, and one that lost its files.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { agentSchemaId } from "../../src/core/agents/manifest.ts";
import { hashOf } from "../../src/core/organisms/seal.ts";
import { findEncoder } from "../../src/core/organisms/training-run.ts";
import { findWorld } from "../../src/core/worlds/index.ts";
import { jobKey, type TrainJob } from "../../src/lab/job.ts";
import { doneEnd, startWorker, until } from "../../src/node/lab/lab.fixture.ts";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { makeReport } from "../../src/report/report.fixture.ts";
import { auditOf, runOf } from "./lab-with-runs.ts";

const recorded = join(import.meta.dirname, "..", "..", "src", "studio", "pages", "home", "recording");
const modelOf = (name: string) => new Uint8Array(readFileSync(join(recorded, `${name}.onnx`)));
const { audit: document, shifts, traces } = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 2 }).agents[1]!;

const runs = { whole: runOf("C1", 1), lost: runOf("A", 1), waiting: runOf("B", 1) } as const;

/** A manifest as training writes it, for a model that acts where the job's recipe says. */
export function manifestFor({ recipe }: TrainJob, model: Uint8Array): string {
  const world = findWorld(recipe.world.name, recipe.world.parameters);
  const encoder = findEncoder(world, recipe.encoder);
  return JSON.stringify({
    schema: agentSchemaId,
    id: "an-agent",
    world: { name: world.name, version: world.version, parameters: world.parameters },
    encoder: { name: encoder.name, parameters: {}, size: encoder.size },
    actions: world.actions,
    observation: { shape: encoder.shape },
    outputs: { logits: "logits", value: "value" },
    hooks: [],
    policySha256: hashOf(model),
    ...{ engine: "some engine", codeVersion: "0.1.0+0", recipe: null, training: null },
  });
}

export interface EpisodeLab {
  readonly served: ServedLab;
  /** Keys, by what became of the run. */
  readonly runs: Readonly<Record<keyof typeof runs, string>>;
  readonly audit: string;
  readonly model: Uint8Array;
  readonly manifest: string;
}

export async function serveEpisodeLab(): Promise<EpisodeLab> {
  const served = await serveTestLab({ wanted: null });
  const { lab } = served.open;
  const model = modelOf("C1");
  const manifest = manifestFor(runs.whole, model);
  const blob = (text: string) => lab.store.putBlob(new TextEncoder().encode(text));
  const files = {
    "policy.onnx": await lab.store.putBlob(model),
    "manifest.json": await blob(manifest),
    "snapshot-65536.onnx": await lab.store.putBlob(modelOf("wild")),
  };
  const audit = auditOf(runs.whole);
  const result = await blob(JSON.stringify({ document, shifts, traces }));
  await lab.accept({ sweep: "watched", priority: 50, jobs: [runs.whole, runs.lost, audit] });
  const worker = startWorker(lab, {
    execute: async ({ spec }) => {
      const end = doneEnd(spec);
      if (end.kind !== "done") return end;
      if (jobKey(spec) === jobKey(runs.whole)) return { ...end, files };
      return spec.kind === "audit" ? { ...end, files: { "result.json": result } } : end;
    },
  });
  await until(async () => (await lab.counts()).done === 3, "three jobs", { lab });
  await worker.stop();
  await lab.accept({ sweep: "waiting", priority: 50, jobs: [runs.waiting] });
  const keys = { whole: jobKey(runs.whole), lost: jobKey(runs.lost), waiting: jobKey(runs.waiting) };
  return { served, runs: keys, audit: jobKey(audit), model, manifest };
}
