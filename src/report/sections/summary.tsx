// The head of the report: the answer beside its limits, the table that supports it, and what the experiment shows.

import { ScrollRegion } from "../charts/figure.tsx";
import { capitalize, formatInterval, formatNumber, formatPercent } from "../charts/format.ts";
import { InlineInterval } from "../charts/interval-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import type { ReportAgent, ReportData } from "../report-data.ts";
import type { WorldWords } from "../world-words.ts";
import { answerSentence, plainSentences } from "./headline.ts";
import { Limits } from "./limits.tsx";
import { objectiveWords, wantWords } from "./plain-words.ts";
import { compareWithTruth, hasTruth, verdictWords } from "./verdict-words.ts";
import { mergeContexts } from "./weight-blocks.ts";

/** The answer in a sentence beside what it cannot say, the summary table and the plain sentences. */
export function Summary({ data }: { readonly data: ReportData }) {
  return (
    <>
      <div className="beside-limits">
        <section aria-labelledby="answer">
          <h2 id="answer">The answer</h2>
          <p className="answer">{answerSentence(data)}</p>
          <p>{data.words.introduction}</p>
        </section>
        <Limits limits={data.limits} />
      </div>
      {data.agents.length > 0 && <SummaryTable data={data} />}
      {data.agents.length > 0 && (
        <section aria-labelledby="shows">
          <h2 id="shows">What the experiment shows</h2>
          <ol className="plain">
            {plainSentences(data).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function SummaryTable({ data }: { readonly data: ReportData }) {
  const domain = weightDomain(data.agents);
  const isOpened = data.agents.some(hasTruth);
  return (
    <ScrollRegion label="Summary of all agents">
      <table className="summary">
        <caption>
          Every agent at a glance. Base objective: {data.baseObjective}. World: {data.world}. Returns are means per episode.
          Weights are per unit of a feature, with the interval the audit gives them; contexts whose intervals all overlap are
          shown as one. {capitalize(data.preset)}.
        </caption>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col">Verdict</th>
            {isOpened && <th scope="col">Truth, opened after the verdicts</th>}
            <th scope="col">Return in training</th>
            <th scope="col">Return in deployment</th>
            <th scope="col">Best possible</th>
            <th scope="col">Inferred weights</th>
            <th scope="col">Confidence</th>
          </tr>
        </thead>
        <tbody>
          {data.agents.map((agent, index) => (
            <tr key={index}>
              <th scope="row" className="name">
                <AgentMark index={index} /> <a href={`#agent-${index}`}>{agent.organism}</a>
              </th>
              <td>
                <span aria-hidden="true">{verdictWords[agent.audit.verdict.kind].sign}</span>{" "}
                <strong>{agent.audit.verdict.kind}</strong>
                <br />
                <Want words={wantWords(agent, data.words)} name={agent.audit.verdict.objective} />
              </td>
              {isOpened && (
                <td>
                  <TruthCell agent={agent} words={data.words} />
                </td>
              )}
              <td className="number">{formatNumber(agent.trainingReturn)}</td>
              <td className="number">{formatNumber(agent.deploymentReturn)}</td>
              <td className="number">{formatNumber(agent.oracleReturn)}</td>
              <td>
                <WeightsCell agent={agent} index={index} domain={domain} />
              </td>
              <td className="number">{formatPercent(agent.audit.verdict.confidence)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** The agent's marker in its color; decoration beside its name. */
export function AgentMark({ index }: { readonly index: number }) {
  const mark = seriesMark(index);
  return (
    <svg
      className={`agent-mark ${mark.className}`}
      viewBox="-6 -6 12 12"
      width={12}
      height={12}
      aria-hidden="true"
      focusable="false"
    >
      <path className="dot" d={mark.marker} />
    </svg>
  );
}

/** What an agent wants in plain words, and the name that the audit has for it. */
export function Want({ words, name }: { readonly words: string | null; readonly name: string }) {
  return words === null || words === name ? (
    name
  ) : (
    <>
      {words} <small>({name})</small>
    </>
  );
}

function TruthCell({ agent, words }: { readonly agent: ReportAgent; readonly words: WorldWords }) {
  const comparison = compareWithTruth(agent);
  if (!hasTruth(agent)) return <>{comparison.words}</>;
  return (
    <>
      {agent.truth.kind}: <Want words={objectiveWords(agent.truth.objective, words)} name={agent.truth.objective} />
      <br />
      <small>
        <span aria-hidden="true">{comparison.sign}</span> {comparison.words}
      </small>
    </>
  );
}

function WeightsCell(props: { readonly agent: ReportAgent; readonly index: number; readonly domain: readonly [number, number] }) {
  const blocks = mergeContexts(props.agent.audit.verdict.weights);
  if (blocks.length === 0) return <>no weights inferred</>;
  return (
    <div className={`weights ${seriesMark(props.index).className}`}>
      {blocks.map((block) => (
        <div key={block.title}>
          <div className="context">{block.title}</div>
          <ul>
            {block.weights.map((weight) => (
              <li key={weight.feature}>
                <span className="feature">{weight.feature}</span>
                <InlineInterval mean={weight.mean} low={weight.low} high={weight.high} domain={props.domain} />
                <span className="number">
                  {formatNumber(weight.mean)} <small>{formatInterval(weight.low, weight.high)}</small>
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

/** One range for every weight of the report, zero included, so that agents can be compared by eye. */
export function weightDomain(agents: readonly ReportAgent[]): readonly [number, number] {
  const ends = agents
    .flatMap((agent) => agent.audit.verdict.weights.flatMap((weight) => [weight.low, weight.high, weight.mean]))
    .filter(Number.isFinite);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  return low === high ? [-1, 1] : [low, high];
}
