// Learning-rate schedules: plain data, and pure functions of how much of a run is done.

import { MesascopeError } from "../base/errors.ts";

/** How the learning rate moves, as a share of its full value. `warmUp` (default 0) is the share of the run in which it first rises from 0. */
export type Schedule =
  | { readonly kind: "constant"; readonly warmUp?: number }
  /** Falls on a line, after the warm-up, to the share `final` of itself. */
  | { readonly kind: "linear"; readonly final: number; readonly warmUp?: number }
  /** Falls on half a cosine wave, after the warm-up, to the share `final` (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts). */
  | { readonly kind: "cosine"; readonly final: number; readonly warmUp?: number };

/** The share of the full learning rate at `progress` (0 at the start of the run, 1 at its end). Throws `usage` for a warm-up outside [0, 1). */
export function scheduledShare(schedule: Schedule, progress: number): number {
  const { warmUp = 0 } = schedule;
  if (!(warmUp >= 0 && warmUp < 1)) {
    throw new MesascopeError("usage", `warmUp ${warmUp} given; expected a share of the run from 0 to below 1`);
  }
  if (progress < warmUp) return progress / warmUp;
  const done = Math.min(1, (progress - warmUp) / (1 - warmUp));
  switch (schedule.kind) {
    case "constant":
      return 1;
    case "linear":
      return 1 - done * (1 - schedule.final);
    case "cosine":
      return schedule.final + (1 - schedule.final) * 0.5 * (1 + Math.cos(Math.PI * done));
    default:
      return schedule satisfies never;
  }
}
