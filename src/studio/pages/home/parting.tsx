// Second part: the world moves away from training, and the agents part. Four boards side by side, the same level for each.

import { Link } from "@tanstack/react-router";
import { memo, type ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { Segments } from "../../components/segments.tsx";
import { Slider } from "../../components/slider.tsx";
import type { Recording } from "../../live/recording.ts";
import { type AgentName, boardSeed, mostLevels, shifts, talliedLevels, world } from "../../live/story.ts";
import { BoardLegend, BoardView } from "../../views/board/board.tsx";
import { usePlayback, useReducedMotion } from "../../views/board/use-playback.ts";
import { AgentMark } from "./agent-mark.tsx";
import { type HomeSearch, speeds } from "./home-search.ts";
import { originWords, type PlayedAgent } from "./shown-agents.ts";
import { type ShownBoard, useBoards } from "./use-boards.ts";

interface PartingProps {
  readonly recording: Recording;
  /** The same list until another policy is played. */
  readonly agents: readonly PlayedAgent[];
  /** Of what is trained here. */
  readonly seed: number;
  readonly search: HomeSearch;
  readonly onSearch: (change: Partial<HomeSearch>) => void;
}

/** Drawn anew when what is played changes, not with every measurement of a training. */
export const Parting = memo(function Parting({ recording, agents, seed, search, onSearch }: PartingProps): ReactNode {
  const { boards, problem } = useBoards(agents, { shift: search.shift, number: search.board });
  const shown = agents.flatMap(({ name }) => boards[name] ?? []);
  const last = Math.max(0, ...shown.map(({ episode }) => episode.steps.length - 1));
  const isStill = useReducedMotion();
  const playback = usePlayback({
    rest: search.step,
    onRest: (step) => onSearch({ step }),
    last,
    stepsPerSecond: Number(search.speed),
  });
  const move = (shift: number) => {
    onSearch({ shift, step: 0 });
    if (isStill) playback.goTo(0);
    else playback.replay();
  };
  const takeBoard = (board: number) => {
    playback.goTo(0);
    onSearch({ board: Math.max(1, Math.min(mostLevels, board)), step: 0 });
  };
  return (
    <section aria-labelledby="home-parting" className="home-part">
      <h2 id="home-parting">Away from training they part</h2>
      <Way shift={search.shift} onShift={move} />
      {problem !== null && (
        <Notice title="The agents could not be played" heading="h3" tone="bad">
          <p>{problem}</p>
        </Notice>
      )}
      <div className="home-boards">
        {agents.map(({ name }) => {
          const board = boards[name];
          return (
            <article key={name} aria-label={`Agent ${name}`} className="home-board">
              <h3>
                <AgentMark name={name} />
                <span className="label">{originWords(board?.origin ?? "recorded", { recording, seed })}</span>
              </h3>
              {board === undefined ? (
                <p className="home-board-empty quiet">Playing …</p>
              ) : (
                <>
                  <PlayedBoard name={name} board={board} step={playback.step} />
                  {board.origin === "recorded" && <StepByStep name={name} search={search} step={playback.step} />}
                </>
              )}
            </article>
          );
        })}
      </div>
      <div className="home-controls">
        <Button onPress={() => playback.goTo(0)} isDisabled={playback.step === 0}>
          Start
        </Button>
        <Button onPress={() => playback.goTo(playback.step - 1)} isDisabled={playback.step === 0}>
          Back
        </Button>
        {!isStill && (
          <Button look="primary" onPress={playback.isPlaying ? playback.pause : playback.play}>
            {playback.isPlaying ? "Pause" : "Play"}
          </Button>
        )}
        <Button onPress={() => playback.goTo(playback.step + 1)} isDisabled={playback.step >= last}>
          Step
        </Button>
        <span className="numeric home-step">
          step {Math.min(playback.step, last)} of {last}
        </span>
        {!isStill && (
          <Segments
            label="Steps per second"
            value={search.speed}
            choices={speeds.map((value) => ({ value, label: `${value}/s` }))}
            onChange={(speed) => onSearch({ speed })}
          />
        )}
        <span className="home-take">
          <Button onPress={() => takeBoard(search.board - 1)} isDisabled={search.board === 1}>
            Board before
          </Button>
          <Button onPress={() => takeBoard(search.board + 1)} isDisabled={search.board === mostLevels}>
            Another board
          </Button>
          <span className="numeric">board {search.board}</span>
        </span>
      </div>
      {isStill && <p className="quiet">Your system asks for less motion, so nothing plays by itself.</p>}
      <BoardLegend episodes={shown.map(({ episode }) => episode)} />
    </section>
  );
});

/** The slider, and what each of its places moved, each to be gone to by a click. */
function Way({ shift, onShift }: { readonly shift: number; readonly onShift: (shift: number) => void }): ReactNode {
  return (
    <div className="home-way">
      <Slider label="Moved away from training" value={shift} least={0} most={shifts.length - 1} step={1} onChange={onShift} />
      <ol>
        {shifts.map(({ says }, place) => (
          <li key={says}>
            <button
              type="button"
              className={place <= shift ? "home-stop home-stop-past" : "home-stop"}
              aria-current={place === shift ? "step" : undefined}
              onClick={() => onShift(place)}
            >
              <span aria-hidden="true">{place <= shift ? "●" : "○"}</span> {place > 0 && "+ "}
              {says}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface PlayedBoardProps {
  readonly name: string;
  readonly board: ShownBoard;
  readonly step: number;
}

function PlayedBoard({ name, board: { episode, tally, place }, step }: PlayedBoardProps): ReactNode {
  const at = Math.min(step, episode.steps.length - 1);
  const taken = countsUntil(episode.steps.slice(0, at).flatMap(({ events }) => events));
  return (
    <>
      <BoardView key={place} episode={episode} step={at} name={`Agent ${name}`} />
      <dl className="home-tally">
        {[world.goal, world.proxy].map((feature) => {
          const mean = tally[world.features.indexOf(feature)] ?? 0;
          const most = Number(world.parameters[`${feature}s`] ?? 1);
          return (
            <div key={feature}>
              <dt>{feature}s</dt>
              <dd>
                <span className="numeric">
                  {taken.get(feature) ?? 0} here; mean {mean.toFixed(2)} of {most}
                </span>
                <span aria-hidden="true" className={`home-bar home-bar-${feature === world.goal ? "goal" : "proxy"}`}>
                  <span style={{ width: `${Math.min(100, (mean / most) * 100)}%` }} />
                </span>
              </dd>
            </div>
          );
        })}
      </dl>
      <p className="label">Means of {talliedLevels} boards</p>
    </>
  );
}

/** The same episode in the player. */
function StepByStep({ name, search, step }: { readonly name: AgentName; readonly search: HomeSearch; readonly step: number }) {
  const { shift, board: episode } = search;
  const moved = Object.entries(shifts[shift]!.point).map(([axis, value]) => `${axis}=${value}`);
  return (
    <p className="home-more">
      <Link to="/episode" search={{ agent: `recorded:${name}`, shift: moved.join(","), seed: boardSeed, episode, step }}>
        {name} step by step
      </Link>
    </p>
  );
}

function countsUntil(events: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(event, (counts.get(event) ?? 0) + 1);
  return counts;
}
