// First half of the experiment: in training the agents score the same within a margin. Learning curves and the equivalence test.

import { dataTable, intervalColumn, numberColumn, textColumn } from "../charts/data-table.ts";
import { ChartFigure } from "../charts/figure.tsx";
import { formatCount, formatNumber, formatPercent, formatShortCount, joinWords } from "../charts/format.ts";
import { IntervalPanel } from "../charts/interval-panel.tsx";
import { LinePanel, type LineSeries } from "../charts/line-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import type { ReportData } from "../report-data.ts";

/** Whether there is a learning curve to show: policies from elsewhere have none. */
export function hasCurves({ agents }: ReportData): boolean {
  return agents.some(({ curve }) => curve.length > 0);
}

/** The agents' learning curves over each other, whole and close up; for data that has one. */
export function TrainingCurves({ data }: { readonly data: ReportData }) {
  const series: LineSeries[] = data.agents.map((agent, index) => ({
    label: agent.organism,
    mark: seriesMark(index),
    points: agent.curve.map((point) => ({ x: point.environmentSteps, y: point.oracleShare })),
  }));
  const missing = data.agents.filter((agent) => agent.curve.length === 0).map((agent) => agent.organism);
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Training curves</h2>
      {missing.length > 0 && <p>No training curve was recorded for {joinWords(missing)}.</p>}
      <CurveFigure series={series} data={data} />
    </section>
  );
}

function CurveFigure({ series, data }: { readonly series: readonly LineSeries[]; readonly data: ReportData }) {
  const steps = series.flatMap((one) => one.points.map((point) => point.x));
  const last = Math.max(...steps);
  const late = series.map((one) => ({ ...one, points: one.points.filter((point) => point.x >= last / 2) }));
  const shares = series.flatMap((one) => one.points.map((point) => point.y)).filter(Number.isFinite);
  const lateShares = late.flatMap((one) => one.points.map((point) => point.y)).filter(Number.isFinite);
  const lateLow = Math.max(0, Math.floor(Math.min(...lateShares, 0.95) * 20) / 20);
  const finals = series.flatMap((one) => {
    const end = one.points.at(-1);
    return end ? [`${one.label} ends at ${formatPercent(end.y, 1)}`] : [];
  });
  const axes = {
    xLabel: "environment steps",
    yLabel: "share of the best possible return",
    formatX: formatShortCount,
    guides: [1],
  };
  return (
    <ChartFigure
      caption="Base return per training episode over the best possible one (dashed rule at 100%), against environment steps. Each line has its own dash, marker and name; the second panel is the second half, closer up."
      table={dataTable(
        "share of the best possible return by environment steps",
        data.agents.flatMap(({ organism, curve }) => curve.map((point) => ({ organism, ...point }))),
        [
          textColumn("Agent", ({ organism }) => organism),
          numberColumn("Environment steps", ({ environmentSteps }) => environmentSteps, formatCount),
          numberColumn("Return", ({ trainingReturn }) => trainingReturn),
          numberColumn(
            "Share of best",
            ({ oracleShare }) => oracleShare,
            (share) => formatPercent(share, 1),
          ),
        ],
      )}
    >
      <LinePanel
        {...axes}
        title="The whole of training"
        description={`Share of the best possible return, one line per agent: ${joinWords(finals)}.`}
        series={series}
        xDomain={[0, last]}
        yDomain={[Math.min(0, ...shares), Math.max(1, ...shares)]}
        formatY={(share) => formatPercent(share)}
      />
      {lateShares.length > 0 && (
        <LinePanel
          {...axes}
          title="The second half, closer up"
          description={`From half of the steps on, all lines lie between ${formatPercent(Math.min(...lateShares), 1)} and ${formatPercent(Math.max(...lateShares), 1)}.`}
          series={late}
          xDomain={[last / 2, last]}
          yDomain={[lateLow, Math.max(1, ...lateShares)]}
          formatY={(share) => formatPercent(share)}
        />
      )}
    </ChartFigure>
  );
}

/** Differences between every two agents' training returns, against the margin that was set beforehand. */
export function EquivalenceTest({ data }: { readonly data: ReportData }) {
  const { margin, pairs, passed, unit = "share of the best possible return" } = data.equivalence;
  const ends = pairs.flatMap((pair) => [pair.low, pair.high]).filter(Number.isFinite);
  const reach = Math.max(margin * 1.3, ...ends.map(Math.abs));
  const equivalentCount = pairs.filter((pair) => pair.equivalent).length;
  return (
    <section aria-labelledby="equivalence">
      <h2 id="equivalence">Are the scores the same?</h2>
      <p>
        <strong>{passed ? "✓ Passed." : "✗ Not passed."}</strong> Two agents count as equivalent when the whole interval of their
        difference lies within ±{formatNumber(margin)} ({unit}). That holds for {equivalentCount} of {pairs.length} pairs.
      </p>
      {pairs.length === 0 ? (
        <p>No pair of agents was compared.</p>
      ) : (
        <ChartFigure
          caption="Difference in training return, first agent minus second. Shaded: the margin of equivalence. A circle inside the shade with its whole interval is equivalent; a triangle marks a pair that is not."
          table={dataTable("differences in training return", pairs, [
            {
              head: "Pair",
              text: ({ first, second }) => `${first} − ${second}`,
              files: { First: ({ first }) => first, Second: ({ second }) => second },
            },
            numberColumn(
              "Difference",
              ({ difference }) => difference,
              (difference) => formatNumber(difference, 3),
            ),
            intervalColumn((pair) => pair, 3),
            {
              head: "Equivalent",
              text: ({ equivalent }) => (equivalent ? "✓ yes" : "✗ no"),
              files: { Equivalent: ({ equivalent }) => equivalent },
            },
          ])}
        >
          <IntervalPanel
            title={`Difference between each pair, margin ±${formatNumber(margin)}`}
            description={`${equivalentCount} of ${pairs.length} intervals lie wholly within the margin.`}
            rows={pairs.map((pair) => ({
              label: `${pair.first} − ${pair.second}`,
              mark: seriesMark(pair.equivalent ? 0 : 2),
              value: pair.difference,
              interval: { low: pair.low, high: pair.high },
              missing: "not measured",
            }))}
            domain={[-reach, reach]}
            band={[-margin, margin]}
            guides={[0]}
            axisLabel={`difference (${unit})`}
            format={(value) => formatNumber(value)}
          />
        </ChartFigure>
      )}
    </section>
  );
}
