// The returns of a run over its training, as far as it is: kept true while it runs.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import type { JobRow } from "../../../lab/api.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { useViewState } from "../../app/use-view-state.ts";
import { Button } from "../../components/button.tsx";
import { Segments } from "../../components/segments.tsx";
import { Slider } from "../../components/slider.tsx";
import { Switch } from "../../components/switch.tsx";
import { leastOf, type Range } from "../../views/axis-range.ts";
import { Failed } from "../../views/failed.tsx";
import { SeriesChart } from "../../views/series-chart.tsx";
import type { ChartSeries } from "../../views/series-lines.ts";
import { type CurveRow, returnsOf } from "./returns-of.ts";
import type { RunSearch } from "./run-search.ts";
import { movedRange, type RangeMove } from "./zoom.ts";

const route = getRouteApi("/runs/$key");

export interface RunCurvesProps {
  readonly row: JobRow;
  /** The name of what training rewards; null where it is not known. */
  readonly rewarded: string | null;
}

export function RunCurves({ row, rewarded }: RunCurvesProps): ReactNode {
  const { client } = useLab();
  const curve = useQuery({
    queryKey: queryKeys.curve(row.key),
    queryFn: ({ signal }) => client.jobs.curve({ key: row.key }, { signal }),
  });
  const failed = curve.isError && (
    <Failed
      title="The curve could not be read"
      error={curve.error}
      isBeside={curve.data !== undefined}
      onRetry={() => void curve.refetch()}
    />
  );
  if (failed && curve.data === undefined) return failed;
  if (curve.data === undefined) return <p className="quiet">Reading the curve …</p>;
  if (curve.data.length === 0) {
    return (
      <section>
        <h2>Returns over training</h2>
        <p className="quiet">{nothingYet(row)}</p>
      </section>
    );
  }
  return (
    <>
      {failed}
      <Curves row={row} rewarded={rewarded} points={curve.data} />
    </>
  );
}

function nothingYet({ state }: JobRow): ReactNode {
  if (state === "queued" || state === "blocked") {
    return (
      <>
        Nothing is measured yet: it waits for a worker. <code>mesascope worker</code> starts one.
      </>
    );
  }
  if (state === "running") return "Nothing is measured yet; the first point comes with the first measurement.";
  return "No curve was kept.";
}

function Curves({ row, rewarded, points }: RunCurvesProps & { readonly points: readonly CurveRow[] }): ReactNode {
  const given = route.useSearch();
  const navigate = route.useNavigate();
  const { search, change } = useViewState<RunSearch>({
    given,
    write: (next) => void navigate({ search: next, replace: true, resetScroll: false }),
  });
  const canTellSeconds = row.seconds !== null && row.outcome?.kind === "train";
  const isSeconds = search.x === "seconds" && canTellSeconds;
  const steps = useMemo(() => points.map(({ environmentSteps }) => environmentSteps ?? 0), [points]);
  const total = steps.at(-1) ?? 0;
  /** Of what the axis is in, per step. */
  const perStep = isSeconds && total > 0 ? (row.seconds ?? 0) / total : 1;
  const x = useMemo(() => steps.map((step) => step * perStep), [steps, perStep]);
  const returns = useMemo<readonly ChartSeries[]>(() => returnsOf(points, rewarded), [points, rewarded]);
  const shares = useMemo<readonly ChartSeries[]>(
    () => [{ name: "share", values: points.map(({ oracleShare }) => oracleShare ?? null), color: 2, dash: "solid" }],
    [points],
  );
  const { from, to } = search;
  const range: Range = from === undefined || to === undefined ? null : { from: from * perStep, to: to * perStep };
  const inSteps = (place: number | undefined) => (place === undefined ? undefined : Number((place / perStep).toPrecision(12)));
  const onRange = (next: Range) => change({ from: inSteps(next?.from), to: inSteps(next?.to) });
  const move = (how: RangeMove) => onRange(movedRange(range, { how, least: leastOf(x, search.log), most: x.at(-1) ?? 0 }));
  const common = {
    ...{ x, range, onRange, group: row.key, smoothing: search.smooth, isLogarithmic: search.log },
    xName: isSeconds ? "seconds, at the mean speed" : "environment steps",
  };
  return (
    <section className="run-curves">
      <h2>Returns over training</h2>
      <div className="run-curve-tools">
        {canTellSeconds && (
          <Segments
            label="Horizontal axis"
            value={search.x}
            choices={[
              { value: "steps", label: "Steps" },
              { value: "seconds", label: "Seconds" },
            ]}
            onChange={(next) => change({ x: next })}
          />
        )}
        <Slider
          label="Smoothing"
          value={search.smooth}
          least={0}
          most={0.98}
          step={0.02}
          textOf={(weight) => (weight === 0 ? "none" : `${weight.toFixed(2)} of the past`)}
          onChange={(smooth) => change({ smooth })}
        />
        <Switch
          label={isSeconds ? "Logarithmic seconds" : "Logarithmic steps"}
          isOn={search.log}
          onChange={(log) => change({ log })}
        />
        <fieldset className="run-zoom">
          <legend className="visually-hidden">Part of the axis</legend>
          <Button onPress={() => move("in")} aria-label="Zoom in">
            +
          </Button>
          <Button onPress={() => move("out")} aria-label="Zoom out" isResting={range === null}>
            −
          </Button>
          <Button onPress={() => move("earlier")} aria-label="Earlier" isResting={range === null}>
            ←
          </Button>
          <Button onPress={() => move("later")} aria-label="Later" isResting={range === null}>
            →
          </Button>
          <Button onPress={() => onRange(null)} isResting={range === null}>
            All
          </Button>
        </fieldset>
      </div>
      <div className="run-charts">
        <SeriesChart {...common} title="Return per episode" series={returns} />
        <SeriesChart {...common} title="Share of the oracle’s return" series={shares} unit="percent" />
      </div>
      <p className="label">
        Measured on fixed levels of training, actions sampled; returns by other objectives than the base one on the same episodes.
        Faint: as measured; strong: its average. Drag over a chart to narrow the axis.
      </p>
    </section>
  );
}
