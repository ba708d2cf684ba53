// The price of a sweep file for the terminal: asked of the lab or measured here, with a line of progress, and in words.

import { availableParallelism } from "node:os";
import type { SweepPrice } from "../lab/api.ts";
import type { SweepFile } from "../lab/sweep/sweep-file.ts";
import type { PriceProgress } from "../node/lab/price-sweep.ts";
import type { LabAtHand, LabChoice } from "../node/server/lab-at-hand.ts";
import { bytes, count, decimal, duration } from "./format.ts";
import { ofThisProcess } from "./lab-options.ts";
import { type BarState, ProgressBoard } from "./progress-board.ts";
import type { Terminal } from "./terminal.ts";

/** Milliseconds between two looks at the time where another process prices, which tells nothing on the way. */
const lookAgain = 1000;

interface PriceOptions {
  readonly file: SweepFile;
  readonly choice: LabChoice;
  readonly terminal: Terminal;
}

/** The price, and which lab told it; null where there is none. Throws as `openForCommand` and `priceSweep`. */
export async function askPrice({
  file,
  choice,
  terminal,
}: PriceOptions): Promise<{ readonly lab: string | null; readonly price: SweepPrice }> {
  const { findLabFolder, withLab } = await import("../node/server/lab-at-hand.ts");
  const here = { ...ofThisProcess(), isToRead: true };
  const hasLab = choice.server !== undefined || (await findLabFolder(choice, here)) !== null;
  const board = new ProgressBoard(terminal.err);
  const show = (state: BarState) => board.update(file.name, state);
  const onProgress = (progress: PriceProgress) => show(priceBar(progress));
  try {
    if (!hasLab) {
      const { priceSweep } = await import("../node/lab/price-sweep.ts");
      const { codeVersion } = await import("../node/code-version.ts");
      return { lab: null, price: await priceSweep({ file, code: codeVersion, onProgress }) };
    }
    show({ share: 0, text: "asking the lab" });
    return await withLab(choice, here, async ({ client, own, holder, name }) => {
      if (own !== null) return { lab: name, price: await own.service.price(file, onProgress) };
      const price = await waitingAloud(client.sweeps.price({ file }), { holder, show });
      return { lab: name, price };
    });
  } finally {
    board.close();
  }
}

/** How far pricing is, as a bar: the share is that of the kinds of jobs that were tried. */
export function priceBar(progress: PriceProgress): BarState {
  switch (progress.stage) {
    case "jobs":
      return { share: 0, text: `${count(progress.jobs)} jobs found` };
    case "done-before":
      return { share: 0, text: `which of ${count(progress.jobs)} jobs are done` };
    case "tries": {
      const { done, of } = progress;
      return { share: of === 0 ? 1 : done / of, text: `${count(done)} of ${count(of)} kinds of jobs tried` };
    }
    default:
      return progress satisfies never;
  }
}

async function waitingAloud(
  asked: Promise<SweepPrice>,
  { holder, show }: { readonly holder: LabAtHand["holder"]; readonly show: (state: BarState) => void },
): Promise<SweepPrice> {
  const who = holder === null ? "the server" : `process ${holder.processId}`;
  const began = performance.now();
  const look = () => show({ share: 0, text: `${who} tries each kind of job, ${duration((performance.now() - began) / 1000)}` });
  look();
  const timer = setInterval(look, lookAgain);
  try {
    return await asked;
  } finally {
    clearInterval(timer);
  }
}

/** `workers`: jobs at a time. */
export function priceText(told: SweepPrice, workers: number = availableParallelism()): string {
  const { sweep, jobs, missing, runs, audits, measurements, environmentSteps, coreSeconds, runsByLikeness } = told;
  if (missing === 0) return `${sweep}: all ${count(jobs)} jobs are done; nothing is left to pay.\n`;
  const done = jobs === missing ? `${count(jobs)} jobs` : `${count(missing)} of ${count(jobs)} jobs to do, the others are done`;
  const hours = coreSeconds >= 3600 ? `${decimal(coreSeconds / 3600, 1)} core-hours` : `${duration(coreSeconds)} of one core`;
  const rough = runsByLikeness === 0 ? "" : ` ${count(runsByLikeness)} runs are priced by others like them.`;
  return (
    `${sweep}: ${done}: ${count(runs)} runs (${count(environmentSteps)} steps), ${count(audits)} audits, ${count(measurements)} measurements.\n` +
    `About ${hours}, ${duration(coreSeconds / workers)} on ${count(workers)} free core${workers === 1 ? "" : "s"}; ${bytes(told.bytes)} to keep.${rough}\n`
  );
}
