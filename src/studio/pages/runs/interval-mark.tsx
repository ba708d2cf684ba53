// A mean and its interval as a mark in a row of a table, where the numbers stand beside it.

import type { ReactNode } from "react";
import type { JobGroup } from "../../../lab/api.ts";

type Estimate = NonNullable<JobGroup["oracleShare"]>;

/** Where the scale of all rows ends: at the whole, or at what reaches further. */
export function scaleEnd(shown: readonly (Estimate | null)[]): number {
  return Math.max(1, ...shown.map((each) => each?.high ?? each?.mean ?? 0));
}

/** From 0 to `end`, with a rule at 1. */
export function IntervalMark({ of, end }: { readonly of: Estimate; readonly end: number }): ReactNode {
  const place = (value: number) => `${(100 * Math.max(0, value)) / end}%`;
  return (
    <svg className="interval-mark" aria-hidden="true">
      <line className="interval-mark-scale" x1="0" x2="100%" y1="50%" y2="50%" />
      <line className="interval-mark-whole" x1={place(1)} x2={place(1)} y1="0" y2="100%" />
      {of.low !== null && of.high !== null && <line x1={place(of.low)} x2={place(of.high)} y1="50%" y2="50%" />}
      <circle cx={place(of.mean)} cy="50%" r="3.5" />
    </svg>
  );
}
