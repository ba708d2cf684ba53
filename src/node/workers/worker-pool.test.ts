import { describe, expect, it } from "vitest";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { runInWorkers } from "./worker-pool.ts";

const program = (source: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from "node:worker_threads"; ${source}`)}`,
  );

function run(source: string, more: { readonly signal?: AbortSignal; readonly jobs?: number } = {}) {
  const notes: [string, number][] = [];
  const done = runInWorkers({
    entry: program(source),
    jobs: Array.from({ length: more.jobs ?? 1 }, (_, i) => ({ name: `job ${i}`, input: i })),
    workers: 2,
    signal: more.signal ?? new AbortController().signal,
    notes: z.number(),
    onNote: ({ name }, note) => notes.push([name, note]),
    advice: 'run "mesascope demo" again',
  });
  return { done, notes };
}

const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("runInWorkers", () => {
  it("runs every job and passes on what each tells", async () => {
    const { done, notes } = run(
      'parentPort.postMessage({ kind: "note", note: workerData * 10 }); parentPort.postMessage({ kind: "done" });',
      { jobs: 5 },
    );
    await done;
    expect(notes.sort()).toEqual([0, 1, 2, 3, 4].map((i) => [`job ${i}`, i * 10]));
  });

  it("names the job and what to do when a worker is killed", async () => {
    await expect(run("process.exit(9);").done).rejects.toThrow(
      failure("worker-lost", /worker for job 0 was lost \(it ended with code 9\).*run "mesascope demo" again/),
    );
    await expect(run('throw new Error("out of memory");').done).rejects.toThrow(failure("worker-lost", /out of memory/));
  });

  it("passes on a job's own error and asks the other jobs to stop", async () => {
    const source = `
      if (workerData === 0) parentPort.postMessage({ kind: "failed", code: "check-failed", message: "no organism", stack: "" });
      else parentPort.once("message", (text) => {
        parentPort.postMessage({ kind: "note", note: text === "interrupt" ? 1 : 0 });
        parentPort.postMessage({ kind: "failed", code: "interrupted", message: "stopped", stack: "" });
      });`;
    const { done, notes } = run(source, { jobs: 3 });
    await expect(done).rejects.toThrow(failure("check-failed", /^no organism$/));
    expect(notes).toEqual([["job 1", 1]]);
  });

  it("throws the reason of the signal after running jobs have stopped", async () => {
    const controller = new AbortController();
    const source =
      'parentPort.once("message", () => parentPort.postMessage({ kind: "failed", code: "interrupted", message: "", stack: "" }));';
    const { done } = run(source, { signal: controller.signal });
    setTimeout(() => controller.abort(new MesascopeError("interrupted", "Ctrl-C")), 50);
    await expect(done).rejects.toThrow(failure("interrupted", /Ctrl-C/));
  });

  it("refuses a message that does not follow its schema", async () => {
    await expect(run('parentPort.postMessage({ kind: "note", note: "text" });').done).rejects.toThrow(
      failure("invalid-data", /does not follow its schema/),
    );
  });

  it("keeps the first failure when the worker, asked to stop for it, answers that it was interrupted or done", async () => {
    for (const answer of ['{ kind: "failed", code: "interrupted", message: "", stack: "" }', '{ kind: "done" }']) {
      const source = `
        parentPort.once("message", () => parentPort.postMessage(${answer}));
        parentPort.postMessage({ kind: "note", note: "text" });`;
      await expect(run(source).done).rejects.toThrow(failure("invalid-data", /does not follow its schema/));
    }
  });

  it("does not succeed when a job stops as interrupted though nobody asked", async () => {
    const source = 'parentPort.postMessage({ kind: "failed", code: "interrupted", message: "stopped", stack: "" });';
    await expect(run(source).done).rejects.toThrow(failure("interrupted", /^stopped$/));
  });
});
