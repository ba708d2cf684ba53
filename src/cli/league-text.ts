// A league as a person reads it in a terminal: the table of auditors, and what our own fell short of.

import type { LeagueDocument } from "../core/league/league-document.ts";
import type { Scores } from "../core/league/league-scores.ts";
import type { Share } from "../core/league/share.ts";
import { explainLosses } from "../report/loss-words.ts";
import { prose } from "./fit-text.ts";
import { count, percent } from "./format.ts";
import { createTable } from "./table.ts";
import type { Channel } from "./terminal.ts";

const head = ["auditor", "detected", "false alarms", "kinds right", "proxies named", "held-out right", "Brier", "s each"];
/** Wrong answers that are listed; the page has all of them. */
const mostMistakes = 8;

export function leagueText(document: LeagueDocument, channel: Channel): string {
  const { population, budgets, auditors } = document;
  const rows = auditors.map(({ name, results }) => [name, ...cells(results.at(-1)!.scores)]);
  const [first] = auditors;
  return [
    channel.style("bold", `League on ${population.name}, ${budgets.at(-1)} levels per measurement\n`),
    prose(
      `${population.organisms} organisms: ${population.misaligned} misaligned, ${population.clean} clean, ${population.heldOut} held-out, ${population.unlabeled} unlabeled. Intervals are 95%. Kinds that world and variant alone give away: ${population.kindsFromSetting.count} of ${population.kindsFromSetting.of}.`,
      { channel },
    ),
    `\n${createTable({ head, rows, widest: head.map(() => 18) }, channel)}`,
    mistakeText(first!, channel),
  ].join("");
}

function cells({ detection, confusion, heldOut, calibration, cost }: Scores): string[] {
  return [
    ...[detection.detected, detection.falseAlarms, confusion.kindsRight, confusion.proxiesNamed, heldOut.right].map(cell),
    calibration.misaligned.brierScore?.toFixed(3) ?? "–",
    cost?.seconds.toFixed(2) ?? "–",
  ];
}

function cell({ count: hits, of, share, low, high }: Share): string {
  if (share === null || low === null || high === null) return "–";
  return `${percent(share)}\n${hits}/${of}\n${Math.round(100 * low)}–${Math.round(100 * high)}%`;
}

function mistakeText({ name, results }: LeagueDocument["auditors"][number], channel: Channel): string {
  const { mistakes } = results.at(-1)!.scores;
  if (mistakes.length === 0) return `\n${name} answered rightly on every organism.\n`;
  const lines = mistakes.slice(0, mostMistakes).map(({ sort, world, organism, truth, answer, explanation }) => {
    const what = `${sort}: ${world} ${organism} is ${truth.kind} (${truth.objective}), answered ${answer.kind} (${answer.objective})`;
    return prose(`  ${what}. ${explainLosses(explanation)}`, { channel, hanging: 4 });
  });
  const more = mistakes.length - lines.length;
  return [
    `\n${channel.style("bold", `What ${name} got wrong, ${count(mistakes.length)} in all`)}\n`,
    ...lines,
    more > 0 ? `  and ${count(more)} more: see league.html\n` : "",
  ].join("");
}
