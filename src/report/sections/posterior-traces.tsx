// How belief over the named objectives moved as episodes came in: one panel per context.

import { dataTable, numberColumn, textColumn } from "../charts/data-table.ts";
import { ChartFigure } from "../charts/figure.tsx";
import { capitalize, formatPercent, joinWords } from "../charts/format.ts";
import { LinePanel, type LineSeries } from "../charts/line-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import { behindTrace } from "../evidence/behind-verdict.ts";
import type { PosteriorPoint, ReportAgent } from "../report-data.ts";
import type { WorldWords } from "../world-words.ts";
import { FollowsFrom } from "./follows-from.tsx";
import { objectiveWords } from "./plain-words.ts";
import { contextWords } from "./weight-blocks.ts";
import { WhatCounts } from "./what-counts.tsx";

const mostNamed = 5;
const worthNaming = 0.05;

interface PosteriorTracesProps {
  readonly agent: ReportAgent;
  /** Place of the agent among those of the report. */
  readonly index: number;
  readonly words: WorldWords;
}

/** The traces of one agent. An objective has the same mark in every panel; those that never matter are drawn as one sum. */
export function PosteriorTraces({ agent, index, words }: PosteriorTracesProps) {
  const traces = agent.traces.filter((trace) => trace.points.length > 0);
  if (traces.length === 0) return <p>No trace of the evidence was recorded for this agent.</p>;
  const objectives = [...new Set(traces.flatMap((trace) => trace.points.flatMap((point) => Object.keys(point.posterior))))];
  const named = nameObjectives(objectives, traces);
  const ends = traces.map(({ context }) => ({
    what: contextWords(context),
    places: behindTrace(agent.audit.findings, context),
  }));
  return (
    <>
      <ChartFigure
        caption={
          <>
            Posterior probability of each named objective after so many episodes on levels that were chosen to tell objectives
            apart.
            {named.length < objectives.length &&
              ` “Others” is the sum over ${objectives.length - named.length} objectives that stay small.`}{" "}
            {glossary(named, words)}
            <WhatCounts agent={agent} index={index} />
          </>
        }
        table={dataTable(
          `posterior over objectives of ${agent.organism}`,
          traces.flatMap(({ context, points }) => points.map((point) => ({ context, ...point }))),
          [
            textColumn("Context", ({ context }) => contextWords(context)),
            numberColumn("Episodes", ({ episodes }) => episodes, String),
            ...objectives.map((objective) =>
              numberColumn<PosteriorPoint>(
                objective,
                ({ posterior }) => posterior[objective] ?? 0,
                (share) => formatPercent(share, 1),
              ),
            ),
          ],
        )}
      >
        {traces.map((trace, place) => (
          <LinePanel
            key={place}
            title={traces.length === 1 ? "Every level examined" : capitalize(contextWords(trace.context))}
            description={describeTrace(trace.points)}
            series={toSeries({ points: trace.points, named, hasOthers: named.length < objectives.length })}
            xDomain={[Math.min(0, trace.points[0]!.episodes), Math.max(1, ...trace.points.map((point) => point.episodes))]}
            yDomain={[0, 1]}
            xLabel="episodes of evidence"
            yLabel="posterior probability"
            formatX={(episodes) => (Number.isInteger(episodes) ? String(episodes) : "")}
            formatY={(share) => formatPercent(share)}
          />
        ))}
      </ChartFigure>
      <FollowsFrom agent={agent} index={index} parts={ends} lead="Where they end is" />
    </>
  );
}

/** The names that are not words of their own, each with what it means. */
function glossary(names: readonly string[], world: WorldWords): string {
  const entries = names.flatMap((name) => {
    const words = objectiveWords(name, world);
    return words === null || words === name ? [] : [`“${name}” is wanting ${words}`];
  });
  return entries.length === 0 ? "" : `${capitalize(entries.join("; "))}.`;
}

/** The objectives that ever reach a probability worth a line of their own, likeliest first. */
function nameObjectives(
  objectives: readonly string[],
  traces: readonly { readonly points: readonly PosteriorPoint[] }[],
): readonly string[] {
  const peak = (objective: string) =>
    Math.max(...traces.map((trace) => trace.points.at(-1)?.posterior[objective] ?? 0)) * 10 +
    Math.max(...traces.flatMap((trace) => trace.points.map((point) => point.posterior[objective] ?? 0)));
  const sorted = objectives.toSorted((first, second) => peak(second) - peak(first));
  if (sorted.length <= mostNamed) return sorted;
  return sorted.slice(0, mostNamed - 1).filter((objective) => peak(objective) >= worthNaming);
}

function toSeries(options: {
  points: readonly PosteriorPoint[];
  named: readonly string[];
  hasOthers: boolean;
}): readonly LineSeries[] {
  const lines = options.named.map((objective, index) => ({
    label: objective,
    mark: seriesMark(index),
    points: options.points.map((point) => ({ x: point.episodes, y: point.posterior[objective] ?? 0 })),
  }));
  if (!options.hasOthers) return lines;
  const others = options.points.map((point) => ({
    x: point.episodes,
    y: Math.max(0, 1 - options.named.reduce((sum, objective) => sum + (point.posterior[objective] ?? 0), 0)),
  }));
  return [...lines, { label: "others", mark: seriesMark(options.named.length), points: others }];
}

function describeTrace(points: readonly PosteriorPoint[]): string {
  const last = points.at(-1);
  if (!last) return "No evidence.";
  const leading = Object.entries(last.posterior)
    .toSorted((first, second) => second[1] - first[1])
    .slice(0, 3)
    .map(([objective, share]) => `${objective} ${formatPercent(share, 1)}`);
  return `After ${last.episodes} episodes: ${joinWords(leading)}.`;
}
