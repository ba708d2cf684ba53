import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOrganism } from "../../core/organisms/index.ts";
import { type JobSpec, jobKey } from "../../lab/job.ts";
import { code, startWorker, until, type Worker } from "../lab/lab.fixture.ts";
import { type ServedLab, serveTestLab } from "./served-lab.fixture.ts";

const run: JobSpec = {
  ...{ kind: "train", organism: "corner/aligned", code },
  recipe: findOrganism("corner/aligned").recipe({ seed: 1, preset: "quick" }),
};
const rows = Array.from({ length: 40 }, (_, i) => ({ environmentSteps: 100 * i, trainingReturn: i / 40 }));

describe("the curve of a run that is under way, over the API", () => {
  let served: ServedLab;
  let worker: Worker;
  beforeAll(async () => {
    served = await serveTestLab({ wanted: null });
    const { lab } = served.open;
    await lab.accept({ sweep: "one", priority: 50, jobs: [run] });
    worker = startWorker(lab, {
      worker: "tester",
      execute: async (job) => {
        job.report({ share: 0.5, secondsLeft: 1, environmentSteps: 3900, trainingReturn: 1, oracleShare: 1, stage: null }, rows);
        await new Promise((resolve) => job.signal.addEventListener("abort", resolve));
        return { kind: "stopped" };
      },
    });
    await until(async () => (await lab.curve(jobKey(run))).length === rows.length, "the curve", { lab });
  }, 120_000);
  afterAll(async () => {
    await worker?.stop();
    await served?.remove();
  });

  it("is answered as a whole, or only what came after so many steps", async () => {
    expect(await served.tcp.jobs.curve({ key: jobKey(run) })).toEqual(rows);
    expect(await served.tcp.jobs.curve({ key: jobKey(run), after: 3700 })).toEqual(rows.slice(38));
    expect(await served.tcp.jobs.curve({ key: jobKey(run), after: 3900 })).toEqual([]);
  });

  it("goes over the wire compressed to who takes that, and as it is to others", async () => {
    const ask = (headers: Record<string, string>) =>
      new Promise<{ readonly encoding: string | undefined; readonly body: Buffer }>((resolve, reject) => {
        const asked = request(`${served.server.address}/api/v1/jobs/${jobKey(run)}/curve`, { headers }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () => resolve({ encoding: answer.headers["content-encoding"], body: Buffer.concat(chunks) }));
        });
        asked.on("error", reject).end();
      });
    const plain = await ask({});
    expect([plain.encoding, JSON.parse(plain.body.toString())]).toEqual([undefined, rows]);
    const small = await ask({ "accept-encoding": "gzip, br" });
    expect([small.encoding, JSON.parse(gunzipSync(small.body).toString())]).toEqual(["gzip", rows]);
    expect(small.body.length).toBeLessThan(plain.body.length / 2);
  });
});
