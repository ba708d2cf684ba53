// The audit: runs the battery on a subject and writes the verdict document. Levels are solved once and serve every subject.

import type { PosteriorPoint } from "../instruments/active-levels.ts";
import type { ShiftResult } from "../instruments/behavior.ts";
import type { Subject } from "../instruments/subject.ts";
import type { VerdictDocument } from "./verdict-document.ts";

/** A verdict, and what a report draws beside it. */
export interface AuditResult {
  readonly document: VerdictDocument;
  readonly shifts: readonly ShiftResult[];
  /** The posterior over named objectives as evidence came in, for each context that was read out. */
  readonly traces: readonly { readonly context: string; readonly points: readonly PosteriorPoint[] }[];
}
