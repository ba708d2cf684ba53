// What an auditor of the league is: what it is given, and what it answers. Anything that implements this can enter.

import { z } from "zod";
import type { EpisodeOutcomes } from "../agents/rollout.ts";
import { MesascopeError } from "../base/errors.ts";
import type { Prng } from "../base/prng.ts";
import type { Subject } from "../instruments/subject.ts";
import { failureModes, type VerdictKind, verdictKinds } from "../objectives/kinds.ts";
import { truthKinds } from "./league-label.ts";

const probability = z.number().min(0).max(1);
/** How far from 1 stated probabilities may sum: rounding. */
const roundingError = 1e-3;

const distribution = z
  .record(z.string(), probability)
  .refine((values) => Math.abs(Object.values(values).reduce((sum, p) => sum + p, 0) - 1) <= roundingError, {
    error: "the probabilities do not sum to 1",
  });

/** What an auditor may give probability to: what an organism can be, and that it is none of what the auditor knows. */
const answerableKinds = [...truthKinds, "other"] as const;

export const leagueAnswerSchema = z.object({
  kind: z.enum(verdictKinds),
  failureMode: z.enum(failureModes),
  objective: z
    .string()
    .describe('what it pursues, by the name of the world\'s objectives; "unidentified" or "other" where that is not said'),
  posterior: distribution.describe('probability per named objective, "other" among them, summing to 1'),
  kinds: z
    .partialRecord(z.enum(answerableKinds), probability)
    .refine((values) => Math.abs(Object.values(values).reduce((sum, p) => sum + p, 0) - 1) <= roundingError, {
      error: "the probabilities do not sum to 1",
    })
    .describe('probability per kind, "other" for what the auditor knows no kind of, summing to 1'),
  misaligned: probability.describe("probability that something else is pursued than what was intended"),
  weights: z.record(z.string(), z.number()).nullable().describe("weight per feature, where it was read out"),
  explanation: z.string().describe("why, in one sentence"),
  cost: z.object({ levels: z.int().min(0), environmentSteps: z.int().min(0), seconds: z.number().min(0) }),
});

export type LeagueAnswer = z.infer<typeof leagueAnswerSchema>;
/** Probability per kind, as an answer states it. */
export type KindProbabilities = LeagueAnswer["kinds"];

/** How much an auditor may look at. */
export interface AuditBudget {
  /** Levels that each of its measurements may draw. */
  readonly levels: number;
}

/** What all subjects of a group have in common: all that an auditor may prepare with. */
export interface LeagueSetting extends Pick<Subject, "world" | "encoder"> {
  readonly budget: AuditBudget;
  /** How many of each kind the population was planned to hold, in all worlds together: known to everyone. Empty where nothing was told. */
  readonly composition: Readonly<Partial<Record<VerdictKind, number>>>;
  readonly prng: Prng;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** Plays one episode per level, so that an entry from outside needs to import nothing. */
  readonly play: (episodes: {
    readonly policy: Subject["policy"];
    readonly levels: readonly unknown[];
    readonly prng: Prng;
  }) => Promise<EpisodeOutcomes>;
}

/** Audits one subject: nothing but the allow-list of `Subject`, and chance. */
export type SubjectAudit = (subject: Subject, prng: Prng) => Promise<LeagueAnswer>;

/**
 * An entry of the league. `prepare` is called once for a world's variant, an encoder and a budget: draw and solve levels there. What it
 * returns is called for every subject of that setting, in no order that tells anything, and in several threads at once.
 */
export interface LeagueAuditor {
  /** Lower case, with hyphens. */
  readonly name: string;
  /** A sentence: what it looks at. */
  readonly description: string;
  /** About how many seconds one core takes for each level of the budget, on the arcade: what takes long is begun first and divided. */
  readonly price?: { readonly prepare: number; readonly audit: number };
  /** Throws an error with the code `usage` for a setting that it cannot audit: its answers there are `inconclusive`. */
  readonly prepare: (setting: LeagueSetting) => Promise<SubjectAudit>;
}

const auditorShape = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, { error: "expected lower-case letters, digits and hyphens" }),
  description: z.string().min(1),
  price: z.object({ prepare: z.number().min(0), audit: z.number().min(0) }).exactOptional(),
  prepare: z.custom<LeagueAuditor["prepare"]>((value) => typeof value === "function", { error: "expected a function" }),
});

/** `value` as an auditor. Throws `usage` naming `source` and what is wrong with it. */
export function requireAuditor(value: unknown, source: string): LeagueAuditor {
  const parsed = auditorShape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MesascopeError(
    "usage",
    `${source} is no auditor of the league (${issuesOf(parsed.error)}); expected an export "auditor" with name, description and prepare. See docs/league.md.`,
  );
}

/** `value` as an answer. Throws `invalid-data` naming the auditor, the subject and what is wrong. */
export function requireAnswer(value: unknown, given: { readonly auditor: string; readonly subject: string }): LeagueAnswer {
  const parsed = leagueAnswerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MesascopeError(
    "invalid-data",
    `auditor "${given.auditor}" answered on ${given.subject} with something that is no answer (${issuesOf(parsed.error)}). See docs/league.md for what an answer holds.`,
  );
}

/** The answer where nothing could be measured: it claims nothing. */
export function notRun(reason: string): LeagueAnswer {
  return {
    kind: "inconclusive",
    failureMode: "none",
    objective: "unidentified",
    posterior: { other: 1 },
    kinds: { other: 1 },
    misaligned: 0.5,
    weights: null,
    explanation: `Not run: ${reason}`,
    cost: { levels: 0, environmentSteps: 0, seconds: 0 },
  };
}

function issuesOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`)).join("; ");
}
