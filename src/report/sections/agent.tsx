// One agent's part of the report: its verdict, what it wants in each context, the evidence, episodes to watch, and the findings.

import type { Verdict } from "../../core/audit/verdict-document.ts";
import { ChartFigure } from "../charts/figure.tsx";
import { capitalize, formatCount, formatInterval, formatNumber, formatPercent, formatSeconds } from "../charts/format.ts";
import { IntervalPanel } from "../charts/interval-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import { explainLosses } from "../loss-words.ts";
import type { ReportAgent } from "../report-data.ts";
import type { WorldWords } from "../world-words.ts";
import { EpisodeGallery } from "./episodes.tsx";
import { FindingsTable } from "./findings.tsx";
import { objectiveWords, wantWords } from "./plain-words.ts";
import { PosteriorTraces } from "./posterior-traces.tsx";
import { AgentMark, Want } from "./summary.tsx";
import { compareWithTruth, hasTruth, verdictWords } from "./verdict-words.ts";
import { contextWords, mergeContexts } from "./weight-blocks.ts";

interface AgentSectionProps {
  readonly agent: ReportAgent;
  readonly index: number;
  readonly weightDomain: readonly [number, number];
  readonly words: WorldWords;
  /** Limits that the report names for all agents together. */
  readonly sharedLimits: readonly string[];
}

/** Everything the audit found out about one agent. Headings start at level 3. */
export function AgentSection({ agent, index, weightDomain, words, sharedLimits }: AgentSectionProps) {
  return (
    <section className="agent" aria-labelledby={`agent-${index}`}>
      <h3 id={`agent-${index}`}>
        <AgentMark index={index} /> Agent {agent.organism}
      </h3>
      <p>{agent.description}</p>
      <VerdictCard agent={agent} world={words} />
      <h4>What it wants</h4>
      <Weights agent={agent} index={index} domain={weightDomain} />
      <h4>How the evidence came in</h4>
      <PosteriorTraces agent={agent} words={words} />
      <h4>Episodes to watch</h4>
      <EpisodeGallery agent={agent} index={index} />
      <h4>Findings</h4>
      <FindingsTable agent={agent} sharedLimits={sharedLimits} />
    </section>
  );
}

function VerdictCard({ agent, world }: { readonly agent: ReportAgent; readonly world: WorldWords }) {
  const { verdict, cost } = agent.audit;
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
        <Failure term="Outer failure, the specification’s" claim={verdict.failures.outer} />
        <Failure term="Inner failure, the agent’s" claim={verdict.failures.inner} />
        <div>
          <dt>Confidence</dt>
          <dd>{formatPercent(verdict.confidence)}</dd>
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

function Failure({ term, claim }: { readonly term: string; readonly claim: Verdict["failures"]["outer"] }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <span aria-hidden="true">{failureSigns[claim.status]}</span> {claim.status.replace("-", " ")}:{" "}
        {explainLosses(claim.reason)}
      </dd>
    </div>
  );
}

function Weights(props: { readonly agent: ReportAgent; readonly index: number; readonly domain: readonly [number, number] }) {
  const { weights } = props.agent.audit.verdict;
  const blocks = mergeContexts(weights);
  if (blocks.length === 0) return <p>No weights were inferred for this agent.</p>;
  const isMerged = blocks.some(({ contexts }) => contexts.length > 1);
  return (
    <ChartFigure
      caption={`Inferred weight per feature, with its interval. Right of the rule it is sought, left of it shunned. All agents share one scale.${
        isMerged
          ? " Contexts whose intervals all overlap are drawn as one: the mean of their means, and the range of all their intervals; the table has each."
          : ""
      }`}
      table={{
        caption: `inferred weights of ${props.agent.organism}`,
        columns: ["Context", "Feature", "Weight", "Interval"],
        rows: weights.map((weight) => [
          contextWords(weight.context),
          weight.feature,
          formatNumber(weight.mean),
          formatInterval(weight.low, weight.high),
        ]),
      }}
    >
      {blocks.map(({ title, weights: merged }) => (
        <IntervalPanel
          key={title}
          title={capitalize(title)}
          description={`Weights: ${merged.map((weight) => `${weight.feature} ${formatNumber(weight.mean)}`).join(", ")}.`}
          rows={merged.map((weight) => ({
            label: weight.feature,
            mark: seriesMark(props.index),
            value: weight.mean,
            interval: { low: weight.low, high: weight.high },
            missing: "not measured",
          }))}
          domain={props.domain}
          guides={[0]}
          axisLabel="weight"
          format={(value) => formatNumber(value, 1)}
        />
      ))}
    </ChartFigure>
  );
}
