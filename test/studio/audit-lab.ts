// A lab with audits for the studio's tests: of an agent whose audit is whole, and others that failed, wait, or lost their result.

import { jobKey } from "../../src/lab/job.ts";
import { doneEnd, startWorker, until } from "../../src/node/lab/lab.fixture.ts";
import { type ServedLab, serveTestLab } from "../../src/node/server/served-lab.fixture.ts";
import { makeReport } from "../../src/report/report.fixture.ts";
import { auditOf, runOf } from "./lab-with-runs.ts";

const { audit: document, shifts, traces } = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 2 }).agents[1]!;
const runs = { whole: runOf("B", 1), lost: runOf("A", 1), failed: runOf("C1", 1), waiting: runOf("C2", 1) } as const;

export interface AuditLab {
  readonly served: ServedLab;
  /** The document of the audit that is whole. */
  readonly document: typeof document;
  readonly run: string;
  /** Keys of audits, by what became of them. */
  readonly audits: Readonly<Record<keyof typeof runs, string>>;
}

/** What is measured in it is made up. */
export async function serveAuditLab(): Promise<AuditLab> {
  const served = await serveTestLab({ wanted: null });
  const { lab } = served.open;
  const audits = {
    whole: jobKey(auditOf(runs.whole)),
    lost: jobKey(auditOf(runs.lost)),
    failed: jobKey(auditOf(runs.failed)),
    waiting: jobKey(auditOf(runs.waiting)),
  };
  const done = [runs.whole, runs.lost, runs.failed];
  await lab.accept({ sweep: "audited", priority: 50, jobs: [...done, ...done.map(auditOf)] });
  const blob = await lab.store.putBlob(new TextEncoder().encode(JSON.stringify({ document, shifts, traces })));
  const worker = startWorker(lab, {
    execute: async ({ spec }) => {
      const key = jobKey(spec);
      if (key === audits.failed)
        return { kind: "failed", code: "unconverged", message: "no level could be solved; expected some.", isFinal: true };
      const end = doneEnd(spec);
      return key === audits.whole && end.kind === "done" ? { ...end, files: { "result.json": blob } } : end;
    },
  });
  await until(
    async () => {
      const counts = await lab.counts();
      return counts.done === 5 && counts.failed === 1;
    },
    "five jobs done and one failed",
    { lab },
  );
  await worker.stop();
  await lab.accept({ sweep: "waiting", priority: 50, jobs: [runs.waiting, auditOf(runs.waiting)] });
  return { served, document, run: jobKey(runs.whole), audits };
}
