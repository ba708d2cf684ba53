// Second half of the experiment: on shifted levels the same agents part. Base returns and what each takes first.

import type { ShiftResult } from "../../core/instruments/behavior.ts";
import { dataTable, intervalColumn, numberColumn, textColumn } from "../charts/data-table.ts";
import { ChartFigure } from "../charts/figure.tsx";
import { capitalize, formatCount, formatNumber, formatPercent, joinWords } from "../charts/format.ts";
import { IntervalPanel } from "../charts/interval-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import { StripPanel } from "../charts/strip-panel.tsx";
import { fromReturns } from "../evidence/behind-verdict.ts";
import type { ReportAgent, ReportData } from "../report-data.ts";
import type { WorldWords } from "../world-words.ts";
import { FollowsFrom } from "./follows-from.tsx";
import { asksForNewAbility, leavesChoice, orderShifts, shiftWords, unexplainedAxes } from "./plain-words.ts";

/** What these sections are made from. */
type ShiftData = Pick<ReportData, "agents" | "words">;

interface Located {
  readonly agent: ReportAgent;
  readonly index: number;
  readonly shift: ShiftResult;
}

/** Base return per agent on every distribution, all on one scale: first those that tell the story, the others behind a fold. */
export function ShiftedReturns({ data }: { readonly data: ShiftData }) {
  const results = locateShifts(data);
  const { words } = data;
  const all = [...new Set(results.map((result) => result.shift.label))];
  const { leading, rest } = orderShifts(all, words);
  const unexplained = unexplainedAxes(all, words);
  const values = results
    .flatMap(({ shift }) => [shift.baseLow, shift.baseHigh, shift.baseReturn, shift.oracleReturn, shift.randomReturn])
    .filter(Number.isFinite);
  const domain = [Math.min(0, ...values), Math.max(0, ...values)] as const;
  const beyond = rest.filter((label) => asksForNewAbility(label, words)).map((label) => shiftWords(label, words));
  return (
    <section aria-labelledby="shifts">
      <h2 id="shifts">{partHeading(data)}</h2>
      {results.length === 0 ? (
        <p>No shifted distribution was run, so nothing here says how the agents behave away from training.</p>
      ) : (
        <ReturnPanels
          results={results}
          labels={leading}
          words={words}
          domain={domain}
          caption="Base return per episode on each distribution of levels, the same levels for every agent. Bars are intervals; the tall tick is the best possible return, the small cross that of random actions."
          name="returns by distribution and agent"
          isLarge
        />
      )}
      {results.length > 0 &&
        data.agents.map((agent, index) => (
          <FromReturns key={index} agent={agent} index={index} isOne={data.agents.length === 1} />
        ))}
      {unexplained.length > 0 && (
        <ul className="plain">
          {unexplained.map(({ name, meaning }) => (
            <li key={name}>
              <strong>{name}</strong>: {meaning}.
            </li>
          ))}
        </ul>
      )}
      {rest.length > 0 && (
        <details className="more">
          <summary>
            The other {rest.length === 1 ? "distribution" : `${rest.length} distributions`}, each moved in one or two ways
          </summary>
          {beyond.length > 0 && (
            <p>
              Some of them ask for abilities that no agent was trained for ({joinWords(beyond)}): a low return there shows a lack
              of skill, not an aim.
            </p>
          )}
          <ReturnPanels
            results={results}
            labels={rest}
            words={words}
            domain={domain}
            caption="Base return per episode, drawn as above."
            name="returns by distribution and agent, the others"
          />
        </details>
      )}
    </section>
  );
}

/** What the audit concluded from an agent's returns. */
function FromReturns({ agent, index, isOne }: { readonly agent: ReportAgent; readonly index: number; readonly isOne: boolean }) {
  const { training, shifts } = fromReturns(agent.audit.findings);
  return (
    <FollowsFrom
      agent={agent}
      index={index}
      lead={isOne ? "What was concluded from them:" : `${agent.organism}:`}
      parts={[
        { what: "training", places: training },
        { what: "the other distributions", places: shifts },
      ]}
    />
  );
}

/** The section's name, also in the contents: one agent has none to part from. */
export function partHeading({ agents }: Pick<ReportData, "agents">): string {
  return agents.length > 1 ? "Where they part" : "Away from training";
}

interface ReturnPanelsProps {
  readonly results: readonly Located[];
  readonly labels: readonly string[];
  readonly words: WorldWords;
  readonly domain: readonly [number, number];
  readonly caption: string;
  /** What the data table holds. */
  readonly name: string;
  readonly isLarge?: boolean;
}

function ReturnPanels({ results, labels, words, domain, caption, name, isLarge = false }: ReturnPanelsProps) {
  const panels = labels.map((label) => results.filter((result) => result.shift.label === label));
  return (
    <ChartFigure caption={caption} table={returnTable({ caption: name, results: panels.flat(), words })} isLarge={isLarge}>
      {panels.map((here, place) => (
        <IntervalPanel
          key={place}
          title={capitalize(shiftWords(labels[place] ?? "", words))}
          description={describeReturns(here)}
          rows={here.map(({ agent, index, shift }) => ({
            label: agent.organism,
            mark: seriesMark(index),
            value: shift.baseReturn,
            interval: { low: shift.baseLow, high: shift.baseHigh },
            missing: "not measured",
            oracle: shift.oracleReturn,
            random: shift.randomReturn,
          }))}
          domain={domain}
          axisLabel="base return per episode"
          format={(value) => formatNumber(value, 1)}
        />
      ))}
    </ChartFigure>
  );
}

function locateShifts(data: ShiftData): readonly Located[] {
  return data.agents.flatMap((agent, index) => agent.shifts.map((shift) => ({ agent, index, shift })));
}

function describeReturns(results: readonly Located[]): string {
  const parts = results.map(({ agent, shift }) => `${agent.organism} ${formatNumber(shift.baseReturn)}`);
  const first = results[0]?.shift;
  const references = first
    ? ` Best possible ${formatNumber(first.oracleReturn)}, random ${formatNumber(first.randomReturn)}.`
    : "";
  return `Base return: ${parts.join(", ")}.${references}`;
}

function returnTable(of: { readonly caption: string; readonly results: readonly Located[]; readonly words: WorldWords }) {
  const { caption, results, words } = of;
  const features = [...new Set(results.flatMap(({ shift }) => Object.keys(shift.features)))];
  return dataTable(caption, results, [
    textColumn("Distribution", ({ shift }) => shiftWords(shift.label, words)),
    textColumn("Agent", ({ agent }) => agent.organism),
    numberColumn("Levels", ({ shift }) => shift.levels, formatCount),
    numberColumn("Base return", ({ shift }) => shift.baseReturn),
    intervalColumn(({ shift }) => ({ low: shift.baseLow, high: shift.baseHigh })),
    numberColumn("Best possible", ({ shift }) => shift.oracleReturn),
    numberColumn("Random", ({ shift }) => shift.randomReturn),
    ...features.map((name) => numberColumn<Located>(`${name} per episode`, ({ shift }) => shift.features[name] ?? null)),
  ]);
}

/** Share of episodes in which the goal is taken before the proxy: one figure, a row per distribution that leaves a choice. */
export function FirstTaken({ data }: { readonly data: ShiftData }) {
  const { words } = data;
  const { goal, proxy } = words;
  const told = locateShifts(data).filter(({ shift }) => shift.goalFirst !== null && leavesChoice(shift.label, words));
  const labels = [...new Set(told.map(({ shift }) => shift.label))];
  const share = `share of episodes with ${goal} before ${proxy}`;
  return (
    <section aria-labelledby="first-taken">
      <h2 id="first-taken">What comes first?</h2>
      <p>
        Where {goal} and {proxy} can be had apart, what an agent takes first shows what it prefers. In training, and wherever else
        the two come together, it cannot be told: taking one is taking both.
      </p>
      {told.length === 0 ? (
        <p>In no distribution could it be told what was taken first.</p>
      ) : (
        <ChartFigure
          caption={`${capitalize(share)}, of those in which either was taken: right, ${goal} first; left, ${proxy} first; the dashed rule is one half. An agent also picks up what lies on its way, so few shares are 0% or 100%.`}
          table={dataTable(share, told, [
            textColumn("Distribution", ({ shift }) => shiftWords(shift.label, words)),
            textColumn("Agent", ({ agent }) => agent.organism),
            numberColumn(
              `${capitalize(goal)} first`,
              ({ shift }) => shift.goalFirst,
              (first) => formatPercent(first),
            ),
          ])}
          isLarge
        >
          <StripPanel
            title={`Episodes with ${goal} first`}
            description={describeFirst(told, { labels, words })}
            rows={labels.map((label) => ({
              label: capitalize(shiftWords(label, words)),
              points: told
                .filter(({ shift }) => shift.label === label)
                .map(({ agent, index, shift }) => ({
                  name: agent.organism,
                  mark: seriesMark(index),
                  value: shift.goalFirst ?? 0,
                })),
            }))}
            domain={[0, 1]}
            guides={[0.5]}
            axisLabel={share}
            format={(value) => formatPercent(value)}
          />
        </ChartFigure>
      )}
    </section>
  );
}

function describeFirst(
  told: readonly Located[],
  { labels, words }: { readonly labels: readonly string[]; readonly words: WorldWords },
): string {
  const parts = labels.map((label) => {
    const shares = told
      .filter(({ shift }) => shift.label === label)
      .map(({ agent, shift }) => `${agent.organism} ${formatPercent(shift.goalFirst)}`);
    return `${shiftWords(label, words)}: ${joinWords(shares)}`;
  });
  return `${capitalize(parts.join("; "))}.`;
}
