import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { sweepOf } from "../lab/sweep/sweep.fixture.ts";
import { parseSweepFile } from "../lab/sweep/sweep-file.ts";
import { initLab } from "../node/lab/lab-folder.ts";
import { askPrice } from "./price-sweep.ts";
import type { Channel } from "./terminal.ts";

function channel(): Channel & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, write: (text) => lines.push(text), isTerminal: false, columns: 100, style: (_, text) => text };
}

it("the price of a sweep says how far it is: jobs that were found, and kinds of them that were tried", async () => {
  const outer = await mkdtemp(join(tmpdir(), "mesascope-price-"));
  onTestFinished(() => rm(outer, { recursive: true }));
  const folder = join(outer, "lab");
  await initLab(folder);
  const file = parseSweepFile(sweepOf({ organisms: ["corner/aligned"], seeds: { from: 1, count: 3000 } }), "test");
  const err = channel();
  const { lab, price } = await askPrice({ file, choice: { lab: folder }, terminal: { out: channel(), err } });
  expect([lab, price.jobs, price.missing, price.runs]).toEqual([folder, 3000, 3000, 3000]);
  expect(err.lines[0]).toBe("test: 0%  asking the lab\n");
  expect(err.lines.at(-1)).toBe("test: 100%  1 of 1 kinds of jobs tried\n");
});
