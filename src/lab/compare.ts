// Runs beside each other: in which fields of their configuration they differ, and what the groups that differ in nothing but the seed reached,
// with intervals over seeds.

import { canonicalJson } from "../core/base/canonical-json.ts";
import { wilsonInterval } from "../core/base/intervals.ts";
import type { Recipe } from "../core/organisms/recipe.ts";
import { hashOfJson } from "../core/organisms/seal.ts";
import { estimateOver, welchDifference } from "../core/replications/estimates.ts";
import { type ConfigValue, flattenRecipe } from "./flatten-recipe.ts";
import type { Outcome } from "./record.ts";

/** A train job, with what it and the audits and measurements of its agent came to; fewer where they are not done. */
export interface ComparableRun {
  readonly key: string;
  readonly organism: string | null;
  readonly recipe: Recipe;
  readonly code: string;
  readonly outcomes: readonly Outcome[];
}

/** Over the runs of a group that have the metric. */
export interface MetricEstimate {
  readonly mean: number;
  /** Of the 95% interval: Student's t, or Wilson's for shares of yes and no; null below two runs. */
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** Mean of the group − mean of the baseline, with a 95% interval: Welch's, or Newcombe's for shares of yes and no. */
export interface MetricDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

export interface RunGroup {
  /** By the comparison's fields; null where the recipe has no such field. */
  readonly config: Readonly<Record<string, ConfigValue | null>>;
  /** In the order in which they were given, as the seeds. */
  readonly runs: readonly string[];
  readonly seeds: readonly number[];
  /** By the comparison's metrics; null where no run has it. */
  readonly metrics: Readonly<Record<string, MetricEstimate | null>>;
  /** From the baseline; null below two runs on either side, and for the baseline itself. */
  readonly differences: Readonly<Record<string, MetricDifference | null>>;
}

export interface Comparison {
  /** Paths of the fields in which groups differ, sorted. */
  readonly fields: readonly string[];
  /** `return`, `share` (of the oracle's), `verdict KIND` (the share of audits that say so), `OBJECTIVE at AXIS VALUE` (measured returns). */
  readonly metrics: readonly string[];
  /** In the order of their first runs. */
  readonly groups: readonly RunGroup[];
  /** Place of the group that others are compared with. */
  readonly baseline: number;
}

/**
 * Compares runs. The baseline is the group of the run with the key `baseline`, or else of the first run. Where a run was audited or measured
 * several times alike, the mean counts.
 */
export function compareRuns(runs: readonly ComparableRun[], baseline: string | null = null): Comparison {
  const groups = [...Map.groupBy(runs, identityOf).values()];
  const configs = distinct(
    groups.map(([first]) => configOf(first!)),
    groups,
  );
  const fields = differingFields(configs);
  const kinds = verdictKindsIn(runs);
  const values = groups.map((members) => members.map((run) => metricsOf(run, kinds)));
  const metrics = [...new Set(values.flat().flatMap((own) => [...own.keys()]))].sort(byRank);
  const valuesOf = (group: number, metric: string) =>
    values[group]!.flatMap((own) => (own.has(metric) ? [own.get(metric)!] : []));
  const base = Math.max(
    0,
    groups.findIndex((members) => members.some(({ key }) => key === baseline)),
  );
  return {
    fields,
    metrics,
    baseline: base,
    groups: groups.map((members, g) => ({
      config: Object.fromEntries(fields.map((field) => [field, configs[g]!.get(field) ?? null])),
      runs: members.map(({ key }) => key),
      seeds: members.map(({ recipe }) => recipe.seed),
      metrics: Object.fromEntries(metrics.map((metric) => [metric, estimateOf(valuesOf(g, metric), metric)])),
      differences: Object.fromEntries(
        metrics.map((metric) => [
          metric,
          g === base ? null : differenceOf(metric, { group: valuesOf(g, metric), base: valuesOf(base, metric) }),
        ]),
      ),
    })),
  };
}

/** What runs of one group have in common: all but the seed. */
function identityOf({ organism, recipe: { seed: _, ...recipe }, code }: ComparableRun): string {
  return canonicalJson({ organism, recipe, code });
}

type Config = ReadonlyMap<string, ConfigValue>;

function configOf({ organism, recipe, code }: ComparableRun): Config {
  return new Map<string, ConfigValue>([
    ...flattenRecipe(recipe),
    ...(organism === null ? [] : [["organism", organism] as const]),
    ["world.name", recipe.world.name],
    ["network.kind", recipe.network.kind],
    ["optimizer.kind", recipe.optimizer.kind],
    ["objective.name", recipe.objective.name],
    ["code", code],
  ]);
}

/** Where flat fields do not tell groups apart, which have other mixtures of levels then, the first digits of a hash do. */
function distinct(configs: readonly Config[], groups: readonly (readonly ComparableRun[])[]): readonly Config[] {
  const texts = configs.map((config) => canonicalJson(Object.fromEntries(config)));
  if (new Set(texts).size === texts.length) return configs;
  return configs.map(
    (config, g) => new Map([...config, ["distribution", hashOfJson(groups[g]![0]!.recipe.distribution).slice(0, 8)]]),
  );
}

function differingFields(configs: readonly Config[]): readonly string[] {
  const all = new Set(configs.flatMap((config) => [...config.keys()]));
  return [...all].filter((field) => new Set(configs.map((config) => config.get(field))).size > 1).sort();
}

function verdictKindsIn(runs: readonly ComparableRun[]): readonly string[] {
  const verdicts = runs.flatMap(({ outcomes }) =>
    outcomes.flatMap((outcome) => (isAuditOfEnd(outcome) ? [outcome.verdict.kind] : [])),
  );
  return [...new Set(verdicts)].sort();
}

/** What an agent wanted on the way is no verdict on the run. */
function isAuditOfEnd(outcome: Outcome): outcome is Extract<Outcome, { readonly kind: "audit" }> {
  return outcome.kind === "audit" && outcome.environmentSteps === undefined;
}

/** Value by metric. */
function metricsOf({ outcomes }: ComparableRun, kinds: readonly string[]): ReadonlyMap<string, number> {
  const told = outcomes.flatMap((outcome): readonly (readonly [string, number])[] => {
    switch (outcome.kind) {
      case "train":
        return [
          ["return", outcome.trainingReturn],
          ["share", outcome.oracleShare],
        ];
      case "audit":
        if (!isAuditOfEnd(outcome)) return [];
        return kinds.map((kind) => [`${verdictMetric}${kind}`, outcome.verdict.kind === kind ? 1 : 0]);
      case "measure":
        return outcome.points.flatMap(({ point, returns }) =>
          Object.entries(returns).map(([objective, { mean }]) => [`${objective} at ${pointText(point)}`, mean] as const),
        );
      default:
        return outcome satisfies never;
    }
  });
  const values = Map.groupBy(told, ([metric]) => metric);
  return new Map([...values].map(([metric, all]) => [metric, all.reduce((sum, [, value]) => sum + value, 0) / all.length]));
}

const verdictMetric = "verdict ";

function pointText(point: Readonly<Record<string, number | string>>): string {
  const axes = Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1));
  return axes.map(([axis, value]) => `${axis} ${value}`).join(", ");
}

/** Those of training first, then verdicts, then what was measured; numbers in their order. */
function byRank(a: string, b: string): number {
  const rank = (metric: string) => (metric === "return" ? 0 : metric === "share" ? 1 : metric.startsWith(verdictMetric) ? 2 : 3);
  return rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true });
}

function estimateOf(values: readonly number[], metric: string): MetricEstimate | null {
  if (values.length === 0) return null;
  const { mean, interval } = estimateOver(values, isYesNo(values, metric) ? "yes-no" : "number");
  return { mean, low: interval?.low ?? null, high: interval?.high ?? null, n: values.length };
}

function differenceOf(metric: string, { group, base }: { readonly group: readonly number[]; readonly base: readonly number[] }) {
  if (group.length < 2 || base.length < 2) return null;
  return isYesNo([...group, ...base], metric) ? differenceOfShares(group, base) : welchDifference(group, base);
}

/** Audits that were made several times can have said yes in a part of them. */
function isYesNo(values: readonly number[], metric: string): boolean {
  return metric.startsWith(verdictMetric) && values.every((value) => value === 0 || value === 1);
}

/** Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10: never a point, as Welch's is for shares of 0 and 1. */
function differenceOfShares(first: readonly number[], second: readonly number[]): MetricDifference {
  const [a, b] = [shareOf(first), shareOf(second)];
  const difference = a.share - b.share;
  return {
    difference,
    low: difference - Math.hypot(a.share - a.low, b.high - b.share),
    high: difference + Math.hypot(a.high - a.share, b.share - b.low),
  };
}

function shareOf(values: readonly number[]) {
  const successes = values.reduce((sum, value) => sum + value, 0);
  return { share: successes / values.length, ...wilsonInterval({ successes, trials: values.length }) };
}
