import { describe, expect, it } from "vitest";
import { MesascopeError } from "../../../core/base/errors.ts";
import { patiently } from "./patiently.ts";

const full = () => new MesascopeError("file-system", "the disk is full.");
const patience = (signal = new AbortController().signal) => {
  const told: (string | null)[] = [];
  const warned: string[] = [];
  return {
    ...{ told, warned, signal, firstWait: 1 },
    onWait: (text: string | null) => told.push(text),
    onWarning: (text: string) => warned.push(text),
  };
};

describe("waiting for a store", () => {
  it("tries again until the store answers, says what it waits for, and that it goes on", async () => {
    const how = patience();
    let tries = 0;
    const result = await patiently(async () => {
      if (++tries < 4) throw full();
      return "kept";
    }, how);
    expect(result).toBe("kept");
    expect(how.told).toEqual([...Array(3).fill("waiting for the store: the disk is full."), null]);
    expect(how.warned).toEqual([
      "the job is waiting for the store: the disk is full.",
      "the store answers again, and the job goes on.",
    ]);
  });

  it("warns anew where the reason changes", async () => {
    const how = patience();
    const reasons = ["full", "full", "read-only", "read-only"];
    await patiently(async () => {
      const reason = reasons.shift();
      if (reason !== undefined) throw new MesascopeError("file-system", reason);
    }, how);
    expect(how.warned).toEqual([
      ...["full", "read-only"].map((reason) => `the job is waiting for the store: ${reason}`),
      "the store answers again, and the job goes on.",
    ]);
  });

  it("says nothing where the store answers at once", async () => {
    const how = patience();
    expect(await patiently(async () => 1, how)).toBe(1);
    expect([...how.told, ...how.warned]).toEqual([]);
  });

  it("throws everything but a store's failure at once", async () => {
    const how = patience();
    const damage = new MesascopeError("damaged-artifact", "altered");
    await expect(patiently(() => Promise.reject(damage), how)).rejects.toBe(damage);
    expect(how.told).toEqual([]);
  });

  it("ends the waiting with the signal's reason, also in the middle of a long wait", async () => {
    const controller = new AbortController();
    const reason = new MesascopeError("interrupted", "stop");
    const waiting = patiently(() => Promise.reject(full()), {
      ...patience(controller.signal),
      firstWait: 3_600_000,
      onWait: () => setImmediate(() => controller.abort(reason)),
    });
    await expect(waiting).rejects.toBe(reason);
  });
});
