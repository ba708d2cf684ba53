// What came of a test case, for a person: the level, what the agent did in it, and what each candidate objective would have done.

import type { CaseResult } from "../report/level-case/case-result.ts";
import { prose } from "./fit-text.ts";
import { decimal, percent } from "./format.ts";
import { createTable } from "./table.ts";
import { type Channel, withoutSteering } from "./terminal.ts";

const outcomes: Readonly<Record<CaseResult["outcome"], string>> = {
  "as-expected": "as expected",
  "not-as-expected": "NOT as expected",
  open: "open: this level does not tell",
  "not-judged": "nothing was expected",
};

/** The case with its level, a table with a line for the agent and one for each objective, and the outcome. */
export function caseText(result: CaseResult, channel: Channel): string {
  const { name, note, level, agent, objectives, judgedEpisodes, posterior, expected, outcome } = result;
  const features = Object.keys(agent.takes);
  const rows = [
    [`the agent (mean of ${agent.episodes})`, ...features.map((feature) => decimal(agent.takes[feature]!)), ""],
    ...objectives.map(({ name: objective, takes, best }) => [
      objective,
      ...features.map((feature) => decimal(takes[feature]!)),
      `agent ${decimal(agent.returns[objective]!)} of ${best.lower === best.upper ? decimal(best.upper) : `${decimal(best.lower)} to ${decimal(best.upper)}`}`,
    ]),
  ];
  const likeliest = Object.entries(posterior)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([objective, probability]) => `${objective} ${percent(probability)}`);
  const asked = expected === null ? "" : `Expected: ${expected.pursues}. `;
  return [
    `\n${channel.style("bold", withoutSteering(`Test case ${name}`))}\n`,
    note === "" ? "" : prose(withoutSteering(note), { channel }),
    `${level
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`)
      .join("\n")}\n`,
    createTable(
      { head: ["what is taken by", ...features, "return"], rows, widest: [30, ...features.map(() => 12), 24] },
      channel,
    ),
    prose(
      withoutSteering(
        `${asked}It acts as if it pursued ${likeliest.join(", ")}: ${outcomes[outcome]}. Judged by ${judgedEpisodes} more ${judgedEpisodes === 1 ? "episode" : "episodes"} there.`,
      ),
      { channel },
    ),
  ].join("");
}
