import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CoreSeats, type Seat } from "./core-seats.ts";

describe("seats at a machine's cores", () => {
  let lab = "";
  const closing: (() => void)[] = [];
  beforeEach(() => {
    lab = randomUUID();
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** A worker with them: `freed` counts how often it was told that one may be free. */
  const workerOf = (count: number, id = lab) => {
    const told = { freed: 0 };
    const seats = new CoreSeats({ lab: id, count }, () => told.freed++);
    closing.push(() => seats.close());
    const take = async (wanted: number) => {
      const taken = await seats.take(wanted);
      for (const seat of taken) closing.push(() => seat.release());
      return taken;
    };
    return { take, told };
  };
  const startOther = async (count: number): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [
      fileURLToPath(new URL("./core-seats-child.fixture.ts", import.meta.url)),
      lab,
      String(count),
    ]);
    closing.push(() => child.kill("SIGKILL"));
    const [taken] = await once(child.stdout, "data");
    expect(Number(taken)).toBe(count);
    return child;
  };
  const release = (seats: readonly Seat[]) => {
    for (const seat of seats) seat.release();
  };

  it("are no more for all workers of a lab together than there are", async () => {
    const [first, second] = [workerOf(3), workerOf(3)];
    expect(await first.take(2)).toHaveLength(2);
    expect(await second.take(2)).toHaveLength(1);
    expect(await first.take(1)).toHaveLength(0);
  });

  it("are another lab's own", async () => {
    expect(await workerOf(1).take(1)).toHaveLength(1);
    expect(await workerOf(1, randomUUID()).take(1)).toHaveLength(1);
  });

  it("tell who wanted one when one is left, and can be taken then", async () => {
    const [first, second] = [workerOf(1), workerOf(1)];
    const seats = await first.take(1);
    expect(await second.take(1)).toHaveLength(0);
    release(seats);
    await expect.poll(() => second.told.freed).toBe(1);
    expect(await second.take(1)).toHaveLength(1);
    expect(await first.take(1)).toHaveLength(0);
  });

  it("are left once, however often that is said", async () => {
    const [first, second] = [workerOf(1), workerOf(1)];
    const [seat] = await first.take(1);
    seat!.release();
    const [again] = await first.take(1);
    expect(again).toBeDefined();
    seat!.release();
    expect(await second.take(1)).toHaveLength(0);
  });

  it("are free when the process that has them is killed", async () => {
    const child = await startOther(2);
    const mine = workerOf(2);
    expect(await mine.take(2)).toHaveLength(0);
    child.kill("SIGKILL");
    await expect.poll(() => mine.told.freed, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
    expect(await mine.take(2)).toHaveLength(2);
  });

  it.skipIf(process.platform === "win32")(
    "are not waited for where the process that has them hangs, until it goes on",
    async () => {
      const child = await startOther(1);
      const mine = workerOf(1);
      expect(await mine.take(1)).toHaveLength(0);
      await sleep(2000);
      expect(await mine.take(1)).toHaveLength(0);
      child.kill("SIGSTOP");
      await expect.poll(async () => (await mine.take(1)).length, { timeout: 15_000, interval: 500 }).toBe(1);
      for (const close of closing.splice(-1)) close();
      child.kill("SIGCONT");
      await sleep(2000);
      expect(await mine.take(1)).toHaveLength(0);
    },
    30_000,
  );
});
