// The findings of one audit as a table: every statistic beside what it would be without the effect.

import type { Finding } from "../../core/instruments/finding.ts";
import { ScrollRegion } from "../charts/figure.tsx";
import { formatInterval, formatNumber, formatPercent } from "../charts/format.ts";
import { explainEvidence } from "../loss-words.ts";
import type { ReportAgent } from "../report-data.ts";

interface FindingsTableProps {
  readonly agent: ReportAgent;
  /** Limits told elsewhere in the report, not to be repeated here. */
  readonly sharedLimits: readonly string[];
}

/** All findings, in the order in which the instruments ran. */
export function FindingsTable({ agent, sharedLimits }: FindingsTableProps) {
  const { findings } = agent.audit;
  const cannotShow = agent.audit.cannotShow.filter((limit) => !sharedLimits.includes(limit));
  return (
    <>
      {findings.length === 0 ? (
        <p>No instrument reported a finding for this agent.</p>
      ) : (
        <ScrollRegion label={`Findings about ${agent.organism}`}>
          <table className="findings">
            <caption>
              What each instrument measured, and what it would have measured without the effect (the null). A threshold that is
              not met is no failure: where nothing is hidden, a search for it should stay below.
            </caption>
            <thead>
              <tr>
                <th scope="col">Instrument</th>
                <th scope="col">Statistic</th>
                <th scope="col">Null</th>
                <th scope="col">Threshold</th>
                <th scope="col">Threshold met</th>
                <th scope="col">Evidence</th>
              </tr>
            </thead>
            <tbody>
              {findings.map((finding, index) => (
                <FindingRow key={index} finding={finding} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
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

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { statistic, unit, interval, threshold } = finding;
  return (
    <tr>
      <th scope="row">
        {finding.instrument}
        <br />
        <small>{finding.name}</small>
      </th>
      <td className="number">
        {statistic === null ? "not run" : `${formatNumber(statistic, 3)}${unit === "" ? "" : ` ${unit}`}`}
        {interval && (
          <>
            <br />
            <small>
              {formatInterval(interval.low, interval.high, 3)} ({formatPercent(interval.level)} interval)
            </small>
          </>
        )}
      </td>
      <td>{finding.null ? `${finding.null.name}: ${formatNumber(finding.null.value, 3)}` : "none"}</td>
      <td className="number">
        {threshold
          ? `${threshold.comparison === "at-least" ? "at least" : "at most"} ${formatNumber(threshold.value, 3)}`
          : "none"}
      </td>
      <td className="outcome">{outcome(finding.passed)}</td>
      <td className="evidence">{explainEvidence(finding)}</td>
    </tr>
  );
}

function outcome(passed: boolean | null): string {
  if (passed === null) return "– not tested";
  return passed ? "✓ met" : "✗ not met";
}
