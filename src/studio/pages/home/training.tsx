// First part: in training the agents score the same. Their curves, and what starts a training in the page.

import { type ReactNode, useState } from "react";
import { LinePanel } from "../../../report/charts/line-panel.tsx";
import { Button } from "../../components/button.tsx";
import { useKeptFocus } from "../../components/kept-focus.ts";
import { TextField } from "../../components/text-field.tsx";
import type { LivePhase } from "../../live/live-run.ts";
import { shareProcessors } from "../../live/processors.ts";
import type { Recording } from "../../live/recording.ts";
import { placeInLine, trainingOrder } from "../../live/training-order.ts";
import { TakeAlong } from "../../views/take/take-along.tsx";
import { duration, percent } from "../../views/words.ts";
import { AgentMark, markOf } from "./agent-mark.tsx";
import { mostSeed } from "./home-search.ts";
import { originWords, type ShownAgent, type ShownPoint } from "./shown-agents.ts";
import { type LiveControls, machine } from "./use-live-run.ts";

interface TrainingProps {
  readonly recording: Recording;
  readonly agents: readonly ShownAgent[];
  readonly live: LiveControls;
  readonly seed: number;
  /** What was wrong with the one that was given in its place; null for nothing. */
  readonly refusal: string | null;
  readonly onSeed: (seed: number) => void;
}

export function Training(props: TrainingProps): ReactNode {
  const { agents } = props;
  const line = (points: readonly ShownPoint[]) => points.map(({ share, score }) => ({ x: share, y: score }));
  const series = agents.flatMap(({ name, curve, curveSoFar }) => [
    { label: name, mark: markOf(name), points: line(curve.points) },
    ...(curveSoFar === null
      ? []
      : [{ label: `${name} here`, mark: { ...markOf(name), dash: "1.5 2.5" }, points: line(curveSoFar) }]),
  ]);
  const ends = agents.map(({ name, curve }) => `${name} ${percent(curve.points.at(-1)?.score)}`).join(", ");
  return (
    <section aria-labelledby="home-training" className="home-part">
      <h2 id="home-training">In training they score the same</h2>
      <p>
        Each is rewarded on a board where every coin lies on a capsule. The score counts coins; it cannot tell who wants coins
        from who wants capsules.
      </p>
      <div className="home-training">
        <figure className="home-chart">
          <LinePanel
            title="Score over training"
            description={`Score as a share of the best possible one, a line per agent. Now: ${ends}.`}
            series={series}
            xDomain={[0, 1]}
            yDomain={[0, 1]}
            xLabel="share of its training"
            yLabel="share of the best score"
            formatX={wholePercent}
            formatY={wholePercent}
            guides={[1]}
            labelWidth={88}
          />
          <TakeAlong
            caption="score over training"
            table={() => ({
              columns: ["Agent", "Share of its training", "Share of the best score"],
              rows: series.flatMap(({ label, points }) => points.map(({ x, y }) => [label, x, y])),
            })}
          />
        </figure>
        <div>
          <ScoreTable {...props} />
          <LiveButtons {...props} />
        </div>
      </div>
    </section>
  );
}

function wholePercent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function ScoreTable({ agents, live }: TrainingProps): ReactNode {
  const seed = live.state?.seed ?? null;
  return (
    <table className="home-scores">
      <caption className="visually-hidden">Scores at the end of the curves</caption>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Score</th>
          {seed !== null && <th scope="col">Trained here, seed {seed}</th>}
        </tr>
      </thead>
      <tbody>
        {agents.map(({ name, curve, curveSoFar, live: here }) => (
          <tr key={name}>
            <th scope="row">
              <AgentMark name={name} />
            </th>
            <td>
              {percent(curve.points.at(-1)?.score)} <span className="label">{originWords(curve.origin, seed)}</span>
            </td>
            {seed !== null && (
              <td>
                {here !== null && phaseWords(here.phase, live.state === null ? null : placeInLine(name, live.state.agents))}
                {curveSoFar !== null && `, ${percent(curveSoFar.at(-1)?.score)} so far`}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const places = ["next", "second", "third", "fourth"] as const;

/** `place`: in the line of those that wait for a processor, 1 for the next. */
function phaseWords(phase: LivePhase, place: number | null): string {
  const line = place === null ? "" : `, ${places[place - 1]} in line`;
  switch (phase.kind) {
    case "waiting":
      return `waits${line}`;
    case "training":
      return phase.secondsLeft === null ? "training; measuring its pace …" : `training, ${aboutSeconds(phase.secondsLeft)} left`;
    case "paused":
      return `paused${line}`;
    case "auditing":
      return "trained; being audited";
    case "done":
      return "trained and audited here";
    case "failed":
      return `failed: ${phase.message}`;
    default:
      return phase satisfies never;
  }
}

/** `about 1 min 20 s`: in steps that an estimate is good for. */
function aboutSeconds(seconds: number): string {
  const step = seconds > 60 ? 10 : seconds > 15 ? 5 : 1;
  return `about ${duration(Math.ceil(seconds / step) * step)}`;
}

function LiveButtons({ live, seed, refusal, onSeed }: TrainingProps): ReactNode {
  const { state } = live;
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? String(seed);
  const isSeed = /^\d{1,6}$/.test(shown.trim());
  const change = (given: string) => {
    setText(given);
    if (/^\d{1,6}$/.test(given.trim())) onSeed(Number(given));
  };
  const done = state === null ? 0 : Object.values(state.agents).filter(({ phase }) => phase.kind === "done").length;
  const isOver = state !== null && Object.values(state.agents).every(({ phase }) => ["done", "failed"].includes(phase.kind));
  // Where it ends by itself, a key that was meant to pause it finds no button that would throw away what was trained.
  const keptFocus = useKeptFocus<HTMLDivElement>(`${state === null} ${isOver}`, isOver ? ".home-status" : undefined);
  return (
    <div className="home-live" {...keptFocus}>
      <div className="home-live-row">
        <div className="home-seed">
          <TextField
            label="Seed"
            value={shown}
            onChange={change}
            onBlur={() => isSeed && setText(null)}
            autoComplete="off"
            error={isSeed ? null : `Expected a whole number from 0 to ${mostSeed}.`}
          />
        </div>
        <Button look="primary" isDisabled={!isSeed} onPress={() => live.start(seed)}>
          {state === null ? "Train them here" : "Train anew"}
        </Button>
        {state !== null && !isOver && (
          <Button onPress={state.isPaused ? live.resume : live.pause}>
            {state.isPaused ? "Continue training" : "Pause training"}
          </Button>
        )}
        {state !== null && <Button onPress={live.end}>Back to the recording</Button>}
      </div>
      {refusal !== null && text === null && (
        <p role="status" className="field-error">
          {refusal}
        </p>
      )}
      <p role="status" tabIndex={-1} className="quiet home-status">
        {live.problem ??
          (state === null
            ? `Trains all four from nothing in this browser: ${trainingOrder.join(", then ")}, which sees more and takes longest. It goes on while you look at other pages, and ends with this tab.`
            : `${done} of ${Object.keys(state.agents).length} trained and audited here${state.isPaused ? ", paused" : ""}.${isOver ? "" : " It goes on while you look at other pages, and ends with this tab."}`)}
      </p>
      <p className="quiet home-threads">{threadWords()}</p>
    </div>
  );
}

/** How many at a time, on how many threads each, and what decides it. */
function threadWords(): string {
  const here = machine();
  const { lanes, threads } = shareProcessors(here);
  const atATime = `${lanes === 1 ? "One agent at a time" : `${lanes} agents at a time`}, `;
  if (!here.isIsolated)
    return `${atATime}single-threaded: this server does not send the headers of isolation (COOP, COEP), which threads need.`;
  if (threads === 1)
    return `${atATime}on one thread each: the page is isolated and could have more, with more processors than ${here.processors}.`;
  return `${atATime}on ${threads} threads each: the page is isolated.`;
}
