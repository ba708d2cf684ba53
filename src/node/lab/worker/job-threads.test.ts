import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MesascopeError } from "../../../core/base/errors.ts";
import { workerEntry } from "../../workers/worker-pool.ts";
import type { JobEnd } from "../taken-job.ts";
import type { JobOrder, ThreadInput } from "./job-messages.ts";
import { JobThreads } from "./job-threads.ts";
import { longestSilence } from "./silence.ts";
import { taken, trainSpec } from "./worker.fixture.ts";

/** A thread's program in place of the real one; `order` is what it was given, `say` tells. */
const program = (onOrder: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort, threadId } from "node:worker_threads";
      const say = (message) => parentPort.postMessage(message);
      const fail = (message) => say({ kind: "end", end: { kind: "failed", code: null, message: String(message), isFinal: true } });
      parentPort.on("message", (order) => { if (order === "end") process.exit(1); ${onOrder} });`)}`,
  );

const progress = { share: 0.5, secondsLeft: 1, environmentSteps: 2, trainingReturn: null, oracleShare: null, stage: null };
const lost = (why: RegExp) => ({ kind: "failed", code: "worker-lost", isFinal: false, message: expect.stringMatching(why) });

let threads: JobThreads;
const warnings: string[] = [];
interface More {
  readonly threads?: number;
  readonly graceSeconds?: number;
}
const start = (onOrder: string, { threads: count = 1, ...more }: More = {}): JobThreads => {
  threads = new JobThreads({
    ...{ store: "none", threads: count, entry: program(onOrder), ...more },
    onWarning: (text) => warnings.push(text),
  });
  return threads;
};
afterEach(async () => {
  vi.useRealTimers();
  await threads.close();
});

const run = (seed = 1) => threads.execute(taken(trainSpec(seed)).job);
const messageOf = (end: JobEnd) => (end.kind === "failed" ? end.message : end.kind);

describe("job threads", () => {
  it("pass on progress, rows and warnings, and the end", async () => {
    start(`say({ kind: "progress", progress: ${JSON.stringify(progress)}, rows: [{ environmentSteps: 2 }] });
      say({ kind: "warning", text: "careful" }); fail("over");`);
    const { job, heard } = taken(trainSpec(1));
    expect(await threads.execute(job)).toEqual({ kind: "failed", code: null, message: "over", isFinal: true });
    expect(heard).toEqual({ progress: [progress], rows: [{ environmentSteps: 2 }] });
    expect(warnings).toEqual(["careful"]);
  });

  it("stay: every job finds the same thread again", async () => {
    start("fail(threadId);");
    const ends = [await run(1), await run(2), await run(3)].map(messageOf);
    expect(new Set(ends).size).toBe(1);
  });

  it("do no more jobs at a time than there are threads, and all of them", async () => {
    start("globalThis.busy = (globalThis.busy ?? 0) + 1; setTimeout(() => fail(threadId + ':' + globalThis.busy--), 20);", {
      threads: 2,
    });
    const ends = (await Promise.all([1, 2, 3, 4, 5, 6].map(run))).map(messageOf);
    expect(new Set(ends.map((end) => end.split(":")[0])).size).toBe(2);
    expect(ends.every((end) => end.endsWith(":1"))).toBe(true);
  });

  it.each([
    ["ends the process", "process.exit(9);", /ended with code 9/],
    ["throws outside of everything", 'throw new Error("by accident");', /by accident/],
    [
      "runs out of memory",
      'throw Object.assign(new Error("heap out of memory"), { code: "ERR_WORKER_OUT_OF_MEMORY" });',
      /memory/,
    ],
    ["says what nobody understands", 'say({ kind: "song" });', /does not follow its schema/],
  ])("a thread that %s fails its job, not for good, and another takes its place", async (_, misdeed, why) => {
    start(`if (order.spec.recipe.seed === 1) { ${misdeed} } else fail("fine");`);
    expect(await run(1)).toEqual(lost(why));
    expect(messageOf(await run(2))).toBe("fine");
  });

  it("a thread that is lost between two jobs is replaced for the next", async () => {
    start('fail("fine"); if (order.spec.recipe.seed === 1) setTimeout(() => process.exit(3), 1);');
    expect(messageOf(await run(1))).toBe("fine");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(messageOf(await run(2))).toBe("fine");
  });

  it("a job that was asked to stop before it began is stopped", async () => {
    start('fail("begun");');
    expect(await threads.execute(taken(trainSpec(1), { signal: AbortSignal.abort("stopping") }).job)).toEqual({
      kind: "stopped",
    });
  });

  it("tell the thread to stop, by message and by flag, and take its word for how it ended", async () => {
    start(`if (order === "stop") { if (Atomics.load(globalThis.flag, 0) === 1) say({ kind: "end", end: { kind: "stopped" } }); }
      else { globalThis.flag = new Int32Array(order.stop); say({ kind: "progress", progress: ${JSON.stringify(progress)}, rows: [] }); }`);
    const controller = new AbortController();
    const { job } = taken(trainSpec(1), { signal: controller.signal, onReport: () => controller.abort("held") });
    expect(await threads.execute(job)).toEqual({ kind: "stopped" });
  });

  it("end a thread that does not stop within its grace", async () => {
    start(`if (order !== "stop") say({ kind: "progress", progress: ${JSON.stringify(progress)}, rows: [] });`, {
      graceSeconds: 0.05,
    });
    const controller = new AbortController();
    const { job } = taken(trainSpec(1), { signal: controller.signal, onReport: () => controller.abort("cancelled") });
    expect(await threads.execute(job)).toEqual({ kind: "stopped" });
  });

  it("do not wait for a native call that never returns, neither to stop nor to close", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mesascope-hung-"));
    const over = join(folder, "over");
    start(
      `if (typeof order === "string") return;
      if (order.spec.recipe.seed === 2) return fail("fine");
      say({ kind: "progress", progress: ${JSON.stringify(progress)}, rows: [] });
      process.getBuiltinModule("node:child_process").spawnSync("sh", ["-c", "until [ -e ${over} ]; do sleep 0.1; done"]);`,
      { graceSeconds: 0.05 },
    );
    try {
      const controller = new AbortController();
      const { job } = taken(trainSpec(1), { signal: controller.signal, onReport: () => controller.abort("cancelled") });
      expect(await threads.execute(job)).toEqual({ kind: "stopped" });
      expect(messageOf(await run(2))).toBe("fine");
      const begun = Promise.withResolvers<void>();
      const hung = threads.execute(taken(trainSpec(3), { onReport: () => begun.resolve() }).job);
      await begun.promise;
      await threads.close();
      await writeFile(over, "");
      expect(await hung).toEqual(lost(/ended with code/));
    } finally {
      await writeFile(over, "");
      await rm(folder, { recursive: true });
    }
  }, 30_000);

  it("closed in the middle of a job, fail it, not for good", async () => {
    start(`say({ kind: "progress", progress: ${JSON.stringify(progress)}, rows: [] });`);
    const { job } = taken(trainSpec(1), { onReport: () => void threads.close() });
    expect(await threads.execute(job)).toEqual(lost(/ended with code/));
  });

  it("a listener that throws fails the job, and the thread is not used on", async () => {
    start(
      `if (order.spec.recipe.seed === 1) say({ kind: "progress", progress: ${JSON.stringify(progress)}, rows: [] }); else fail("fine");`,
    );
    const onReport = () => {
      throw new MesascopeError("database", "the database is gone");
    };
    expect(await threads.execute(taken(trainSpec(1), { onReport }).job)).toEqual(lost(/database is gone/));
    expect(messageOf(await run(2))).toBe("fine");
  });

  const minutes = (count: number) => vi.advanceTimersByTime(count * 60_000);

  it("end a thread that hangs, tell so, and do the next job in another", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    start(`if (order.spec.recipe.seed === 2) fail("fine");
      else { say({ kind: "progress", progress: ${JSON.stringify(progress)}, rows: [] }); while (true); }`);
    const { job } = taken(trainSpec(1), { onReport: () => minutes(61) });
    expect(await threads.execute(job)).toEqual(lost(/gave no sign of life for 60 minutes and was ended.*MESASCOPE_SILENCE/));
    expect(messageOf(await run(2))).toBe("fine");
  });

  it("leave a thread alone that says anything at all within the longest silence", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    start(
      `for (let i = 0; i < 2; i++) say({ kind: "progress", progress: ${JSON.stringify(progress)}, rows: [] }); fail("fine");`,
    );
    let reports = 0;
    const onReport = () => {
      reports++;
      minutes(58);
    };
    expect(messageOf(await threads.execute(taken(trainSpec(1), { onReport }).job))).toBe("fine");
    expect(reports).toBe(2);
  });
});

describe("the program of a job thread", () => {
  it("says that it lives while it waits", async () => {
    const input: ThreadInput = { store: "/there/is/no/such/folder", checkpointSeconds: 30, beatSeconds: 0.02 };
    const worker = new Worker(workerEntry("lab/worker/job-worker"), { workerData: input });
    const { key, spec } = taken(trainSpec(1)).job;
    worker.postMessage({ kind: "job", key, spec, stop: new SharedArrayBuffer(4) } satisfies JobOrder);
    const beats = await new Promise((resolve) => {
      let heard = 0;
      worker.on("message", ({ kind }) => kind === "beat" && ++heard === 3 && resolve(heard));
    });
    expect(beats).toBe(3);
    await worker.terminate();
  });
});

describe("the longest silence", () => {
  it("is an hour, or the minutes that the environment says", () => {
    expect([undefined, "", "90", "0.5"].map((given) => longestSilence(given))).toEqual([3600, 3600, 5400, 30]);
  });

  it.each(["0", "-1", "an hour", "Infinity", "35001"])("is not %s", (given) => {
    expect(() => longestSilence(given)).toThrow(/MESASCOPE_SILENCE=.* given; expected the minutes/);
  });
});
