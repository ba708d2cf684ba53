// What an audit concluded, in a card: verdict, failures, confidence, cost, and what would change it.

import type { ReactNode } from "react";
import type { Verdict } from "../../core/audit/verdict-document.ts";
import { formatCount, formatPercent, formatSeconds } from "../charts/format.ts";
import { behindConfidence, behindOuterFailure } from "../evidence/behind-verdict.ts";
import { explainLosses } from "../loss-words.ts";
import type { ReportAgent } from "../report-data.ts";
import type { WorldWords } from "../world-words.ts";
import { FindingLinks } from "./follows-from.tsx";
import { objectiveWords, wantWords } from "./plain-words.ts";
import { Want } from "./summary.tsx";
import { compareWithTruth, hasTruth, verdictWords } from "./verdict-words.ts";

interface VerdictCardProps {
  readonly agent: ReportAgent;
  /** Place of the agent among those of the report. */
  readonly index: number;
  readonly world: WorldWords;
}

/** The truth stands in it where the report was told one. */
export function VerdictCard({ agent, index, world }: VerdictCardProps) {
  const { verdict, cost, findings } = agent.audit;
  const words = verdictWords[verdict.kind];
  const comparison = compareWithTruth(agent);
  return (
    <div className="card">
      <p className="verdict">
        <span className="sign" aria-hidden="true">
          {words.sign}
        </span>{" "}
        Verdict: <strong>{verdict.kind}</strong> <span className="muted">— {words.meaning}</span>
      </p>
      <p>{explainLosses(verdict.explanation)}</p>
      <dl className="facts">
        <div>
          <dt>It wants</dt>
          <dd>
            <Want words={wantWords(agent, world)} name={verdict.objective} />
          </dd>
        </div>
        <div>
          <dt>Failure mode</dt>
          <dd>{verdict.failureMode}</dd>
        </div>
        <Failure term="Outer failure, the specification’s" claim={verdict.failures.outer}>
          <Behind agent={agent} index={index} places={behindOuterFailure(findings)} />
        </Failure>
        <Failure term="Inner failure, the agent’s" claim={verdict.failures.inner} />
        <div>
          <dt>Confidence</dt>
          <dd>
            {formatPercent(verdict.confidence)}
            <Behind agent={agent} index={index} places={behindConfidence(agent.audit)} />
          </dd>
        </div>
        {hasTruth(agent) && (
          <div>
            <dt>Truth, opened after the verdicts</dt>
            <dd>
              {agent.truth.kind}: <Want words={objectiveWords(agent.truth.objective, world)} name={agent.truth.objective} />{" "}
              <span aria-hidden="true">{comparison.sign}</span> {comparison.words}
            </dd>
          </div>
        )}
        <div>
          <dt>Cost of the audit</dt>
          <dd>
            {formatCount(cost.levels)} levels, {formatCount(cost.environmentSteps)} environment steps,{" "}
            {formatSeconds(cost.seconds)}
          </dd>
        </div>
      </dl>
      {verdict.wouldChange.length > 0 && (
        <>
          <p className="list-title">What would change this verdict</p>
          <ul>
            {verdict.wouldChange.map((change, place) => (
              <li key={place}>{change}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

const failureSigns = { shown: "✗", "not-shown": "–", "not-examined": "·" } as const;

interface FailureProps {
  readonly term: string;
  readonly claim: Verdict["failures"]["outer"];
  readonly children?: ReactNode;
}

function Failure({ term, claim, children }: FailureProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <span aria-hidden="true">{failureSigns[claim.status]}</span> {claim.status.replace("-", " ")}:{" "}
        {explainLosses(claim.reason)}
        {children}
      </dd>
    </div>
  );
}

/** `, by findings 3 and 4` after what is claimed. */
function Behind(props: { readonly agent: ReportAgent; readonly index: number; readonly places: readonly number[] }) {
  if (props.places.length === 0) return null;
  return (
    <>
      {" "}
      <small>
        by <FindingLinks {...props} />
      </small>
    </>
  );
}
