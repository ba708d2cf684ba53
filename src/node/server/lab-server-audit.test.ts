// What a server tells of an audit: its result as the job kept it, and plainly where there is none.

import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { jobKey } from "../../lab/job.ts";
import { recordPath } from "../../lab/layout.ts";
import { makeReport } from "../../report/report.fixture.ts";
import { auditSpec, doneEnd, startWorker, trainSpec, until } from "../lab/lab.fixture.ts";
import { type ServedLab, serveTestLab } from "./served-lab.fixture.ts";

const { audit: document, shifts, traces } = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 2 }).agents[1]!;
const result = { document, shifts, traces };
const withoutFile = auditSpec(2);
let served: ServedLab;
beforeAll(async () => {
  served = await serveTestLab();
  const { lab } = served.open;
  await lab.accept({ sweep: "audited", priority: 50, jobs: [trainSpec(1), auditSpec(1), trainSpec(2), withoutFile] });
  const blob = await lab.store.putBlob(new TextEncoder().encode(JSON.stringify(result)));
  const worker = startWorker(lab, {
    execute: async ({ spec }) => {
      const end = doneEnd(spec);
      const isWhole = spec.kind === "audit" && jobKey(spec) !== jobKey(withoutFile);
      return isWhole && end.kind === "done" ? { ...end, files: { "result.json": blob } } : end;
    },
  });
  await until(async () => (await lab.counts()).done === 4, "all four jobs", { lab });
  await worker.stop();
  await lab.accept({ sweep: "waiting", priority: 50, jobs: [trainSpec(3), auditSpec(3)] });
}, 120_000);
afterAll(() => served?.remove(), 120_000);

it("gives the result of an audit as its job kept it", async () => {
  expect(await served.tcp.jobs.audit({ key: jobKey(auditSpec(1)) })).toEqual(result);
});

it("says what is asked for where it is no audit, not done, or none of the lab's jobs", async () => {
  const asked = (key: string) => served.tcp.jobs.audit({ key });
  await expect(asked(jobKey(trainSpec(1)))).rejects.toThrow(/is no audit, but of the kind "train"/);
  await expect(asked(jobKey(auditSpec(3)))).rejects.toThrow(/is blocked, not done: it has no result/);
  await expect(asked("0".repeat(64))).rejects.toThrow(/no job 0{64} in this lab/);
});

it("says that a result is missing where the record of an audit names none", async () => {
  await expect(served.tcp.jobs.audit({ key: jobKey(withoutFile) })).rejects.toThrow(
    /names no result of an audit\. Run "mesascope lab verify"/,
  );
});

it("says of a result that another version wrote, and of a record that cannot be read, that and what to do", async () => {
  const { lab } = served.open;
  const newer = await lab.store.putBlob(new TextEncoder().encode(JSON.stringify({ ...result, later: 1 })));
  const key = jobKey(auditSpec(1));
  const found = await lab.job(key);
  if (found?.record == null) throw new Error("the audit is not done");
  const { record } = found;
  await lab.store.putDocument(recordPath(key), { ...record, files: { "result.json": newer } });
  await expect(served.tcp.jobs.audit({ key })).rejects.toThrow(/another Mesascope wrote it, of the code .*Update this one/);
  await lab.store.putDocument(recordPath(key), { ...record, spec: { ...record.spec, later: 1 } });
  await expect(served.tcp.jobs.audit({ key })).rejects.toThrow(
    /is done, and its record is missing, altered, or of a newer Mesascope/,
  );
  await expect(served.tcp.jobs.file({ key, name: "result.json" })).rejects.toThrow(/"mesascope lab verify", or update Mesascope/);
  await lab.store.putDocument(recordPath(key), record);
  await expect(served.tcp.jobs.audit({ key })).resolves.toEqual(result);
});

it("says where the lab holds what its version cannot tell, rather than that something broke inside", async () => {
  const { lab } = served.open;
  const key = jobKey(trainSpec(1));
  const found = await lab.job(key);
  const newer = { ...found!, spec: { ...found!.spec, later: 1 } };
  const asked = vi.spyOn(lab, "job").mockResolvedValue(newer);
  const told = /cannot tell \(spec: .*"later".*\): a newer Mesascope wrote it\. Update the one that has the lab open/;
  await expect(served.tcp.jobs.get({ key })).rejects.toMatchObject({
    code: "unsupported-version",
    message: expect.stringMatching(told),
  });
  asked.mockRestore();
});
