// A lab with an audit that was really made, of a recorded policy, and one whose numbers are somebody else's.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onnxPolicy } from "../../src/core/agents/onnx/onnx-policy.ts";
import { Auditor, type AuditResult } from "../../src/core/audit/auditor.ts";
import { findEncoder } from "../../src/core/organisms/training-run.ts";
import { findWorld } from "../../src/core/worlds/index.ts";
import { jobKey } from "../../src/lab/job.ts";
import { createOnnxEngine } from "../../src/node/engine/onnx-engine.ts";
import { doneEnd, startWorker, until } from "../../src/node/lab/lab.fixture.ts";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { manifestFor } from "./episode-lab.ts";
import { auditOf, runOf } from "./lab-with-runs.ts";

const recorded = join(import.meta.dirname, "..", "..", "src", "studio", "pages", "home", "recording");

export interface ReplayLab {
  readonly served: ServedLab;
  /** What the audits say. */
  readonly result: AuditResult;
  /** Keys of the audits. */
  readonly audits: { readonly true: string; readonly altered: string };
}

export async function serveReplayLab(): Promise<ReplayLab> {
  const served = await serveTestLab({ wanted: null });
  const { lab } = served.open;
  const run = runOf("C1", 1);
  const own = auditOf(run);
  if (own.kind !== "audit") throw new Error("no audit");
  const model = new Uint8Array(readFileSync(join(recorded, "C1.onnx")));
  const world = findWorld(run.recipe.world.name, run.recipe.world.parameters);
  const encoder = findEncoder(world, run.recipe.encoder);
  const session = await (await createOnnxEngine()).compile(model);
  const policy = onnxPolicy(session, { inputSize: encoder.size, actionCount: world.actions.length });
  const { levels, seed } = own;
  const auditor = await Auditor.create({ world, encoder, levels, seed, clock: () => performance.now() });
  const result = await auditor.audit({ id: "some", world, encoder, policy });
  await session.release();
  const blob = (text: string) => lab.store.putBlob(new TextEncoder().encode(text));
  const files = { "policy.onnx": await lab.store.putBlob(model), "manifest.json": await blob(manifestFor(run, model)) };
  const kept = await blob(JSON.stringify(result));
  const keys = { true: jobKey(own), altered: jobKey({ ...own, seed: 2 }) };
  await lab.accept({ sweep: "replayed", priority: 50, jobs: [run, own, { ...own, seed: 2 }] });
  const worker = startWorker(lab, {
    execute: async ({ spec }) => {
      const end = doneEnd(spec);
      if (end.kind !== "done") return end;
      return { ...end, files: spec.kind === "train" ? files : { "result.json": kept } };
    },
  });
  await until(async () => (await lab.counts()).done === 3, "three jobs done", { lab });
  await worker.stop();
  return { served, result, audits: keys };
}
