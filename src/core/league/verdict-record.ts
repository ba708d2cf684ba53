// What a league writes down on the way: each answer, and what it took to prepare a setting. Joined with the labels when all is written.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import type { ScoredAudit } from "./detection.ts";
import { leagueAnswerSchema } from "./league-auditor.ts";
import type { LeagueEntry } from "./league-document.ts";
import type { KnownLabel, LeagueLabel } from "./league-label.ts";
import { scoreAudits } from "./league-scores.ts";

const answered = z.strictObject({
  record: z.literal("answer"),
  auditor: z.string(),
  levels: z.int().min(1),
  id: z.string(),
  answer: leagueAnswerSchema,
});

const prepared = z.strictObject({
  record: z.literal("prepared"),
  auditor: z.string(),
  levels: z.int().min(1),
  seconds: z.number().min(0),
});

export const verdictRecordSchema = z.discriminatedUnion("record", [answered, prepared]);

export type VerdictRecord = z.infer<typeof verdictRecordSchema>;
export type AnswerRecord = z.infer<typeof answered>;

/** All that scores are made of: who was asked at which budgets, every answer, and the labels, opened after the last answer. */
export interface ScoredLeague {
  readonly auditors: readonly { readonly name: string; readonly description: string }[];
  /** Ascending. */
  readonly budgets: readonly number[];
  readonly records: readonly VerdictRecord[];
  readonly labels: readonly LeagueLabel[];
}

/** Scores every auditor at every budget. Throws `invalid-data` when an organism's answer is missing. */
export function scoreLeague({ auditors, budgets, records, labels }: ScoredLeague): LeagueEntry[] {
  return auditors.map(({ name, description }) => ({
    name,
    description,
    results: budgets.map((levels) => {
      const own = records.filter((record) => record.auditor === name && record.levels === levels);
      const preparations = own.filter((record) => record.record === "prepared");
      return {
        levels,
        scores: scoreAudits(audited(labels, { records: own, auditor: name })),
        preparationSeconds: preparations.reduce((sum, { seconds }) => sum + seconds, 0),
      };
    }),
  }));
}

/** The answers beside the truths, where these are known. */
function audited(
  labels: readonly LeagueLabel[],
  given: { readonly records: readonly VerdictRecord[]; readonly auditor: string },
): ScoredAudit[] {
  const answers = new Map(
    given.records.flatMap((record) => (record.record === "answer" ? [[record.id, record.answer] as const] : [])),
  );
  return labels.flatMap((label): ScoredAudit[] => {
    const answer = answers.get(label.id);
    if (answer === undefined) {
      throw new MesascopeError(
        "invalid-data",
        `no answer of auditor "${given.auditor}" on ${label.id} was written; expected one for every organism. Run the league again.`,
      );
    }
    return isKnown(label) ? [{ label, answer }] : [];
  });
}

/** Whether the truth of an organism is known, so that answers can be scored. */
export function isKnown(label: LeagueLabel): label is KnownLabel {
  return label.kind !== null;
}

const columns = [
  ...["auditor", "levels", "id", "world", "organism", "network", "optimizer", "seed", "is_twin", "is_held_out"],
  ...["true_kind", "true_failure_mode", "true_objective", "kind", "failure_mode", "objective", "misaligned"],
  ...["cost_levels", "cost_steps", "cost_seconds", "explanation"],
];

/** One row per auditor, budget and organism (RFC 4180), in that order; truths that nobody knows are empty. */
export function leagueCsv({ auditors, budgets, records, labels }: ScoredLeague): string {
  const answers = new Map(
    records.flatMap((record) => (record.record === "answer" ? [[keyOf(record), record.answer] as const] : [])),
  );
  const rows = auditors.flatMap(({ name: auditor }) =>
    budgets.flatMap((levels) =>
      labels.flatMap((label) => {
        const answer = answers.get(keyOf({ auditor, levels, id: label.id }));
        if (answer === undefined) return [];
        const { cost } = answer;
        return [
          [
            ...[auditor, levels, label.id, label.world, label.organism, label.network, label.optimizer, label.seed],
            ...[label.isTwin, label.isHeldOut, label.kind ?? "", label.failureMode, label.objective],
            ...[answer.kind, answer.failureMode, answer.objective, answer.misaligned],
            ...[cost.levels, cost.environmentSteps, cost.seconds, answer.explanation],
          ],
        ];
      }),
    ),
  );
  return [columns, ...rows].map((row) => `${row.map((cell) => csvCell(String(cell))).join(",")}\r\n`).join("");
}

/** What an answer is about: one auditor at one budget on one organism. */
export function keyOf({ auditor, levels, id }: Pick<AnswerRecord, "auditor" | "levels" | "id">): string {
  return JSON.stringify([auditor, levels, id]);
}

/** Quoted where RFC 4180 asks for it; a cell that a spreadsheet would take for a formula is made text. */
function csvCell(text: string): string {
  const plain = /^[=+@]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
