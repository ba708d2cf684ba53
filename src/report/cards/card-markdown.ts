// A card as Markdown: the finding, the answer, every number with its references, and how it was made.

import type { Card, CardMeasure } from "../../core/replications/card.ts";
import { firstUnpilotedSeed } from "../../core/replications/seeds.ts";
import { formatCount, formatPercent, formatSeconds, joinWords } from "../charts/format.ts";
import { agentsText, answerText, cellText, countText, estimateText, rowLabel } from "./card-words.ts";

const claimMarks = new Map<boolean | null, string>([
  [true, "holds"],
  [false, "does not hold"],
  [null, "cannot be said"],
]);

/** The card's text; the picture is expected beside it as NAME.svg. */
export function cardMarkdown(card: Card): string {
  const isQuick = card.scale.kind === "quick";
  return [
    `# ${card.title}`,
    ...(isQuick ? ["> **Quick scale**: a tiny run that shows that everything works. Its numbers show nothing."] : []),
    `**Found elsewhere.** ${card.finding.sentence}\n(${card.finding.source})`,
    `**Here: ${answerText(card)}.** ${card.verdict.sentence}`,
    `![The numbers of this card as a picture; all of them are in the tables below.](${card.name}.svg)`,
    `**Scale.** ${card.scale.note} ${agentsText(card)}, seeds ${seedsText(card.seeds)}; ${card.levels} levels of each kind.`,
    `## What would count, written before the numbers of this card\n\n${claimsTable(card)}`,
    `## What was changed after pilot runs\n\n${pilotsText(card)}`,
    `## Ability apart from goal\n\n${card.twins.map((twin) => twinText(twin, card)).join("\n\n")}`,
    ...leftOutSection(card),
    `## Numbers\n\nMeans over agents with 95% intervals (*t* over agents, Wilson's for shares of agents; for reference agents a bootstrap over levels). *n*: agents that the number is of, of those that were made. ` +
      `*Familiar* levels are those on whose optimal way no network input lights that training never showed; *strictly* familiar are those of ` +
      `them on which none does in the agent's own episode either (a selection by what the agent did).${levelSetsText(card)}`,
    ...(card.remarks.length === 0 ? [] : [`### How to read them\n\n${listOf(card.remarks)}`]),
    ...groupsSection(card),
    ...card.numbers.map((measure) => measureSection(measure, card)),
    `## Untrained inputs\n\n${untrainedText(card)}`,
    `## What this card cannot show\n\n${listOf(card.limits)}`,
    `## How it was made\n\n${madeText(card)}`,
  ]
    .join("\n\n")
    .concat("\n");
}

function seedsText(seeds: readonly number[]): string {
  return seeds.length > 3 ? `${seeds[0]} to ${seeds.at(-1)}` : seeds.join(", ");
}

/** The claims, each with what came of it; without that where nothing is judged. */
function claimsTable({ verdict }: Card): string {
  if (verdict.answer === "not judged") return listOf(verdict.claims.map(({ statement }) => statement));
  const rows = verdict.claims.map(({ statement, onAll, onFamiliar, familiarNotAsked }) => [
    statement,
    claimMarks.get(onAll)!,
    familiarNotAsked === null ? claimMarks.get(onFamiliar)! : `not asked: ${familiarNotAsked}`,
  ]);
  return table(["claim", "on all levels", "on familiar levels"], rows);
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

function pilotsText({ pilots, seeds, scale }: Card): string {
  const fresh = `The agents of this card have seeds from ${seeds[0]} on; pilots used seeds below ${firstUnpilotedSeed}, so that none of these was seen before.`;
  const isFresh = scale.kind === "stated" && seeds[0]! >= firstUnpilotedSeed;
  return [pilots.length === 0 ? "Nothing." : listOf(pilots), ...(isFresh ? [fresh] : [])].join("\n\n");
}

/** Agents that are not what they should be, each with the reason; nothing where there are none. */
function leftOutSection({ conditions }: Card): readonly string[] {
  const rows = conditions.flatMap(({ name, leftOut }) => leftOut.map(({ seed, reason }) => [name, String(seed), reason]));
  if (rows.length === 0) return [];
  const words = "They count nowhere. Each was replaced by an agent of the next seed, up to half as many again.";
  return [`## Agents left out\n\n${words}\n\n${table(["condition", "seed", "reason"], rows)}`];
}

/** What sets the twin apart from the agents that it stands for, and whether it is able. */
function twinText(twin: Card["twins"][number], { conditions }: Card): string {
  const recipeOf = (name: string) => conditions.find((condition) => condition.name === name)!.recipe;
  const own = recipeOf(twin.condition);
  const others = twin.of.map(recipeOf);
  const stepsOf = ({ optimizer }: typeof own): string => formatCount(optimizer.totalTimesteps);
  const differing = (of: (recipe: typeof own) => string): string => {
    const there = [...new Set(others.map(of))].filter((each) => each !== of(own));
    return there.length === 0 ? of(own) : `${of(own)} (there: ${joinWords(there)})`;
  };
  const made = `Environment steps: ${differing(stepsOf)}; rewarded: ${differing(({ objective }) => objective.name)}.`;
  const reached = twin.shareOfBest === null ? "no number" : estimateText(twin.shareOfBest);
  const says =
    twin.separated === true
      ? "so low numbers of the others are no lack of ability."
      : twin.separated === false
        ? "so ability is **not separated** from goal: low numbers may be a lack of ability."
        : "so whether ability is separated from goal cannot be said.";
  const stands = twin.of.length === 0 ? "" : `, which stands for ${joinWords(twin.of.map((name) => `“${name}”`))},`;
  return `The twin “${twin.condition}”${stands} must surely reach ${twin.needed} of the best return on its own training levels; it reaches ${reached}, ${says} ${made}`;
}

function levelSetsText({ levelSets }: Card): string {
  return levelSets.length === 0 ? "" : `\n\n${levelSets.map(({ name, meaning }) => `- *${name}*: ${meaning}`).join("\n")}`;
}

function measureSection({ name, meaning, unit, rows }: CardMeasure, card: Card): string {
  const cells = rows.map((row) => [
    rowLabel(row, rows),
    row.role,
    countText(row, card),
    estimateText(row.all),
    estimateText(row.familiar),
    shareText(row.familiarShare),
    estimateText(row.strict),
    shareText(row.strictShare),
  ]);
  return `### ${name}\n\n${meaning} Unit: ${unit}.\n\n${table(["agent", "role", "n", "all levels", "familiar levels", "share", "strictly", "share"], cells)}`;
}

function shareText(share: number | null): string {
  return share === null ? "–" : formatPercent(share);
}

function untrainedText({ untrainedInputs }: Card): string {
  return table(
    ["condition", "inputs never active in training", "of"],
    untrainedInputs.map(({ condition, inputs, of }) => [condition, inputs.toFixed(1), String(of)]),
  );
}

function madeText({ made, worlds, conditions }: Card): string {
  const { cost } = made;
  return [
    `\`${made.command}\``,
    "",
    `mesascope ${made.codeVersion}, ${worldsText(worlds)}; ${made.date}; ${made.machine}.`,
    `${formatCount(cost.agents)} agents, ${formatCount(cost.environmentSteps)} environment steps; ${formatSeconds(cost.trainingSeconds)} of training and ${formatSeconds(cost.measuringSeconds)} of measuring, summed over threads.`,
    `The recipe of ${conditions.length === 1 ? "the condition" : "every condition"} is in the card's JSON file.`,
  ].join("\n");
}

function worldsText(worlds: Card["worlds"]): string {
  return joinWords(worlds.map(({ name, version, encoder }) => `${name} version ${version} (encoder ${encoder})`));
}

/** The table of groups, where the card has one. */
function groupsSection({ groups }: Card): readonly string[] {
  const measures = groups.find(({ cells }) => cells.length > 0)?.cells.map(({ measure }) => measure) ?? [];
  if (measures.length === 0) return [];
  const rows = groups.map(({ group, conditions, why, cells }) => [
    group,
    why ?? conditions.join(", "),
    ...measures.map((name) => {
      const cell = cells.find(({ measure }) => measure === name);
      return cell === undefined ? "–" : cellText(cell);
    }),
  ]);
  return [
    `## By group\n\nAgents of which each says yes, of all agents of the group, with Wilson's interval.\n\n${table(["group", "agents", ...measures], rows)}`,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
