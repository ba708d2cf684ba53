import { afterAll, beforeAll, expect, it } from "vitest";
import { jobKey } from "../../lab/job.ts";
import { auditSpec, doneEnd, startWorker, trainSpec, until, untilStopped } from "../../node/lab/lab.fixture.ts";
import { type ServedLab, serveTestLab } from "../../node/server/served-lab.fixture.ts";
import type { Channel } from "../terminal.ts";
import { runsCommand } from "./runs.ts";

let served: ServedLab;
const ofSnapshot = { ...auditSpec(1), snapshot: 0 };
beforeAll(async () => {
  served = await serveTestLab({ wanted: null });
  const { lab } = served.open;
  await lab.accept({ sweep: "runs", priority: 50, jobs: [trainSpec(1), auditSpec(1), ofSnapshot] });
  const worker = startWorker(lab, {
    execute: async ({ key, spec }) => {
      const end = doneEnd(spec);
      if (key !== jobKey(ofSnapshot) || end.kind !== "done" || end.outcome.kind !== "audit") return end;
      return { ...end, outcome: { ...end.outcome, environmentSteps: 50 } };
    },
  });
  await until(async () => (await lab.counts()).done === 3, "all jobs", { lab });
  await worker.stop();
}, 120_000);
afterAll(() => served?.remove(), 120_000);

/** What the command says on a terminal of so many columns. */
async function said(columns: number, ...words: readonly string[]): Promise<{ readonly out: string; readonly err: string }> {
  const told = { out: "", err: "" };
  const channel = (name: "out" | "err"): Channel => ({
    write: (text) => {
      told[name] += text;
    },
    ...{ isTerminal: true, columns, style: (_, text) => text },
  });
  const terminal = { out: channel("out"), err: channel("err") };
  await runsCommand({ terminal }).parseAsync([...words, "--server", served.server.address], { from: "user" });
  return told;
}

it("says which columns of groups had no room", async () => {
  const narrow = await said(60, "--group", "name,world,network");
  expect(narrow.out).not.toContain("of the oracle");
  expect(narrow.err).toBe("No room for states, of the oracle; a wider terminal and --json tell them.\n");
  const wide = await said(160, "--group", "name,world,network");
  expect(wide.out).toContain("of the oracle");
  expect(wide.err).toBe("");
});

it("groups audits without columns of what only runs have, and by fields of recipes", async () => {
  const audits = await said(160, "kind:audit", "--group", "verdict,objective");
  expect(audits.out).toMatch(/verdict +objective +jobs +states *\n/);
  expect(audits.out).not.toMatch(/return|oracle/);
  const runs = await said(160, "kind:train", "--group", "seed,config.network.hidden");
  expect(runs.out).toMatch(/seed +config\.network\.hidden +jobs +states +return/);
  expect(runs.out).toMatch(/\n *1 +\[\d/);
  await expect(said(160, "--group", "config.network.hiden")).rejects.toThrow(
    /config\.network\.hiden.*nearest.*config\.network\.hidden/,
  );
  await expect(said(160, "--group", "config.optimizer")).rejects.toThrow(/config\.optimizer given to group by/);
});

it("keeps on a narrow terminal what tells runs from audits", async () => {
  const { out, err } = await said(60);
  expect(out).toMatch(/^ *key +kind +name/);
  expect(err).toBe("No room for network; a wider terminal, --columns and --json tell it.\n");
});

it("shows a verdict where a filter by it finds the job, and none of a snapshot", async () => {
  const { out } = await said(160, "kind:audit", "--columns", "key,verdict", "--sort", "created");
  const verdicts = out.split("\n").filter((line) => /^ *[0-9a-f]{10}/.test(line));
  expect(verdicts.map((line) => line.includes("aligned"))).toEqual([true, false]);
  const found = await said(160, "verdict:aligned", "--columns", "key");
  expect(found.out).toContain(jobKey(auditSpec(1)).slice(0, 10));
  expect(found.out).not.toContain(jobKey(ofSnapshot).slice(0, 10));
});

it("shows of a job that runs when it was last heard of, and not of one that is done", async () => {
  const { lab } = served.open;
  const key = jobKey(trainSpec(2));
  await lab.accept({ sweep: "later", priority: 50, jobs: [trainSpec(2)] });
  const worker = startWorker(lab, { execute: untilStopped });
  await until(async () => (await lab.counts()).running === 1, "a job that runs", { lab });
  expect((await said(160, "show", key)).out).toMatch(/^last heard of +\d+ s ago$/m);
  await worker.stop();
  expect((await said(160, "show", jobKey(trainSpec(1)))).out).not.toContain("last heard of");
});
