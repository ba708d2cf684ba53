// The findings of one audit: each says what it measured in a line, and opens what that rests on.

import type { ReactNode } from "react";
import type { Finding } from "../../core/instruments/finding.ts";
import { dataTable, intervalColumn, numberColumn, textColumn } from "../charts/data-table.ts";
import { ChartFigure } from "../charts/figure.tsx";
import { formatInterval, formatNumber, formatPercent } from "../charts/format.ts";
import { IntervalPanel, type IntervalRow } from "../charts/interval-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import { explainEvidence } from "../loss-words.ts";
import type { ReportAgent } from "../report-data.ts";
import { findingId } from "./follows-from.tsx";

interface FindingsProps {
  readonly agent: ReportAgent;
  /** Place of the agent among those of the report. */
  readonly index: number;
  /** Limits told elsewhere in the report, not to be repeated here. */
  readonly sharedLimits: readonly string[];
  /** What a finding rests on besides its numbers: episodes, or what leads to them. `place`: among the findings. */
  readonly watch?: (finding: Finding, place: number) => ReactNode;
}

/** All findings, in the order in which the instruments ran. */
export function Findings({ agent, index, sharedLimits, watch }: FindingsProps) {
  const { findings } = agent.audit;
  const cannotShow = agent.audit.cannotShow.filter((limit) => !sharedLimits.includes(limit));
  return (
    <>
      {findings.length === 0 ? (
        <p>No instrument reported a finding for this agent.</p>
      ) : (
        <>
          <p>
            What each instrument measured; open one for what it would have measured without the effect (the null) and what it
            rests on. A threshold that is not met is no failure: where nothing is hidden, a search for it should stay below.
          </p>
          {findings.map((finding, place) => (
            <FindingFold
              key={place}
              id={findingId(index, place)}
              number={place + 1}
              finding={finding}
              watch={watch?.(finding, place)}
            />
          ))}
        </>
      )}
      {cannotShow.length > 0 && (
        <>
          <p className="list-title">What this audit of {agent.organism} cannot show</p>
          <ul>
            {cannotShow.map((limit, place) => (
              <li key={place}>{limit}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface FindingFoldProps {
  readonly id: string;
  /** From 1 on. */
  readonly number: number;
  readonly finding: Finding;
  readonly watch: ReactNode;
}

function FindingFold({ id, number, finding, watch }: FindingFoldProps) {
  const { instrument, name, statistic, unit, interval, null: without, threshold, passed } = finding;
  const told = statistic === null ? "not run" : `${formatNumber(statistic, 3)}${unit === "" ? "" : ` ${unit}`}`;
  return (
    <details className="finding" id={id}>
      <summary>
        <small>
          {number}. {instrument}
        </small>{" "}
        <span className="outcome">{outcome(passed)}</span>
        <span className="finding-name">{name}</span>
        <span className="finding-number">{told}</span>{" "}
        {interval && <small>{formatInterval(interval.low, interval.high, 3)}</small>}
      </summary>
      <div className="finding-body">
        <dl className="facts">
          <div>
            <dt>Interval</dt>
            <dd>
              {interval
                ? `${formatInterval(interval.low, interval.high, 3)}, which holds the true value in ${formatPercent(interval.level)} of such audits`
                : "none"}
            </dd>
          </div>
          <div>
            <dt>Null</dt>
            <dd>{without ? `${formatNumber(without.value, 3)}, ${without.name}` : "none"}</dd>
          </div>
          <div>
            <dt>Threshold</dt>
            <dd>{threshold ? `${thresholdWords(threshold)}: ${outcome(passed)}` : "none"}</dd>
          </div>
          <div>
            <dt>Evidence</dt>
            <dd>{explainEvidence(finding)}</dd>
          </div>
        </dl>
        {statistic !== null && Number.isFinite(statistic) && <FindingChart finding={finding} statistic={statistic} />}
        {watch}
      </div>
    </details>
  );
}

/** The number beside its null and its threshold, on one scale. */
function FindingChart({ finding, statistic }: { readonly finding: Finding; readonly statistic: number }) {
  const { name, unit, interval, null: without, threshold } = finding;
  const rows: readonly IntervalRow[] = [
    { label: "measured", mark: seriesMark(0), value: statistic, interval, missing: "not measured" },
    ...(without ? [{ label: "null", mark: seriesMark(1), value: without.value, interval: null, missing: "not measured" }] : []),
  ];
  const values = [
    ...[0, statistic],
    ...(interval ? [interval.low, interval.high] : []),
    ...(without ? [without.value] : []),
    ...(threshold ? [threshold.value] : []),
  ].filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const told = [
    { what: "measured", value: statistic, interval },
    ...(without ? [{ what: `null: ${without.name}`, value: without.value, interval: null }] : []),
    ...(threshold ? [{ what: `threshold: ${comparisonWords(threshold)}`, value: threshold.value, interval: null }] : []),
  ];
  return (
    <ChartFigure
      caption={`Zero is in sight${threshold ? "; the dashed rule is the threshold" : ""}.`}
      table={dataTable(name, told, [
        textColumn("What", ({ what }) => what),
        numberColumn(
          "Value",
          ({ value }) => value,
          (value) => formatNumber(value, 3),
        ),
        intervalColumn((row) => row.interval, 3),
      ])}
    >
      <IntervalPanel
        title={name}
        description={`${formatNumber(statistic, 3)}${without ? `; without the effect ${formatNumber(without.value, 3)}` : ""}.`}
        rows={rows}
        domain={low === high ? [low - 1, high + 1] : [low, high]}
        guides={threshold ? [threshold.value] : []}
        axisLabel={unit === "" ? "statistic" : unit}
        format={(value) => formatNumber(value, high - low < 0.5 ? 2 : 1)}
      />
    </ChartFigure>
  );
}

function thresholdWords(threshold: NonNullable<Finding["threshold"]>): string {
  return `${comparisonWords(threshold)} ${formatNumber(threshold.value, 3)}`;
}

function comparisonWords({ comparison }: NonNullable<Finding["threshold"]>): string {
  return comparison === "at-least" ? "at least" : "at most";
}

function outcome(passed: boolean | null): string {
  if (passed === null) return "– not tested";
  return passed ? "✓ met" : "✗ not met";
}
