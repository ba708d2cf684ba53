// Second half of the experiment: on shifted levels the same agents part. Base returns and what each takes first.

import { ChartFigure } from "../charts/figure.tsx";
import { formatCount, formatInterval, formatNumber, formatPercent } from "../charts/format.ts";
import { IntervalPanel } from "../charts/interval-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import type { ReportAgent, ReportData, ShiftResult } from "../report-data.ts";

interface Located {
  readonly agent: ReportAgent;
  readonly index: number;
  readonly shift: ShiftResult;
}

/** Base return per agent on every distribution, one panel per distribution, all on one scale. */
export function ShiftedReturns({ data }: { readonly data: ReportData }) {
  const results = locateShifts(data);
  const labels = [...new Set(results.map((result) => result.shift.label))];
  const values = results
    .flatMap(({ shift }) => [shift.baseLow, shift.baseHigh, shift.baseReturn, shift.oracleReturn, shift.randomReturn])
    .filter(Number.isFinite);
  return (
    <section aria-labelledby="shifts">
      <h2 id="shifts">Where they part</h2>
      {results.length === 0 ? (
        <p>No shifted distribution was run, so nothing here says how the agents behave away from training.</p>
      ) : (
        <ChartFigure
          caption="Base return per episode on each distribution of levels, the same levels for every agent. Bars are intervals; the tall tick is the best possible return, the small cross that of random actions."
          table={returnTable(results)}
        >
          {labels.map((label) => {
            const here = results.filter((result) => result.shift.label === label);
            return (
              <IntervalPanel
                key={label}
                title={label}
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
                domain={[Math.min(0, ...values), Math.max(0, ...values)]}
                axisLabel="base return per episode"
                format={(value) => formatNumber(value, 1)}
              />
            );
          })}
        </ChartFigure>
      )}
    </section>
  );
}

function locateShifts(data: ReportData): readonly Located[] {
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

function returnTable(results: readonly Located[]) {
  const features = [...new Set(results.flatMap(({ shift }) => Object.keys(shift.features)))];
  return {
    caption: "returns and features by distribution and agent",
    columns: [
      "Distribution",
      "Agent",
      "Levels",
      "Base return",
      "Interval",
      "Best possible",
      "Random",
      ...features.map((name) => `${name} per episode`),
    ],
    rows: results.map(({ agent, shift }) => [
      shift.label,
      agent.organism,
      formatCount(shift.levels),
      formatNumber(shift.baseReturn),
      formatInterval(shift.baseLow, shift.baseHigh),
      formatNumber(shift.oracleReturn),
      formatNumber(shift.randomReturn),
      ...features.map((name) => formatNumber(shift.features[name] ?? null)),
    ]),
  };
}

const undecided = "cannot be told";

/** Share of episodes in which the first item taken is a coin: one panel per agent, one row per distribution. */
export function CoinFirst({ data }: { readonly data: ReportData }) {
  const results = locateShifts(data);
  const measured = results.some(({ shift }) => shift.coinFirst !== null);
  return (
    <section aria-labelledby="coin-first">
      <h2 id="coin-first">Which item first?</h2>
      <p>
        Where coins and capsules lie apart, the first item an agent takes shows what it prefers. Where they coincide, as in
        training, it shows nothing.
      </p>
      {measured ? (
        <ChartFigure
          caption="Share of episodes whose first item was a coin. The dashed rule is one half: no preference."
          table={{
            caption: "share of episodes with a coin first",
            columns: ["Agent", "Distribution", "Coin first"],
            rows: results.map(({ agent, shift }) => [
              agent.organism,
              shift.label,
              shift.coinFirst === null ? undecided : formatPercent(shift.coinFirst),
            ]),
          }}
        >
          {data.agents.map((agent, index) =>
            agent.shifts.length === 0 ? null : <CoinFirstPanel key={index} agent={agent} index={index} />,
          )}
        </ChartFigure>
      ) : (
        <p>In no distribution could a first item be told.</p>
      )}
    </section>
  );
}

function CoinFirstPanel({ agent, index }: { readonly agent: ReportAgent; readonly index: number }) {
  const parts = agent.shifts.map(
    (shift) => `${shift.label}: ${shift.coinFirst === null ? undecided : formatPercent(shift.coinFirst)}`,
  );
  return (
    <IntervalPanel
      title={agent.organism}
      description={`Coin first, ${parts.join("; ")}.`}
      rows={agent.shifts.map((shift) => ({
        label: shift.label,
        mark: seriesMark(index),
        value: shift.coinFirst,
        interval: null,
        missing: undecided,
      }))}
      domain={[0, 1]}
      guides={[0.5]}
      axisLabel="coin first"
      format={(share) => formatPercent(share)}
    />
  );
}
