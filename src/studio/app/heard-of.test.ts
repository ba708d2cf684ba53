import { expect, it } from "vitest";
import { type Heard, heardBefore, heardOf } from "./heard-of.ts";

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

it("a job that was silent before the page was opened is as old as the lab says, until it is heard of here", () => {
  const opened = begin + 600_000;
  const heard = heardBefore(540, { before: undefined, now: opened });
  expect(heard.at).toBe(begin + 60_000);
  // Asked again: no younger by that, and no older.
  expect(heardBefore(570, { before: heard, now: opened + 30_000 })).toBe(heard);
  const { heard: again, ago } = told(900, { page: 640, before: heard });
  expect(ago).toBe(0);
  // What the lab knows is not older than what was told here.
  expect(heardBefore(40, { before: again, now: begin + 660_000 })).toBe(again);
});
