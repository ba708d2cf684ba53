import { expect, it } from "vitest";
import type { WorkerRow } from "../../../lab/api.ts";
import { slotsTogether } from "./workers.ts";

const worker = (host: string, slots: number, running: number): WorkerRow => ({
  ...{ name: "", code: "", host, slots, running: Array.from({ length: running }, () => "key"), trouble: null },
  ...{ startedAt: "", heartbeatAt: "" },
});

it("counts the slots of workers on machines of their own", () => {
  expect(slotsTogether([worker("a", 2, 0), worker("b", 4, 1)])).toBe(6);
});

it("counts those of one machine once, as the workers share its cores", () => {
  expect(slotsTogether([worker("a", 2, 1), worker("a", 2, 1), worker("a", 2, 0)])).toBe(2);
});

it("believes what runs", () => {
  expect(slotsTogether([worker("a", 1, 1), worker("a", 1, 1), worker("a", 1, 1), worker("a", 1, 0)])).toBe(3);
});

it("counts nothing without workers", () => {
  expect(slotsTogether([])).toBe(0);
});
