// What is known of the step in hand: what the agent did and how sure it was of it, what it expects, and what each candidate objective would have
// done in its place.

import type { ReactNode } from "react";
import { formatNumber } from "../../../report/charts/format.ts";
import { seriesMark } from "../../../report/charts/series-mark.ts";
import type { EpisodeStep } from "../../../report/report-data.ts";
import type { Explanation } from "../../agents/explain-episode.ts";
import type { AgentsAnswer, WorldOutline } from "../../agents/messages.ts";
import { percent } from "../../views/words.ts";

type Played = Extract<AgentsAnswer, { readonly kind: "played" }>;

export function PolicyPanel({ episode, step }: { readonly episode: Played["episode"]; readonly step: number }): ReactNode {
  const { actions, steps } = episode;
  const shown = steps[step]!;
  return (
    <section aria-labelledby="episode-policy">
      <h2 id="episode-policy">What it does</h2>
      {shown.action === null ? (
        <p>The episode is over. {takenWords(steps, "In all")}</p>
      ) : (
        <>
          <table className="episode-bars">
            <caption className="visually-hidden">Probability of each action</caption>
            <tbody>
              {actions.map((action, a) => (
                <tr key={action} className={action === shown.action ? "episode-chosen" : undefined}>
                  <th scope="row">
                    <span aria-hidden="true">{action === shown.action ? "▸ " : ""}</span>
                    {action}
                    {action === shown.action && <span className="visually-hidden">, taken</span>}
                  </th>
                  <td className="episode-bar-cell">
                    <span aria-hidden="true" className="episode-bar" style={{ width: `${100 * shown.probabilities[a]!}%` }} />
                  </td>
                  <td className="numeric">{percentOf(shown.probabilities[a]!)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p>
            It takes <strong>{shown.action}</strong>
            {shown.events.length > 0 ? `, which brings ${shown.events.join(" and ")}.` : "."}{" "}
            {takenWords(steps.slice(0, step), "Before that")}
          </p>
          <p className="quiet numeric">
            {shown.value === null
              ? "It gives no estimate of the return to come."
              : `It expects a return of ${formatNumber(shown.value)} from here on.`}
          </p>
        </>
      )}
    </section>
  );
}

/** One decimal below a percent, so that what is rare is told from what never is. */
function percentOf(probability: number): string {
  return probability > 0 && probability < 0.01 ? `${(100 * probability).toFixed(1)}%` : percent(probability);
}

/** What was brought in all. */
function takenWords(steps: readonly EpisodeStep[], when: string): string {
  const counts = new Map<string, number>();
  for (const event of steps.flatMap(({ events }) => events)) counts.set(event, (counts.get(event) ?? 0) + 1);
  if (counts.size === 0) return `${when}: nothing.`;
  return `${when}: ${[...counts].map(([event, count]) => `${event} ${count}`).join(", ")}.`;
}

export interface CandidatesPanelProps {
  readonly candidates: WorldOutline["candidates"];
  readonly actions: readonly string[];
  readonly steps: readonly EpisodeStep[];
  readonly step: number;
  readonly explanation: Explanation;
}

export function CandidatesPanel({ candidates, actions, steps, step, explanation }: CandidatesPanelProps): ReactNode {
  const { best, logPosterior, fit } = explanation;
  const chosen = steps[step]?.action ?? null;
  return (
    <>
      <table className="episode-table episode-candidates">
        <thead>
          <tr>
            <th scope="col">An agent that wants</th>
            <th scope="col">would</th>
            <th scope="col">this one</th>
            <th scope="col">probability</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((candidate, k) => {
            const probability = Math.exp(logPosterior[step]?.[k] ?? Number.NEGATIVE_INFINITY);
            const here = best[step]?.[k] ?? [];
            return (
              <tr key={candidate.name}>
                <th scope="row" title={candidate.meaning}>
                  <CandidateMark place={k} /> {candidate.wants}
                  <span className="label episode-candidate-name">{candidate.name}</span>
                </th>
                <td>{chosen === null ? "–" : wouldWords(candidate, { here, actions })}</td>
                <td>
                  {chosen === null || here.length === 0 || here.length === actions.length ? (
                    "–"
                  ) : (
                    <Agreement isSame={here.includes(actions.indexOf(chosen))} />
                  )}
                </td>
                <td className="numeric">{percentOf(probability)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="label">
        {step === 0
          ? "Before the first step every candidate is as probable as another."
          : `After ${step} ${step === 1 ? "step" : "steps"}; the best candidate explains ${percent(Math.max(0, fit[step] ?? 0))} of what the agent does other than at random.`}
      </p>
    </>
  );
}

function wouldWords(
  { isPlanned, name }: WorldOutline["candidates"][number],
  { here, actions }: { readonly here: readonly number[]; readonly actions: readonly string[] },
): string {
  if (!isPlanned) return name === "random" ? "do anything" : "do the same as ever";
  if (here.length === actions.length) return "do anything: all is one to it";
  return here.map((action) => actions[action]).join(" or ");
}

function Agreement({ isSame }: { readonly isSame: boolean }): ReactNode {
  return isSame ? <span className="episode-agrees">✓ does</span> : <span className="episode-differs">✗ does not</span>;
}

/** The same marker as its line in the chart. */
export function CandidateMark({ place }: { readonly place: number }): ReactNode {
  const { className, marker } = seriesMark(place);
  return (
    <svg aria-hidden="true" className={className} width="12" height="12" viewBox="-6 -6 12 12">
      <path className="marker" d={marker} />
    </svg>
  );
}
