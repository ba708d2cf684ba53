import { expect, it } from "vitest";
import { type Heard, heardOf } from "./heard-of.ts";

const begin = Date.parse("2026-03-01T10:00:00.000Z");
/** Seconds after that, by the worker's clock and by the page's. */
function told(
  worker: number,
  { page, before, kind = "progress" }: { page: number; before?: Heard; kind?: "progress" | "started" },
) {
  const heard = heardOf({ at: new Date(begin + 1000 * worker).toISOString(), kind }, { before, now: begin + 1000 * page });
  return { heard, ago: page - (heard.at - begin) / 1000 };
}

it("a job was heard of when its worker told of it, not when that was heard", () => {
  const { heard } = told(0, { page: 0 });
  // After a connection that was lost for a minute.
  expect(told(5, { page: 65, before: heard }).ago).toBe(60);
});

it("a clock that is wrong makes no job older or younger than it is", () => {
  for (const wrong of [-300, 300]) {
    const { heard, ago } = told(wrong, { page: 0 });
    expect(ago).toBe(0);
    expect(told(wrong + 10, { page: 10, before: heard }).ago).toBe(0);
    expect(told(wrong + 20, { page: 50, before: heard }).ago).toBe(30);
  }
});

it("an attempt that begins is measured by the clock of its own worker", () => {
  const { heard } = told(300, { page: 0 });
  expect(told(10, { page: 10, before: heard, kind: "started" }).ago).toBe(0);
});
