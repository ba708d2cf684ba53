// What a league costs before it is held: every auditor's preparation and first audit in each world, timed, times what is not answered yet.

import type { LeagueAuditor } from "../../core/league/league-auditor.ts";
import { keyOf } from "../../core/league/verdict-record.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { auditMembers } from "./audit-members.ts";
import { identityOfLeague, loadEntrants } from "./league-entrants.ts";
import { LeagueJournal } from "./league-journal.ts";
import type { AuditorSource } from "./league-messages.ts";
import type { LeagueMember } from "./league-population.ts";
import type { LeagueOptions } from "./run-league.ts";

export interface LeaguePrice {
  /** Audits that are not answered yet. */
  readonly audits: number;
  /** Processor time that they take, at the speeds measured now. */
  readonly seconds: number;
  /** What was timed, at `levels` levels: the first organism of a world. */
  readonly measured: readonly {
    readonly auditor: string;
    readonly world: string;
    readonly levels: number;
    readonly prepare: number;
    readonly audit: number;
  }[];
}

/** Audits of one auditor at one budget in one setting that are not answered yet. */
interface Pending {
  readonly auditor: LeagueAuditor;
  readonly source: AuditorSource;
  readonly levels: number;
  readonly members: readonly LeagueMember[];
}

/**
 * Times each auditor on the first organism of every world where something is not answered yet, at the least budget that is left there, and
 * takes time to grow with the levels. What it answers is forgotten, and nothing is written. Throws as `runLeague` does for auditors, journals
 * and answers.
 */
export async function priceOf(
  options: Pick<LeagueOptions, "population" | "auditors" | "budgets" | "out" | "seed" | "signal">,
): Promise<LeaguePrice> {
  const pending = await pendingOf(options);
  const measured = new Map<string, LeaguePrice["measured"][number]>();
  let seconds = 0;
  for (const each of pending) {
    const { world } = each.members[0]!;
    const key = JSON.stringify([each.auditor.name, world]);
    const own = measured.get(key) ?? (await measure(each, options));
    measured.set(key, own);
    seconds += ((own.prepare + each.members.length * own.audit) * each.levels) / own.levels;
  }
  return {
    audits: pending.reduce((sum, { members }) => sum + members.length, 0),
    seconds,
    measured: [...measured.values()],
  };
}

/** The smallest budgets first, so that these are the ones that are timed. */
async function pendingOf(options: Parameters<typeof priceOf>[0]): Promise<readonly Pending[]> {
  const { population, out } = options;
  const entrants = await loadEntrants(options.auditors);
  const identity = await identityOfLeague(entrants, options);
  const answered = await LeagueJournal.answeredIn(out, identity);
  const settings = Map.groupBy(population.members, ({ setting }) => setting);
  return identity.budgets.flatMap((levels) =>
    entrants.flatMap(({ auditor, source }) =>
      [...settings.values()].flatMap((own) => {
        const members = own.filter(({ id }) => !answered.has(keyOf({ auditor: auditor.name, levels, id })));
        return members.length === 0 ? [] : [{ auditor, source, levels, members }];
      }),
    ),
  );
}

async function measure(
  { auditor, source, levels, members }: Pending,
  { population, seed, signal }: Parameters<typeof priceOf>[0],
): Promise<LeaguePrice["measured"][number]> {
  const { id, target, setting, world } = members[0]!;
  const composition = { ...population.composition };
  const started = processorSeconds();
  let prepared = started;
  await auditMembers({
    auditor,
    job: { source, levels, composition, seed, setting, members: [{ id, target }] },
    engine: createOnnxEngine,
    signal,
    tell: ({ kind }) => {
      if (kind === "prepared") prepared = processorSeconds();
    },
  });
  return { auditor: auditor.name, world, levels, prepare: prepared - started, audit: processorSeconds() - prepared };
}

/** What else runs on the machine does not count, and an engine computes on the thread that calls it. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
