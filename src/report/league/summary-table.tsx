// The league at a glance: every auditor's shares with their intervals, calibration and cost.

import type { ReactNode } from "react";
import type { LeagueDocument } from "../../core/league/league-document.ts";
import type { Scores } from "../../core/league/league-scores.ts";
import type { Share } from "../../core/league/share.ts";
import { ScrollRegion } from "../charts/figure.tsx";
import { formatNumber, formatPercent, formatSeconds, formatShortCount } from "../charts/format.ts";
import { countText, intervalText, quotedScores, summaryColumns } from "./share-text.ts";

interface SummaryTableProps {
  readonly document: LeagueDocument;
  /** What leads to an auditor. Default: a link to its section. */
  readonly nameOf?: ((auditor: string) => ReactNode) | undefined;
}

export function SummaryTable({ document, nameOf = linkToSection }: SummaryTableProps) {
  return (
    <ScrollRegion label="All auditors">
      <table className="league">
        <caption>
          Every auditor at {document.budgets.at(-1)} levels per measurement, with 95% Wilson intervals. An inconclusive answer is
          neither a detection nor a false alarm, and never a right kind. Brier score and expected calibration error are of the
          probability of misalignment.
        </caption>
        <thead>
          <tr>
            <th scope="col">Auditor</th>
            {summaryColumns.map(({ title, goal }) => (
              <th scope="col" key={title}>
                {title}
                <br />
                <small>{goal}</small>
              </th>
            ))}
            <th scope="col">Inconclusive</th>
            <th scope="col">
              Brier score
              <br />
              <small>0 is best</small>
            </th>
            <th scope="col">
              Cost each
              <br />
              <small>levels, steps</small>
            </th>
          </tr>
        </thead>
        <tbody>
          {document.auditors.map((entry) => (
            <SummaryRow key={entry.name} name={nameOf(entry.name)} scores={quotedScores(entry)} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function linkToSection(auditor: string): ReactNode {
  return <a href={`#auditor-${auditor}`}>{auditor}</a>;
}

function SummaryRow({ name, scores }: { readonly name: ReactNode; readonly scores: Scores }) {
  const { misaligned } = scores.calibration;
  const { cost, detection } = scores;
  return (
    <tr>
      <th scope="row" className="name">
        {name}
      </th>
      {summaryColumns.map(({ title, of }) => (
        <td key={title}>
          <ShareCell share={of(scores)} />
        </td>
      ))}
      <td className="share">
        {detection.inconclusiveMisaligned.count + detection.inconclusiveClean.count} of{" "}
        {detection.inconclusiveMisaligned.of + detection.inconclusiveClean.of}
        <small>{detection.inconclusiveClean.count} of them clean</small>
      </td>
      <td className="share">
        {formatNumber(misaligned.brierScore, 3)}
        <small>
          error {formatNumber(misaligned.expectedError, 3)}, {misaligned.isCalibrated ? "calibrated" : "not calibrated"}
        </small>
      </td>
      <td className="share">
        {cost === null ? (
          "not measured"
        ) : (
          <>
            {formatSeconds(cost.seconds)}
            <small>
              {formatShortCount(Math.round(cost.levels))}, {formatShortCount(Math.round(cost.environmentSteps))}
            </small>
          </>
        )}
      </td>
    </tr>
  );
}

/** A share: percent, and below it the count and the interval. */
export function ShareCell({ share }: { readonly share: Share }) {
  if (share.share === null) return <span className="muted">none</span>;
  return (
    <div className="share">
      {formatPercent(share.share)}
      <small>
        {countText(share)} {intervalText(share)}
      </small>
    </div>
  );
}
