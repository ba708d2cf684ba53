// From the records of finished runs to the card: every number of every agent, and the reference agents beside them.

import { canonicalJson } from "../base/canonical-json.ts";
import { bootstrapInterval } from "../base/intervals.ts";
import { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import type { CardEstimate, CardMeasure, CardRow } from "./card.ts";
import { type Episode, shareOfBest } from "./episodes.ts";
import { estimateOver } from "./estimates.ts";
import { type FamiliarLevels, familiarOf, setsOf } from "./familiar-levels.ts";
import { trainingSet } from "./plan.ts";
import type { AgentRecord, ReferenceRole } from "./records.ts";
import type { EpisodeMeasure, Measure } from "./replication.ts";
import { boardOf, episodesOf, type MadeAgent, type OpenResults, openResults, type Results, viewFor } from "./results.ts";

const resamples = 400;

/** The measure that every card has: what is asked of the twin. */
export const trainingReturn = "return in training";

/** The numbers of the card, the return in training first. */
export function summarize(results: Results): readonly CardMeasure[] {
  const context = openResults(results);
  const onTraining = shareOfBest({
    name: trainingReturn,
    meaning: "Return under the intended objective on the levels that it was trained on, of the best possible there.",
    on: trainingSet,
  });
  return [onTraining, ...results.replication.measures].map((measure) => ({
    name: measure.name,
    meaning: measure.meaning,
    unit: measure.unit,
    rows: [...conditionRows(measure, context), ...referenceRows(measure, context)],
  }));
}

function conditionRows(measure: Measure, context: OpenResults): readonly CardRow[] {
  return context.results.replication.conditions.map(({ name, role }) => {
    const made = context.results.agents.filter(({ planned, record }) => planned.condition === name && record.flaw === null);
    const base = { agent: name, role, conditions: [name] };
    const none = { ...base, ...unmeasured, all: null };
    if (made.length === 0) return none;
    if (measure.kind !== "episodes") {
      const values = made.map(({ record }) => examined(measure, record));
      return { ...none, all: estimateOf(values, { measure, counts: null }) };
    }
    const on = (subsets: readonly (FamiliarLevels | null)[]): CardEstimate | null => {
      const values = made.map((agent, i) => valueFor(measure, { ...agent, context, at: -1, subset: subsets[i]! }));
      return estimateOf(values, { measure, counts: countsFor(measure, { made, context, subsets }) });
    };
    const familiar = made.map((agent) => familiarOf(agent, { measure, context, isStrict: false }));
    const strict = made.map((agent) => familiarOf(agent, { measure, context, isStrict: true }));
    return {
      ...base,
      all: on(made.map(() => null)),
      familiar: on(familiar),
      familiarShare: mean(familiar.map(({ share }) => share)),
      strict: on(strict),
      strictShare: mean(strict.map(({ share }) => share)),
      during: during(measure, { made, context }),
    };
  });
}

/** What a read-out or an audit says; null where none was made. */
function examined(
  measure: Exclude<Measure, EpisodeMeasure>,
  { readOut, audit }: Pick<AgentRecord, "readOut" | "audit">,
): number | null {
  if (measure.kind === "read-out") return readOut && measure.value(readOut);
  return audit && measure.value(audit);
}

function during(
  measure: EpisodeMeasure,
  of: { readonly made: readonly MadeAgent[]; readonly context: OpenResults },
): CardRow["during"] {
  const { measurements } = of.made[0]!.record;
  if (measurements.length < 2) return [];
  return measurements.flatMap(({ environmentSteps }, at) => {
    const values = of.made.map((agent) => valueFor(measure, { ...agent, context: of.context, at, subset: null }));
    const estimate = estimateOf(values, { measure, counts: null });
    return estimate === null ? [] : [{ environmentSteps, estimate }];
  });
}

/** The rows of the reference agents, one for each group of conditions that share their levels. */
function referenceRows(measure: Measure, context: OpenResults): readonly CardRow[] {
  const groups = new Map<string, MadeAgent[]>();
  for (const agent of context.results.agents) {
    const key = canonicalJson(
      measure.kind === "episodes" ? setsOf(measure).map((set) => boardOf(agent, set)) : boardOf(agent, trainingSet).world,
    );
    groups.set(key, [...(groups.get(key) ?? []), agent]);
  }
  return [...groups.values()].flatMap((agents) => {
    const conditions = [...new Set(agents.map(({ planned }) => planned.condition))];
    const references = viewFor(agents[0]!, { set: measure.kind === "episodes" ? measure.on : trainingSet, context }).record
      .references;
    return references.map((reference): CardRow => {
      const { name, role } = reference;
      const base = { agent: name, role, conditions, ...unmeasured };
      if (measure.kind !== "episodes") {
        const value = examined(measure, reference);
        return { ...base, all: value === null ? null : pointOf(value) };
      }
      return { ...base, ...referenceNumbers(measure, { name, role, agents, context }) };
    });
  });
}

function referenceNumbers(
  measure: EpisodeMeasure,
  of: {
    readonly name: string;
    readonly role: ReferenceRole;
    readonly agents: readonly MadeAgent[];
    readonly context: OpenResults;
  },
): Pick<CardRow, "all" | "familiar" | "familiarShare"> {
  const { name, agents, context } = of;
  const [own = [], against = []] = setsOf(measure).map((set) => {
    const view = viewFor(agents[0]!, { set, context });
    return episodesOf(view, view.record.references.find((reference) => reference.name === name)!.episodes);
  });
  const value = measure.value(own, against);
  const subsets = agents.map((agent) => familiarOf(agent, { measure, context, isStrict: false }));
  const onFamiliar = subsets
    .filter(({ isEnough }) => isEnough)
    .map(({ keeps }) =>
      measure.value(
        own.filter((_, i) => keeps[0]![i]),
        against.filter((_, i) => keeps[1]![i]),
      ),
    )
    .filter((each) => each !== null);
  return {
    all: value === null ? null : { ...pointOf(value), interval: overLevels(measure, { own, against }) },
    familiar: onFamiliar.length * 2 < agents.length ? null : pointOf(mean(onFamiliar)),
    familiarShare: mean(subsets.map(({ share }) => share)),
  };
}

/** The bootstrap over levels; null where some resample tells nothing. */
function overLevels(
  measure: EpisodeMeasure,
  { own, against }: { readonly own: readonly Episode[]; readonly against: readonly Episode[] },
): CardEstimate["interval"] {
  const units = own.map((_, i) => i);
  let isWhole = true;
  const statistic = (sample: readonly number[]): number => {
    const value = measure.value(
      sample.map((i) => own[i]!),
      against.length === 0 ? against : sample.map((i) => against[i]!),
    );
    if (value === null) isWhole = false;
    return value ?? 0;
  };
  const { low, high } = bootstrapInterval({ units, statistic, prng: Prng.fromSeed(0), resamples });
  return isWhole ? { low, high, method: "bootstrap" } : null;
}

/** What a row has nothing of unless it says so. */
const unmeasured = { familiar: null, familiarShare: null, strict: null, strictShare: null, during: [] };

interface AskedValue extends MadeAgent {
  readonly context: OpenResults;
  /** Which measurement, −1 for the last. */
  readonly at: number;
  /** Null for all levels. */
  readonly subset: FamiliarLevels | null;
}

function valueFor(measure: EpisodeMeasure, { planned, record, context, at, subset }: AskedValue): number | null {
  if (subset !== null && !subset.isEnough) return null;
  const { sets } = record.measurements.at(at)!;
  const [own = [], against = []] = setsOf(measure).map((set, s) => {
    const episodes = episodesOf(viewFor({ planned, record }, { set, context }), sets[set]!);
    return subset === null ? episodes : episodes.filter((_, i) => subset.keeps[s]![i]);
  });
  return measure.value(own, against);
}

/** Of how many episodes each agent's number is a share; null where it is none, or one of all. */
function countsFor(
  { decided, on }: EpisodeMeasure,
  of: {
    readonly made: readonly MadeAgent[];
    readonly context: OpenResults;
    readonly subsets: readonly (FamiliarLevels | null)[];
  },
): readonly number[] | null {
  if (decided === undefined) return null;
  return of.made.map((agent, i) => {
    const episodes = episodesOf(viewFor(agent, { set: on, context: of.context }), agent.record.measurements.at(-1)!.sets[on]!);
    const subset = of.subsets[i]!;
    return decided(subset === null ? episodes : episodes.filter((_, level) => subset.keeps[0][level]));
  });
}

/** Null where fewer than half of the agents have a value. */
function estimateOf(
  values: readonly (number | null)[],
  of: { readonly measure: Measure; readonly counts: readonly number[] | null },
): CardEstimate | null {
  const told = values.filter((value) => value !== null);
  if (told.length === 0 || told.length * 2 < values.length) return null;
  const { mean: average, interval } = estimateOver(told, of.measure.values ?? "number");
  const counts = of.counts?.filter((_, i) => values[i] !== null) ?? null;
  return { mean: average, interval: interval && { ...interval }, values: told, of: values.length, counts };
}

function pointOf(value: number): CardEstimate {
  return { mean: value, interval: null, values: [value], of: 1, counts: null };
}
