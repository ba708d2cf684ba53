// mesascope compare: finished runs beside each other: in what they differ, what each group reached over its seeds, and how far that is from a
// baseline.

import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Comparison, MetricDifference, MetricEstimate, RunGroup } from "../../lab/compare.ts";
import { type CommonOptions, type Context, describeCommand, printJson } from "../command.ts";
import { cut, prose } from "../fit-text.ts";
import { decimal } from "../format.ts";
import { addLabOptions, askChosenLab, filterText, type LabOptions } from "../lab-options.ts";
import { shortKey } from "../lab-text.ts";
import type { Channel } from "../terminal.ts";

interface CompareOptions extends CommonOptions, LabOptions {
  readonly baseline?: string;
  readonly metrics?: readonly string[];
}

export function compareCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "compare",
    summary: "compare finished runs: what differs, and by how much",
    description:
      "Puts runs that differ in nothing but their seed into a group, and says in which fields groups differ, the mean of each metric over seeds with\n" +
      "its 95% interval, and the difference from a baseline with its interval. Audits and measurements of the runs count as metrics.",
    seed: "without effect: nothing is drawn",
    examples: [
      "compare sweep:corner-proxies",
      "compare name:corner/* network:mlp --metrics return,share",
      "compare sweep:ppo-search world:keys --baseline 3f9a",
    ],
  })
    .argument("[filter...]", 'which runs, as "mesascope runs" takes it (default: all that are finished)')
    .option("--baseline <key>", "the first digits of a run's key: others are compared with its group (default: the first)")
    .option("--metrics <list>", "only those that begin with one of these words", (text) =>
      text.split(",").map((word) => word.trim()),
    );
  return addLabOptions(command).action(async (words: readonly string[], options: CompareOptions) => {
    const filter = filterText(words);
    const told = await askChosenLab(options, async ({ client }) => {
      const baseline = options.baseline === undefined ? undefined : await fullKey(options.baseline);
      const found = await client.compare({ filter, ...(baseline !== undefined && { baseline }) });
      if (found.groups.length === 0) await (await import("../filter-typos.ts")).requireKnownNames(client, filter);
      return found;
      async function fullKey(key: string): Promise<string> {
        const { rows, total } = await client.jobs.list({ filter: `kind:train key:${key}`, limit: 2 });
        if (total === 1) return rows[0]!.key;
        throw new MesascopeError(
          "usage",
          `--baseline ${key} given, with which the keys of ${total} runs begin; expected one. "mesascope runs kind:train" lists them.`,
        );
      }
    });
    const comparison = narrowed(told, options.metrics);
    if (options.json) return printJson(terminal, { schema: "mesascope/comparison@1", comparison });
    if (comparison.groups.length === 0) {
      terminal.out.write(`No finished runs${filter === "" ? "" : ` that match ${filter}`}.\n`);
      return;
    }
    terminal.out.write(await comparisonText(comparison, terminal.out));
  });
}

/** Throws `usage` where no metric begins with any of the words. */
function narrowed(comparison: Comparison, words: readonly string[] | undefined): Comparison {
  if (words === undefined || comparison.groups.length === 0) return comparison;
  const metrics = comparison.metrics.filter((metric) => words.some((word) => metric.startsWith(word)));
  if (metrics.length > 0) return { ...comparison, metrics };
  throw new MesascopeError(
    "usage",
    `--metrics ${words.join(",")} given; these runs have ${comparison.metrics.join(", ")}. Name some of them.`,
  );
}

/** Longer values, such as whole objectives, are cut in the table. */
const mostLetters = 30;

async function comparisonText(comparison: Comparison, channel: Channel): Promise<string> {
  const { createTable } = await import("../table.ts");
  const { fields, groups, metrics, baseline } = comparison;
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0);
  const intro =
    fields.length === 0
      ? `${runs} runs that differ in nothing but the seed.`
      : `${runs} runs in ${groups.length} groups, which differ in ${fields.join(", ")}.`;
  const named = (group: RunGroup, at: number) => [
    groups.length > 1 ? `${at + 1}${at === baseline ? "*" : ""}` : "1",
    ...fields.map((field) => cut(valueText(group, field), mostLetters)),
    seedsText(group.seeds),
    shortKey(group.runs[0]!),
  ];
  const means = createTable({ head: ["group", ...fields.map(lastPart), "seeds", "first run"], rows: groups.map(named) }, channel);
  const told = metrics.map((metric) => {
    const isCompared = groups.some((group) => (group.differences[metric] ?? null) !== null);
    const rows = groups.map((group, at) => {
      const estimate = group.metrics[metric] ?? null;
      const difference = isCompared ? [differenceText(group.differences[metric] ?? null)] : [];
      return [`${at + 1}`, estimateText(estimate), estimate === null ? "" : String(estimate.n), ...difference];
    });
    const head = ["group", "mean [95%]", "n", ...(isCompared ? ["from the baseline"] : [])];
    return `\n${channel.style("bold", metric)}\n${createTable({ head, rows }, channel)}`;
  });
  const about = groups.length > 1 ? prose(aboutDifferences(groups), { channel }) : "";
  const isCut = groups.some((group) => fields.some((field) => valueText(group, field).length > mostLetters));
  const whole = isCut ? prose("Values that end in … are longer; --json tells them whole.", { channel }) : "";
  return [prose(intro, { channel }), `\n${means}`, whole, ...told, about === "" ? "" : `\n${about}`].join("");
}

function aboutDifferences(groups: readonly RunGroup[]): string {
  const isAny = groups.some(({ differences }) => Object.values(differences).some((difference) => difference !== null));
  if (isAny) return "* is the baseline. Intervals are 95%; a mark ≠ stands where a difference's leaves zero out.";
  return "* is the baseline. Intervals and differences need two seeds or more of a group and of the baseline.";
}

function valueText({ config }: RunGroup, field: string): string {
  return String(config[field] ?? "–");
}

/** Names of columns: the path is told above. */
function lastPart(field: string): string {
  return field.split(".").slice(-2).join(".");
}

function seedsText(seeds: readonly number[]): string {
  const sorted = [...seeds].sort((a, b) => a - b);
  const isRange = sorted.length > 2 && sorted.every((seed, i) => seed === sorted[0]! + i);
  return isRange ? `${sorted[0]}–${sorted.at(-1)}` : sorted.join(" ");
}

function estimateText(estimate: MetricEstimate | null): string {
  if (estimate === null) return "";
  const { mean, low, high } = estimate;
  return low === null || high === null ? decimal(mean, 3) : `${decimal(mean, 3)} [${decimal(low, 3)}, ${decimal(high, 3)}]`;
}

function differenceText(told: MetricDifference | null): string {
  if (told === null) return "";
  const { difference, low, high } = told;
  const sign = difference > 0 ? "+" : "";
  return `${sign}${decimal(difference, 3)} [${decimal(low, 3)}, ${decimal(high, 3)}]${low > 0 || high < 0 ? " ≠" : ""}`;
}
