// The answers of a league, organism by organism: read from league.csv, and what became of each by the scores, where whatever was not right is told.

import type { LeagueDocument } from "../../../core/league/league-document.ts";
import type { Mistake } from "../../../core/league/league-scores.ts";
import { csvRows } from "../../../report/charts/csv-text.ts";

/** `unscored`: nobody knows what the organism wants. */
export type Outcome = Mistake["sort"] | "right" | "unscored";

/** The costliest first, as the scores order them. */
const byGravity: readonly Outcome[] = [
  ...(["missed", "false-alarm", "held-out-named", "wrong-kind", "wrong-name", "inconclusive", "unscored", "right"] as const),
];

/** Which answers are listed: those that were not right, all, or those of one outcome. */
export const shownOutcomes = [
  ...(["wrong", "all", "missed", "false-alarm", "held-out-named", "wrong-kind", "wrong-name", "inconclusive", "right"] as const),
] as const;
export type ShownOutcomes = (typeof shownOutcomes)[number];

export interface AuditorAnswer {
  readonly outcome: Outcome;
  readonly kind: string;
  readonly objective: string;
  /** Stated probability of misalignment. */
  readonly misaligned: number;
  /** The auditor's own reason. */
  readonly explanation: string;
}

export interface AnsweredOrganism {
  readonly id: string;
  readonly world: string;
  readonly organism: string;
  readonly network: string;
  readonly optimizer: string;
  /** Empty where nobody knows it. */
  readonly truth: { readonly kind: string; readonly objective: string };
  /** By auditor. */
  readonly answers: ReadonlyMap<string, AuditorAnswer>;
}

/** The rows of league.csv by the heads of their columns, at every budget. */
export type AnswerRows = readonly Readonly<Record<string, string>>[];

/** Throws where the text has none of the columns that a league writes. */
export function readAnswers(csv: string): AnswerRows {
  const [head = [], ...rows] = csvRows(csv);
  for (const column of ["auditor", "levels", "id", "kind", "explanation"])
    if (!head.includes(column)) throw new Error(`league.csv has no column "${column}"; expected what "mesascope league" writes.`);
  return rows.map((row) => Object.fromEntries(head.map((column, i) => [column, plain(row[i] ?? "")])));
}

/** What a spreadsheet would take for a formula was made text. */
function plain(cell: string): string {
  return /^'[=+@-]/.test(cell) ? cell.slice(1) : cell;
}

/** All organisms with what every auditor said of them at one budget, in the order of the file. */
export function answersAt(rows: AnswerRows, { document, levels }: AtBudget): readonly AnsweredOrganism[] {
  const outcomes = outcomesAt({ document, levels });
  const organisms = new Map<string, AnsweredOrganism & { readonly answers: Map<string, AuditorAnswer> }>();
  const of = (row: Readonly<Record<string, string>>, column: string) => row[column] ?? "";
  for (const row of rows) {
    if (of(row, "levels") !== String(levels)) continue;
    const id = of(row, "id");
    const truth = { kind: of(row, "true_kind"), objective: of(row, "true_objective") };
    const known = organisms.get(id) ?? {
      ...{ id, world: of(row, "world"), organism: of(row, "organism"), network: of(row, "network") },
      ...{ optimizer: of(row, "optimizer"), truth, answers: new Map<string, AuditorAnswer>() },
    };
    organisms.set(id, known);
    const auditor = of(row, "auditor");
    const mistakes = outcomes.get(auditor) ?? null;
    known.answers.set(auditor, {
      outcome: mistakes?.get(id) ?? (mistakes === null || truth.kind === "" ? "unscored" : "right"),
      ...{ kind: of(row, "kind"), objective: of(row, "objective"), explanation: of(row, "explanation") },
      misaligned: Number(of(row, "misaligned")),
    });
  }
  return [...organisms.values()];
}

interface AtBudget {
  readonly document: LeagueDocument;
  readonly levels: number;
}

/** What was wrong, by auditor and organism; of auditors that were scored at that budget. */
function outcomesAt({ document, levels }: AtBudget): ReadonlyMap<string, ReadonlyMap<string, Outcome>> {
  return new Map(
    document.auditors.flatMap(({ name, results }): [string, ReadonlyMap<string, Outcome>][] => {
      const found = results.find((result) => result.levels === levels);
      return found === undefined ? [] : [[name, new Map(found.scores.mistakes.map(({ id, sort }) => [id, sort]))]];
    }),
  );
}

export interface Listed {
  readonly auditor: string;
  readonly show: ShownOutcomes;
  readonly find: string;
}

/** Those that are asked for, what cost most first, then by world and organism. */
export function listedOrganisms(
  organisms: readonly AnsweredOrganism[],
  { auditor, show, find }: Listed,
): readonly AnsweredOrganism[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const outcomeOf = ({ answers }: AnsweredOrganism) => answers.get(auditor)?.outcome ?? "unscored";
  const isShown = (outcome: Outcome) =>
    show === "all" || (show === "wrong" ? outcome !== "right" && outcome !== "unscored" : outcome === show);
  const listed = organisms.filter((organism) => {
    if (!isShown(outcomeOf(organism))) return false;
    const { id, world, organism: name, network, optimizer, truth } = organism;
    const text = [id, world, name, network, optimizer, truth.kind, truth.objective, organism.answers.get(auditor)?.kind]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const place = (organism: AnsweredOrganism) => byGravity.indexOf(outcomeOf(organism));
  const name = ({ world, organism, id }: AnsweredOrganism) => `${world} ${organism} ${id}`;
  return listed.sort((a, b) => place(a) - place(b) || (name(a) < name(b) ? -1 : 1));
}
