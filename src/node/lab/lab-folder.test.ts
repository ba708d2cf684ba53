import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { code, specs, startWorker, waitFor } from "./lab.fixture.ts";
import { dropIndex, initLab, openLab } from "./lab-folder.ts";
import { atSocketPath, findHolder, LabLock } from "./lab-lock.ts";

const options = { code, command: "mesascope sweep corners.yaml" };

describe("a lab's folder", () => {
  let base: string;
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    base = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "mesascope-lab-"));
    folder = join(base, "lab");
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await rm(base, { recursive: true, force: true });
  });

  const startChild = (first = 1) => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL("./lab-child.fixture.ts", import.meta.url)), folder, String(first)],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    children.push(child);
    const lines: string[] = [];
    createInterface({ input: child.stdout! }).on("line", (line) => lines.push(line));
    return { child, lines };
  };
  const ended = (child: ChildProcess) => new Promise((resolve) => child.once("close", resolve));

  it("is made where there is none, and nowhere else", async () => {
    await initLab(folder);
    expect(await readdir(folder)).toEqual(["lab.json"]);
    await expect(initLab(folder)).rejects.toThrow("is a lab already");
    const other = join(base, "other");
    await mkdir(other);
    await writeFile(join(other, "notes.txt"), "");
    await expect(initLab(other)).rejects.toThrow("holds other files (notes.txt); a lab wants a folder of its own");
    await expect(initLab(join(other, "notes.txt"))).rejects.toMatchObject({ code: "usage" });
    await expect(openLab(other, options)).rejects.toThrow("has no lab.json");
    await expect(openLab(join(base, "none"), options)).rejects.toThrow("does not exist");
  });

  it("keeps what it knows, also when its index is gone", async () => {
    await initLab(folder);
    const first = await openLab(folder, options);
    await first.lab.accept({ sweep: "one", priority: 50, jobs: specs(3) });
    const worker = startWorker(first.lab);
    await waitFor(first.lab, "done", 3);
    await worker.stop();
    await first.lab.accept({ sweep: "two", priority: 50, jobs: specs(2, 4) });
    await first.close();
    const again = await openLab(folder, options);
    expect(await again.lab.counts()).toMatchObject({ done: 3, queued: 2 });
    const answers = await again.lab.jobs();
    await again.close();
    await dropIndex(folder, options);
    const anew = await openLab(folder, options);
    expect(await anew.lab.jobs()).toEqual(answers);
    await anew.close();
  });

  it("makes the index anew where the machine went down under it, or it cannot be read", async () => {
    await initLab(folder);
    const first = await openLab(folder, options);
    await first.lab.accept({ sweep: "one", priority: 50, jobs: specs(2) });
    await first.close();
    const state = join(folder, "index", "state.json");
    await writeFile(state, JSON.stringify({ boot: "another", isSynced: false, isMade: true }));
    const second = await openLab(folder, options);
    expect(await second.lab.counts()).toMatchObject({ queued: 2 });
    expect((await second.lab.status()).lastEvent).toBe(0);
    await second.close();
    await rm(join(folder, "index", "pglite", "base"), { recursive: true });
    const third = await openLab(folder, options);
    expect(await third.lab.counts()).toMatchObject({ queued: 2 });
    await third.close();
  });

  it("is refused to a second process, which is told who has it, and free again when that is killed", async () => {
    await initLab(folder);
    const { child, lines } = startChild();
    while (!lines.includes("open")) await sleep(20);
    await expect(openLab(folder, options)).rejects.toThrow(`is open: process ${child.pid} ("a test", since `);
    expect((await findHolder(folder))?.holder).toMatchObject({ processId: child.pid, command: "a test" });
    const gone = ended(child);
    child.kill("SIGKILL");
    await gone;
    expect(await findHolder(folder)).toBeNull();
    const { close } = await openLab(folder, options);
    await close();
  });

  it("loses nothing that was said to be accepted or done when its process is killed", async () => {
    await initLab(folder);
    const told = new Set<string>();
    for (let time = 0; time < 3; time++) {
      const { child, lines } = startChild(1 + 2000 * time);
      while (!lines.some((line) => line.startsWith("done"))) await sleep(10);
      await sleep(300 + Math.random() * 500);
      const gone = ended(child);
      child.kill("SIGKILL");
      await gone;
      expect(lines.filter((line) => line.startsWith("warning"))).toEqual([]);
      for (const line of lines) told.add(line);
    }
    const { lab, close } = await openLab(folder, options);
    const keysOf = (word: string) =>
      [...told].filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
    const states = new Map<string, string>();
    for (let offset = 0; ; offset += 1000) {
      const { rows } = await lab.jobs({ offset, limit: 1000 });
      for (const { key, state } of rows) states.set(key, state);
      if (rows.length < 1000) break;
    }
    expect(keysOf("accepted").length).toBeGreaterThan(0);
    expect(keysOf("accepted").filter((key) => !states.has(key))).toEqual([]);
    expect(keysOf("done").filter((key) => states.get(key) !== "done")).toEqual([]);
    expect([...states.values()].filter((state) => state !== "done" && state !== "queued")).toEqual([]);
    const counts = await lab.counts();
    const rebuilt = await lab.rebuild();
    expect(rebuilt.warnings).toEqual([]);
    expect(await lab.counts()).toEqual(counts);
    await close();
  });

  it("has one holder, however many want it at once over a dead one's socket", async () => {
    await mkdir(folder);
    for (let round = 0; round < 10; round++) {
      const wanting = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => LabLock.take(folder, { command: `taker ${i}` })),
      );
      const got = wanting.filter((result) => result.status === "fulfilled");
      expect(got).toHaveLength(1);
      for (const result of wanting) {
        if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "usage" });
      }
      await got[0]!.value.release();
      // What a killed holder leaves: a socket that nobody answers.
      expect((await readdir(folder)).sort()).toEqual([expect.stringMatching(/^lab-\d{9}\.sock$/), "lab.sock"]);
    }
  });

  it("answers over its socket, also where its path is too long for one", async () => {
    folder = join(base, "x".repeat(150));
    await mkdir(folder);
    const lock = await LabLock.take(folder, options);
    await expect(LabLock.take(folder, options)).rejects.toThrow(`process ${process.pid} ("mesascope sweep corners.yaml"`);
    lock.serve((asked, answer) => answer.end(`you asked ${asked.url}`));
    const { socketPath } = (await findHolder(folder))!;
    const answer = await atSocketPath(
      socketPath,
      (path) =>
        new Promise<string>((resolve, reject) => {
          request({ socketPath: path, path: "/api" }, async (response) => resolve((await response.toArray()).join("")))
            .on("error", reject)
            .end();
        }),
    );
    expect(answer).toBe("you asked /api");
    await lock.release();
    expect(await findHolder(folder)).toBeNull();
  });
});
