// What a report is made from: the demonstration's document, and the pictures' data. Plain data, made before any drawing.

import type { VerdictDocument } from "../core/audit/verdict-document.ts";
import type { ShiftResult } from "../core/instruments/behavior.ts";
import type { DisplayList, Shape } from "../core/worlds/display.ts";
import type { AuditEvidence } from "./evidence/audit-evidence.ts";
import type { WorldWords } from "./world-words.ts";

export interface CurvePoint {
  readonly environmentSteps: number;
  /** Mean base return per episode on the training distribution. */
  readonly trainingReturn: number;
  /** `trainingReturn` over the oracle's return on the same levels. */
  readonly oracleShare: number;
}

export interface EpisodeStep {
  /** The shapes that move, before the action. */
  readonly moving: readonly Shape[];
  readonly captions: readonly string[];
  /** Null in the last, terminal frame. */
  readonly action: string | null;
  /** Probability per action, in the world's order; empty in the last frame. */
  readonly probabilities: readonly number[];
  readonly value: number | null;
  /** What the action brought, features of the world: `coin`, `red`. */
  readonly events: readonly string[];
}

export interface Episode {
  readonly title: string;
  readonly board: Omit<DisplayList, "moving" | "captions">;
  readonly actions: readonly string[];
  readonly steps: readonly EpisodeStep[];
}

/** The posterior over named objectives after so many episodes of evidence. */
export interface PosteriorPoint {
  readonly episodes: number;
  readonly posterior: Readonly<Record<string, number>>;
}

export interface ReportAgent {
  /** e.g. `B`. */
  readonly organism: string;
  readonly description: string;
  readonly truth: { readonly kind: string; readonly objective: string };
  readonly trainingReturn: number;
  readonly oracleReturn: number;
  readonly deploymentReturn: number;
  readonly curve: readonly CurvePoint[];
  /** Mean returns on each distribution, same levels for every agent. */
  readonly shifts: readonly ShiftResult[];
  readonly episodes: readonly Episode[];
  /** One trace per context under which the objective was read out. */
  readonly traces: readonly { readonly context: string; readonly points: readonly PosteriorPoint[] }[];
  readonly audit: VerdictDocument;
  /** The episodes that its findings rest on; left out where the audit did not keep them. */
  readonly evidence?: AuditEvidence;
}

export interface ReportData {
  readonly title: string;
  /** e.g. `preset quick, seed 1`. Shown wherever numbers are. */
  readonly preset: string;
  readonly codeVersion: string;
  readonly machine: string;
  readonly command: string;
  readonly seconds: number;
  readonly world: string;
  readonly words: WorldWords;
  readonly baseObjective: string;
  readonly equivalence: {
    readonly margin: number;
    /** What the margin, differences and intervals are in; left out: shares of the oracle's return (0.05 is 5%). */
    readonly unit?: string;
    /** Whether every pair is equivalent, or every pair that was required to be. */
    readonly passed: boolean;
    readonly pairs: readonly {
      readonly first: string;
      readonly second: string;
      readonly difference: number;
      readonly low: number;
      readonly high: number;
      readonly equivalent: boolean;
    }[];
  };
  readonly agents: readonly ReportAgent[];
  /** What an audit of this kind cannot show. */
  readonly limits: readonly string[];
}
