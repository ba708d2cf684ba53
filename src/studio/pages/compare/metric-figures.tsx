// The comparison in pictures: a panel per metric, and what the audits of each group concluded.

import type { ReactNode } from "react";
import type { Comparison } from "../../../lab/compare.ts";
import { dataTable, numberColumn, textColumn } from "../../../report/charts/data-table.ts";
import { ChartFigure } from "../../../report/charts/figure.tsx";
import { formatHundredths, formatPercent } from "../../../report/charts/format.ts";
import { IntervalPanel } from "../../../report/charts/interval-panel.tsx";
import { seriesMark } from "../../../report/charts/series-mark.ts";
import { VerdictShares } from "../../views/statistics/verdict-shares.tsx";
import { ReportParts } from "../../views/verdict/report-parts.tsx";
import { exactNumber, percent, shortNumber } from "../../views/words.ts";
import { groupName, isShare, metricName, mostGroups } from "./groups.ts";

const verdict = "verdict ";

export function MetricFigures({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const drawn = comparison.metrics.filter((metric) => !metric.startsWith(verdict));
  const kinds = comparison.metrics.filter((metric) => metric.startsWith(verdict));
  const groups = comparison.groups.slice(0, mostGroups);
  return (
    <ReportParts>
      {drawn.length > 0 && (
        <section aria-labelledby="reached">
          <h2 id="reached">Beside each other</h2>
          <ChartFigure
            caption="Mean over seeds with its 95% interval; no interval where a group has one run. The dashed rule is the baseline’s mean."
            table={dataTable(
              "metrics of the groups",
              groups.flatMap((group, place) =>
                drawn.flatMap((metric) => {
                  const found = group.metrics[metric];
                  return found ? [{ name: groupName(comparison, { group, place }), metric, ...found }] : [];
                }),
              ),
              [
                textColumn("Group", ({ name }) => name),
                textColumn("Metric", ({ metric }) => metric),
                numberColumn("Mean", ({ mean }) => mean, shortNumber),
                numberColumn("Low", ({ low }) => low, shortNumber),
                numberColumn("High", ({ high }) => high, shortNumber),
                numberColumn("Runs", ({ n }) => n, exactNumber),
              ],
            )}
          >
            {drawn.map((metric) => (
              <MetricPanel key={metric} comparison={comparison} metric={metric} />
            ))}
          </ChartFigure>
        </section>
      )}
      {kinds.length > 0 && (
        <section aria-labelledby="concluded">
          <h2 id="concluded">What audits concluded</h2>
          <VerdictShares
            kinds={kinds.map((metric) => metric.slice(verdict.length))}
            rows={groups.map((group, place) => ({
              name: groupName(comparison, { group, place }),
              audits: group.metrics[kinds[0]!]?.n ?? 0,
              shares: Object.fromEntries(kinds.map((metric) => [metric.slice(verdict.length), group.metrics[metric]?.mean ?? 0])),
            }))}
          />
        </section>
      )}
    </ReportParts>
  );
}

function MetricPanel({ comparison, metric }: { readonly comparison: Comparison; readonly metric: string }): ReactNode {
  const rows = comparison.groups.slice(0, mostGroups).map((group, place) => {
    const found = group.metrics[metric] ?? null;
    return {
      label: groupName(comparison, { group, place }),
      mark: seriesMark(place),
      value: found?.mean ?? null,
      interval: found !== null && found.low !== null && found.high !== null ? { low: found.low, high: found.high } : null,
      missing: "none",
    };
  });
  const ends = rows.flatMap(({ value, interval }) => [
    ...(value === null ? [] : [value]),
    ...(interval === null ? [] : [interval.low, interval.high]),
  ]);
  const base = comparison.groups[comparison.baseline]?.metrics[metric]?.mean;
  const [low, high] = [Math.min(0, ...ends), Math.max(isShare(metric) ? 1 : 0, ...ends)];
  const text = isShare(metric) ? percent : shortNumber;
  return (
    <IntervalPanel
      title={metricName(metric)}
      description={rows.map(({ label, value }) => `${label} ${text(value)}`).join(", ")}
      rows={rows}
      hasLongLabels
      domain={low === high ? [low - 1, high + 1] : [low, high]}
      guides={base === undefined ? [] : [base]}
      axisLabel={isShare(metric) ? "share" : "return per episode"}
      format={(value) => (isShare(metric) ? formatPercent(value) : formatHundredths(value))}
    />
  );
}
