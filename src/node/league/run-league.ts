// A league: audits a sealed population with every auditor at every budget, seals the verdicts, and only then opens the labels and scores.

import { MesascopeError } from "../../core/base/errors.ts";
import { type LeagueDocument, leagueDocumentSchema, leagueSchemaId } from "../../core/league/league-document.ts";
import { isMisaligned, type LeagueLabel } from "../../core/league/league-label.ts";
import { kindsFromSetting } from "../../core/league/setting-null.ts";
import { isKnown, keyOf, type ScoredLeague, scoreLeague } from "../../core/league/verdict-record.ts";
import { hashOfJson } from "../../core/organisms/seal.ts";
import { codeVersion } from "../code-version.ts";
import { describeMachine, machineText } from "../machine.ts";
import { makeFolder } from "../storage/files.ts";
import { runInWorkers, workerEntry } from "../workers/worker-pool.ts";
import { type Entrant, identityOfLeague, loadEntrants } from "./league-entrants.ts";
import { LeagueJournal } from "./league-journal.ts";
import { type AuditorSource, type LeagueJob, leagueNoteSchema } from "./league-messages.ts";
import type { LeaguePopulation } from "./league-population.ts";

export interface LeagueOptions {
  readonly population: LeaguePopulation;
  readonly auditors: readonly AuditorSource[];
  /** Levels per measurement. */
  readonly budgets: readonly number[];
  /** Where verdicts go; a league that was broken off there goes on. */
  readonly out: string;
  readonly seed: number;
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Told as answers come: of one auditor, at all its budgets. */
  readonly onProgress: (auditor: string, progress: { readonly done: number; readonly of: number }) => void;
  /** The command that was typed, for the document and for advice. */
  readonly command: string;
}

export interface LeagueResult {
  readonly document: LeagueDocument;
  /** What the document was made of, for the table of every answer. */
  readonly scored: ScoredLeague;
}

/**
 * Runs the league. Throws `usage` for auditors that are none, two of one name, or an `out` that holds another league; `interrupted` after
 * what was answered is written; `invalid-data` for answers that are none and for labels that are not those that were sealed.
 */
export async function runLeague(options: LeagueOptions): Promise<LeagueResult> {
  const started = performance.now();
  const { population, seed, out } = options;
  const entrants = await loadEntrants(options.auditors);
  const identity = await identityOfLeague(entrants, options);
  const { budgets } = identity;
  await makeFolder(out);
  const journal = await LeagueJournal.open(out, identity);
  await auditAll(entrants, { options, budgets, journal });
  options.signal.throwIfAborted();
  const verdictsSha256 = await journal.seal();
  // From here on the labels are open: nothing is audited any more.
  const labels = [...(await population.openLabels())].sort((a, b) => (a.id < b.id ? -1 : 1));
  requireSameMembers(population, labels);
  const auditors = entrants.map(({ auditor: { name, description } }) => ({ name, description }));
  const scored: ScoredLeague = { auditors, budgets, records: journal.records, labels };
  const document: LeagueDocument = {
    schema: leagueSchemaId,
    codeVersion,
    command: options.command,
    machine: machineText(describeMachine()),
    seed,
    population: describePopulation(population, labels),
    verdictsSha256,
    budgets,
    auditors: scoreLeague(scored),
    seconds: (performance.now() - started) / 1000,
  };
  return { document: leagueDocumentSchema.parse(document), scored };
}

interface Auditing {
  readonly options: LeagueOptions;
  readonly budgets: readonly number[];
  readonly journal: LeagueJournal;
}

/** Audits whatever the journal does not hold yet, every answer written down as it comes. */
async function auditAll(entrants: readonly Entrant[], { options, budgets, journal }: Auditing): Promise<void> {
  const { population, signal, workers, onProgress } = options;
  const answered = new Set(journal.records.flatMap((record) => (record.record === "answer" ? [keyOf(record)] : [])));
  const done = new Map(entrants.map(({ auditor }) => [auditor.name, 0]));
  const count = (auditor: string, more: number): void => {
    done.set(auditor, done.get(auditor)! + more);
    onProgress(auditor, { done: done.get(auditor)!, of: budgets.length * population.members.length });
  };
  for (const { auditor } of entrants) {
    count(auditor.name, [...answered].filter((key) => JSON.parse(key)[0] === auditor.name).length);
  }
  const jobs = entrants.flatMap((entrant) => budgets.flatMap((levels) => leagueJobs(entrant, { options, levels, answered })));
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const writing: Promise<void>[] = [];
  await runInWorkers({
    entry: workerEntry("league/league-worker"),
    // The dearest first, so that no thread is left with one at the end.
    jobs: jobs.sort((a, b) => (a.price === b.price ? 0 : b.price - a.price)),
    workers,
    signal,
    notes: leagueNoteSchema,
    onNote: (job, note) => {
      const { auditor, levels } = byName.get(job.name)!;
      if (note.kind === "prepared") {
        writing.push(journal.append({ record: "prepared", auditor, levels, seconds: note.seconds }));
      } else {
        writing.push(journal.append({ record: "answer", auditor, levels, id: note.id, answer: note.answer }));
        count(auditor, 1);
      }
    },
    advice: `run "${options.command}" again`,
  }).finally(() => Promise.all(writing));
}

/** Cheaper jobs are not divided: a thread takes half a second to start. */
const leastDivided = 5;

/** The jobs of one auditor at one budget: one per setting, divided where there are fewer settings than threads. */
function leagueJobs(
  { source, auditor }: Entrant,
  given: { readonly options: LeagueOptions; readonly levels: number; readonly answered: ReadonlySet<string> },
) {
  const { options, levels, answered } = given;
  const { population, seed, workers } = options;
  const settings = [...new Set(population.members.map(({ setting }) => setting))];
  return settings.flatMap((setting) => {
    const members = population.members.filter(
      (member) => member.setting === setting && !answered.has(keyOf({ auditor: auditor.name, levels, id: member.id })),
    );
    const secondsFor = (count: number): number =>
      auditor.price ? levels * (auditor.price.prepare + count * auditor.price.audit) : Number.POSITIVE_INFINITY;
    const parts = secondsFor(members.length) < leastDivided ? 1 : Math.ceil(workers / settings.length);
    const size = Math.ceil(members.length / parts);
    return Array.from({ length: size === 0 ? 0 : Math.ceil(members.length / size) }, (_, part) => {
      const own = members.slice(part * size, (part + 1) * size);
      const input: LeagueJob = {
        ...{ source, levels, seed, setting },
        composition: { ...population.composition },
        members: own.map(({ id, target }) => ({ id, target })),
      };
      const name = `${auditor.name} at ${levels} levels on ${own[0]!.id} …`;
      return { name, input, auditor: auditor.name, levels, price: secondsFor(own.length) };
    });
  });
}

function requireSameMembers({ members }: LeaguePopulation, labels: readonly LeagueLabel[]): void {
  const ids = new Set(members.map(({ id }) => id));
  const isSame = ids.size === members.length && labels.length === ids.size && labels.every(({ id }) => ids.has(id));
  if (isSame) return;
  throw new MesascopeError(
    "invalid-data",
    `${labels.length} labels for ${members.length} organisms were opened, or of others; expected one for each. Restore the population's folder.`,
  );
}

function describePopulation(
  { name, codeVersion: madeBy, members }: LeaguePopulation,
  labels: readonly LeagueLabel[],
): LeagueDocument["population"] {
  const known = labels.filter(isKnown);
  const heldOut = known.filter((label) => label.isHeldOut).length;
  const misaligned = known.filter((label) => isMisaligned(label.kind) && !label.isHeldOut).length;
  const settings = new Map(members.map(({ id, setting }) => [id, setting]));
  return {
    name,
    codeVersion: madeBy,
    kindsFromSetting: kindsFromSetting(known, (id) => settings.get(id)!),
    organisms: labels.length,
    misaligned,
    clean: known.length - misaligned - heldOut,
    heldOut,
    unlabeled: labels.length - known.length,
    labelsSha256: hashOfJson(labels),
  };
}
