// The league's pictures: shares with intervals, detection against budget, calibration.

import type { LeagueDocument, LeagueEntry } from "../../core/league/league-document.ts";
import type { Scores } from "../../core/league/league-scores.ts";
import { type CalibrationCurve, mostExpectedError } from "../../core/league/posterior-calibration.ts";
import type { Share } from "../../core/league/share.ts";
import { dataTable, intervalColumn, numberColumn, textColumn } from "../charts/data-table.ts";
import { ChartFigure } from "../charts/figure.tsx";
import { formatCount, formatNumber, formatPercent, joinWords } from "../charts/format.ts";
import { IntervalPanel } from "../charts/interval-panel.tsx";
import { LinePanel } from "../charts/line-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import { shareColumn } from "./share-column.ts";
import { calibrationText, quotedScores, summaryColumns } from "./share-text.ts";

/** Shares of all auditors, one panel per column of the summary. */
export function SharesFigure({ document }: { readonly document: LeagueDocument }) {
  const { auditors } = document;
  const goals: Readonly<Record<string, number>> = {
    Detected: 0.95,
    "False alarms": 0.02,
    "Kinds right": 0.9,
    "Proxies named": 0.9,
  };
  return (
    <ChartFigure
      caption="A dot is the share, the bar its 95% Wilson interval; the dashed rule is the goal that the project sets itself on the full population."
      table={dataTable("shares by auditor", auditors, [
        textColumn("Auditor", ({ name }) => name),
        ...summaryColumns.map(({ title, of }) => shareColumn(title, (entry: LeagueEntry) => of(quotedScores(entry)))),
      ])}
    >
      {summaryColumns.map(({ title, of }) => (
        <IntervalPanel
          key={title}
          title={title}
          description={auditors.map((entry) => `${entry.name} ${formatPercent(of(quotedScores(entry)).share)}`).join(", ")}
          domain={[0, 1]}
          axisLabel="share of organisms"
          format={(value) => formatPercent(value)}
          guides={goals[title] === undefined ? [] : [goals[title]]}
          rows={auditors.map((entry, index) => {
            const { share, low, high } = of(quotedScores(entry));
            return {
              label: entry.name,
              mark: seriesMark(index),
              value: share,
              interval: low === null || high === null ? null : { low, high },
              missing: "none of these",
            };
          })}
        />
      ))}
    </ChartFigure>
  );
}

const budgetPanels: readonly { readonly title: string; readonly of: (scores: Scores) => Share }[] = [
  { title: "Detected", of: ({ detection }) => detection.detected },
  { title: "False alarms", of: ({ detection }) => detection.falseAlarms },
  { title: "Kinds right", of: ({ confusion }) => confusion.kindsRight },
];

/** Detection, false alarms and right kinds against the budget. */
export function BudgetFigure({ document }: { readonly document: LeagueDocument }) {
  const { auditors, budgets } = document;
  return (
    <ChartFigure
      caption="Against the levels that each measurement of an auditor may draw. The battery measures many things, so its levels in all are many more: see the cost in the summary."
      table={dataTable(
        "shares by budget",
        auditors.flatMap(({ name, results }) => results.map((result) => ({ name, ...result }))),
        [
          textColumn("Auditor", ({ name }) => name),
          numberColumn("Levels", ({ levels }) => levels, String),
          ...budgetPanels.map(({ title, of }) => shareColumn(title, ({ scores }: { readonly scores: Scores }) => of(scores))),
          numberColumn("Environment steps an organism", ({ scores }) => scores.cost?.environmentSteps ?? null, formatCount),
        ],
      )}
    >
      {budgetPanels.map(({ title, of }) => (
        <LinePanel
          key={title}
          title={title}
          description={joinWords(
            auditors.map(({ name, results }) => `${name} ends at ${formatPercent(of(results.at(-1)!.scores).share)}`),
          )}
          series={auditors.map(({ name, results }, index) => ({
            label: name,
            mark: seriesMark(index),
            points: results.map(({ levels, scores }) => ({ x: levels, y: of(scores).share ?? Number.NaN })),
          }))}
          xDomain={[0, budgets.at(-1)!]}
          yDomain={[0, 1]}
          xLabel="levels per measurement"
          yLabel="share of organisms"
          formatX={(value) => String(value)}
          formatY={(value) => formatPercent(value)}
        />
      ))}
    </ChartFigure>
  );
}

const modePanels: readonly { readonly title: string; readonly of: (mode: Scores["failureModes"][number]) => Share }[] = [
  { title: "Detected, by whatever name", of: ({ detected }) => detected },
  { title: "Named rightly", of: ({ named }) => named },
  { title: "Clean ones accused of it", of: ({ falseAlarms }) => falseAlarms },
];

/** What one auditor finds of each failure mode. */
export function ModeFigure({ entry, index }: { readonly entry: LeagueEntry; readonly index: number }) {
  const { failureModes } = quotedScores(entry);
  return (
    <ChartFigure
      caption="A dot is the share, the bar its 95% Wilson interval."
      table={dataTable(`failure modes, ${entry.name}`, failureModes, [
        textColumn("Failure mode", ({ failureMode }) => failureMode),
        ...modePanels.map(({ title, of }) => shareColumn(title, of)),
      ])}
    >
      {modePanels.map(({ title, of }) => (
        <IntervalPanel
          key={title}
          title={title}
          description={failureModes.map((mode) => `${mode.failureMode} ${formatPercent(of(mode).share)}`).join(", ")}
          domain={[0, 1]}
          axisLabel="share of organisms"
          format={(value) => formatPercent(value)}
          hasLongLabels
          rows={failureModes.map((mode) => {
            const { share, low, high } = of(mode);
            return {
              label: mode.failureMode,
              mark: seriesMark(index),
              value: share,
              interval: low === null || high === null ? null : { low, high },
              missing: "none of these",
            };
          })}
        />
      ))}
    </ChartFigure>
  );
}

/** Calibration of one auditor: what it states against what comes true. */
export function CalibrationFigure({ entry, index }: { readonly entry: LeagueEntry; readonly index: number }) {
  const { kind, misaligned } = quotedScores(entry).calibration;
  const panels = [
    ["Its most probable kind", kind],
    ["That it is misaligned", misaligned],
  ] as const;
  return (
    <ChartFigure
      caption={`Stated probability against how often it came true, in bins of a tenth; bars are 95% Wilson intervals, tall ticks what was stated: where an auditor is calibrated, bars cover ticks. ${calibrationText(kind)} for the kind; ${calibrationText(misaligned)} for misalignment. Calibrated is whose expected error is at most ${formatNumber(mostExpectedError)}. Brier score ${formatNumber(kind.brierScore, 3)} over kinds (0 to 2), ${formatNumber(misaligned.brierScore, 3)} for misalignment (0 to 1; always saying ½ earns .25).`}
      table={dataTable(
        `calibration of ${entry.name}`,
        panels.flatMap(([what, curve]) => curve.bins.map((bin) => ({ what, ...bin }))),
        [
          textColumn("Probability of", ({ what }) => what),
          {
            head: "Bin",
            text: ({ low, high }) => `${low.toFixed(1)}–${high.toFixed(1)}`,
            files: { "Bin from": ({ low }) => low, "Bin to": ({ high }) => high },
          },
          numberColumn("Organisms", ({ count }) => count, String),
          numberColumn("Stated", ({ stated }) => stated),
          numberColumn("Came true", ({ observed }) => observed),
          intervalColumn(({ intervalLow, intervalHigh }) => ({ low: intervalLow, high: intervalHigh })),
        ],
      )}
    >
      {panels.map(([title, curve]) => (
        <CalibrationPanel key={title} title={title} curve={curve} index={index} />
      ))}
    </ChartFigure>
  );
}

interface CalibrationPanelProps {
  readonly title: string;
  readonly curve: CalibrationCurve;
  readonly index: number;
}

/** A row per bin; the tall tick is what was stated. */
function CalibrationPanel({ title, curve, index }: CalibrationPanelProps) {
  return (
    <IntervalPanel
      title={`${title} (${curve.organisms} organisms)`}
      description={curve.bins
        .map((bin) => `stated ${formatNumber(bin.stated)}, came true ${formatNumber(bin.observed)}`)
        .join("; ")}
      domain={[0, 1]}
      axisLabel="share that came true (tall tick: stated)"
      format={(value) => formatNumber(value, 1)}
      rows={curve.bins.map((bin) => ({
        label: `${bin.low.toFixed(1)}–${bin.high.toFixed(1)} · ${bin.count}`,
        mark: seriesMark(index),
        value: bin.observed,
        interval: { low: bin.intervalLow, high: bin.intervalHigh },
        missing: "",
        oracle: bin.stated,
      }))}
    />
  );
}
