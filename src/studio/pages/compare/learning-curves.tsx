// How the groups learned: the mean over the seeds of each with its interval, over training. A chunk of its own, loaded when there is something to draw.

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import type { Comparison } from "../../../lab/compare.ts";
import { dataTable, numberColumn, textColumn } from "../../../report/charts/data-table.ts";
import { ChartFigure } from "../../../report/charts/figure.tsx";
import { formatHundredths, formatPercent } from "../../../report/charts/format.ts";
import { LinePanel } from "../../../report/charts/line-panel.tsx";
import { seriesMark } from "../../../report/charts/series-mark.ts";
import type { LabClient } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import type { Curve } from "../../app/live-queries.ts";
import { Button } from "../../components/button.tsx";
import { Failed } from "../../views/failed.tsx";
import { ReportParts } from "../../views/verdict/report-parts.tsx";
import { exactNumber, percent, shortNumber } from "../../views/words.ts";
import { groupName, mostGroups } from "./groups.ts";
import { type MeanPoint, meanCurve } from "./mean-curves.ts";

/** Curves that are read unasked: each is a question to the lab. */
const mostUnasked = 60;
/** Questions under way at once. */
const atOnce = 6;

const metrics = [
  { column: "oracleShare", title: "Share of the oracle’s return", axis: "share", isShare: true },
  { column: "trainingReturn", title: "Return per episode", axis: "return", isShare: false },
] as const;

export function LearningCurves({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const { client } = useLab();
  const groups = comparison.groups.slice(0, mostGroups);
  const keys = groups.flatMap(({ runs }) => runs);
  const [isWanted, setWanted] = useState(false);
  const curves = useQuery({
    queryKey: ["curves", keys],
    queryFn: ({ signal }) => readCurves(keys, { client, signal }),
    enabled: isWanted || keys.length <= mostUnasked,
    // Of runs that are done.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section aria-labelledby="learned" className="compare-learned">
      <h2 id="learned">How they learned</h2>
      {curves.isError ? (
        <Failed title="The curves could not be read" error={curves.error} onRetry={() => void curves.refetch()} />
      ) : curves.data !== undefined ? (
        <Drawn comparison={comparison} curves={curves.data} />
      ) : curves.isFetching ? (
        <p className="quiet">Reading the curves of {keys.length} runs …</p>
      ) : (
        <p>
          <Button onPress={() => setWanted(true)}>{`Read the curves of ${keys.length} runs`}</Button>
        </p>
      )}
    </section>
  );
}

async function readCurves(
  keys: readonly string[],
  { client, signal }: { readonly client: LabClient; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Curve>> {
  const curves = new Map<string, Curve>();
  const left = [...keys];
  const readOn = async () => {
    for (let key = left.shift(); key !== undefined; key = left.shift())
      curves.set(key, await client.jobs.curve({ key }, { signal }));
  };
  await Promise.all(Array.from({ length: atOnce }, readOn));
  return curves;
}

interface DrawnProps {
  readonly comparison: Comparison;
  readonly curves: ReadonlyMap<string, Curve>;
}

interface GroupCurves {
  readonly name: string;
  /** By the metrics' columns. */
  readonly means: Readonly<Record<string, readonly MeanPoint[]>>;
}

function Drawn({ comparison, curves }: DrawnProps): ReactNode {
  const groups = useMemo(() => groupCurves({ comparison, curves }), [comparison, curves]);
  if (groups.every(({ means }) => metrics.every(({ column }) => means[column]!.length === 0)))
    return <p className="quiet">No curves were kept of these runs.</p>;
  return (
    <ReportParts>
      <ChartFigure
        isLarge
        caption="Mean over seeds, on fixed levels of training; shaded, at each place by itself, its 95% interval over seeds, none where a group has one run. A mean ends where the first of its runs ends."
        table={dataTable(
          "learning curves of the groups",
          groups.flatMap(({ name, means }) =>
            metrics.flatMap(({ column }) => means[column]!.map((point) => ({ name, column, ...point }))),
          ),
          [
            textColumn("Group", ({ name }) => name),
            textColumn("Metric", ({ column }) => column),
            numberColumn("Environment steps", ({ steps }) => steps, exactNumber),
            numberColumn("Mean", ({ mean }) => mean, shortNumber),
            numberColumn("Low", ({ low }) => low, shortNumber),
            numberColumn("High", ({ high }) => high, shortNumber),
            numberColumn("Runs", ({ n }) => n, exactNumber),
          ],
        )}
      >
        {metrics.map((metric) => (
          <CurvePanel key={metric.column} metric={metric} groups={groups} />
        ))}
      </ChartFigure>
    </ReportParts>
  );
}

function groupCurves({ comparison, curves }: DrawnProps): readonly GroupCurves[] {
  return comparison.groups.slice(0, mostGroups).map((group, place) => ({
    name: groupName(comparison, { group, place }),
    means: Object.fromEntries(
      metrics.map(({ column }) => [column, meanCurve(group.runs.map((key) => measuredOf(curves.get(key) ?? [], column)))]),
    ),
  }));
}

function measuredOf(curve: Curve, column: string) {
  const points = curve.flatMap((row) => {
    const [steps, value] = [row.environmentSteps, row[column]];
    return typeof steps === "number" && typeof value === "number" && Number.isFinite(value) ? [{ steps, value }] : [];
  });
  return { steps: points.map(({ steps }) => steps), values: points.map(({ value }) => value) };
}

interface CurvePanelProps {
  readonly metric: (typeof metrics)[number];
  readonly groups: readonly GroupCurves[];
}

function CurvePanel({ metric: { column, title, axis, isShare }, groups }: CurvePanelProps): ReactNode {
  const points = groups.flatMap(({ means }) => means[column]!);
  if (points.length === 0) return null;
  const text = isShare ? percent : shortNumber;
  const ends = groups.flatMap(({ name, means }) => {
    const last = means[column]!.at(-1);
    return last === undefined ? [] : [`${name} ${text(last.mean)}`];
  });
  // A band over few seeds reaches far beyond what can be: the lines decide the axis.
  const values = points.map(({ mean }) => mean);
  const [low, high] = [Math.min(0, ...values), Math.max(isShare ? 1 : 0, ...values)];
  return (
    <LinePanel
      title={title}
      description={`At the end: ${ends.join(", ")}.`}
      series={groups.map(({ name, means }, place) => ({
        label: name,
        mark: seriesMark(place),
        points: means[column]!.map(({ steps, mean, low: least, high: most }) => ({
          ...{ x: steps, y: mean },
          ...(least !== null && most !== null && { low: least, high: most }),
        })),
      }))}
      xDomain={[0, Math.max(1, ...points.map(({ steps }) => steps))]}
      yDomain={low === high ? [low - 1, high + 1] : [low, high]}
      xLabel="environment steps"
      yLabel={axis}
      labelWidth={136}
      formatX={(steps) => shortNumber(steps)}
      formatY={(value) => (isShare ? formatPercent(value) : formatHundredths(value))}
    />
  );
}
