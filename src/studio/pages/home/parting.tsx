// Second part: the world moves away from training, and the agents part. Four boards side by side, the same level for each.

import { Link } from "@tanstack/react-router";
import { memo, type ReactNode } from "react";
import { formatInterval, formatNumber } from "../../../report/charts/format.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { Segments } from "../../components/segments.tsx";
import { Slider } from "../../components/slider.tsx";
import { boardSeed, type Counted, counted, mostLevels, shifts, talliedLevels, world } from "../../live/story.ts";
import type { AgentName } from "../../live/story-agents.ts";
import { trainedWord } from "../../live/trained-here.ts";
import { BoardLegend, BoardView } from "../../views/board/board.tsx";
import { usePlayback, useReducedMotion } from "../../views/board/use-playback.ts";
import { AgentMark } from "./agent-mark.tsx";
import { type HomeSearch, speeds } from "./home-search.ts";
import { originWords, type PlayedAgent } from "./shown-agents.ts";
import { type ShownBoard, useBoards } from "./use-boards.ts";

interface PartingProps {
  /** The same list until another policy is played. */
  readonly agents: readonly PlayedAgent[];
  /** Of what is trained here; null where nothing is. */
  readonly liveSeed: number | null;
  readonly search: HomeSearch;
  readonly onSearch: (change: Partial<HomeSearch>) => void;
}

/** Drawn anew when what is played changes, not with every measurement of a training. */
export const Parting = memo(function Parting({ agents, liveSeed, search, onSearch }: PartingProps): ReactNode {
  const { boards, size, problem, retry } = useBoards(agents, { shift: search.shift, number: search.board });
  const shown = agents.flatMap(({ name }) => boards?.[name] ?? []);
  const isReady = boards !== null;
  const last = Math.max(0, ...shown.map(({ episode }) => episode.steps.length - 1));
  const isStill = useReducedMotion();
  const playback = usePlayback({
    rest: search.step,
    onRest: (step) => onSearch({ step }),
    last,
    stepsPerSecond: Number(search.speed),
    isHeld: !isReady,
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
          <Button onPress={retry}>Try again</Button>
        </Notice>
      )}
      <div className="home-boards">
        {agents.map(({ name }) => {
          const board = boards?.[name] ?? null;
          const origin = board === null ? null : originWords(board.origin, liveSeed);
          return (
            <article key={name} aria-label={`Agent ${name}`} aria-busy={problem === null && !isReady} className="home-board">
              <h3>
                <AgentMark name={name} />
                {origin !== null && <span className="label">{origin}</span>}
              </h3>
              {board === null ? (
                <p
                  className="home-board-empty quiet"
                  style={size === null ? undefined : { aspectRatio: `${size.columns + 0.1} / ${size.rows + 0.1}` }}
                >
                  {problem === null ? "Playing …" : "Not played."}
                </p>
              ) : (
                <BoardView episode={board.episode} step={stepOf(board, playback.step)} name={`Agent ${name}`} />
              )}
              <dl className="home-tally">
                {counted.map((each) => (
                  <Taken key={each.feature} counted={each} board={board} step={playback.step} />
                ))}
              </dl>
              {board !== null && (
                <StepByStep name={name} search={search} step={playback.step} seed={board.origin === "live" ? liveSeed : null} />
              )}
            </article>
          );
        })}
      </div>
      <p className="label">Means are of {talliedLevels} boards, the same for every agent, with 95% intervals over boards.</p>
      <div className="home-controls">
        <Button onPress={() => playback.goTo(0)} isResting={playback.step === 0}>
          First step
        </Button>
        <Button onPress={() => playback.goTo(playback.step - 1)} isResting={playback.step === 0}>
          Back
        </Button>
        {!isStill && (
          <Button look="primary" onPress={playback.isPlaying ? playback.pause : playback.play}>
            {playback.isPlaying ? "Pause playing" : "Play"}
          </Button>
        )}
        <Button onPress={() => playback.goTo(playback.step + 1)} isResting={!isReady || playback.step >= last}>
          Step
        </Button>
        <span className="numeric home-step">{isReady ? `step ${Math.min(playback.step, last)} of ${last}` : "step …"}</span>
        {!isStill && (
          <Segments
            label="Steps per second"
            value={search.speed}
            choices={speeds.map((value) => ({ value, label: `${value}/s` }))}
            onChange={(speed) => onSearch({ speed })}
          />
        )}
        <span className="home-take">
          <Button onPress={() => takeBoard(search.board - 1)} isResting={search.board === 1}>
            Board before
          </Button>
          <Button onPress={() => takeBoard(search.board + 1)} isResting={search.board === mostLevels}>
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
      <Slider
        label="Moved away from training"
        value={shift}
        least={0}
        most={shifts.length - 1}
        step={1}
        textOf={stopWords}
        onChange={onShift}
      />
      <ol>
        {shifts.map(({ says }, place) => (
          <li key={says}>
            <button
              type="button"
              className={place <= shift ? "home-stop home-stop-past" : "home-stop"}
              aria-current={place === shift ? "step" : undefined}
              onClick={() => onShift(place)}
            >
              <span aria-hidden="true">{place <= shift ? "●" : "○"}</span> {stopWords(place)}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** What the way moved last at that place: `+ the lamp is off`. */
function stopWords(place: number): string {
  return `${place > 0 ? "+ " : ""}${shifts[place]?.says ?? ""}`;
}

interface TakenProps {
  readonly counted: Counted;
  /** Null while it is played. */
  readonly board: ShownBoard | null;
  readonly step: number;
}

/** How often a feature was taken: on this board until now, and on many as a mean with its interval. */
function Taken({ counted: { feature, plural, most }, board, step }: TakenProps): ReactNode {
  const found = board?.tally[world.features.indexOf(feature)];
  const place = (value: number) => `${Math.min(100, (value / most) * 100)}%`;
  return (
    <div>
      <dt>{plural}</dt>
      <dd>
        {board === null || found === undefined ? (
          "…"
        ) : (
          <span className="numeric">
            <span className="home-count">
              {takenUntil(board, { feature, step })} of {most} here;
            </span>{" "}
            <span className="home-count">
              mean {formatNumber(found.mean)} {formatInterval(found.low, found.high)}
            </span>
          </span>
        )}
        <span aria-hidden="true" className={`home-bar home-bar-${feature === world.goal ? "goal" : "proxy"}`}>
          {found !== undefined && (
            <>
              <span className="home-bar-mean" style={{ width: place(found.mean) }} />
              <span
                className="home-bar-interval"
                style={{ left: place(found.low), right: `calc(100% - ${place(found.high)})` }}
              />
            </>
          )}
        </span>
      </dd>
    </div>
  );
}

function stepOf({ episode }: ShownBoard, step: number): number {
  return Math.min(step, episode.steps.length - 1);
}

function takenUntil(board: ShownBoard, { feature, step }: { readonly feature: string; readonly step: number }): number {
  const events = board.episode.steps.slice(0, stepOf(board, step)).flatMap((each) => each.events);
  return events.filter((event) => event === feature).length;
}

interface StepByStepProps {
  readonly name: AgentName;
  /** With which it was trained here; null for a recorded one. */
  readonly seed: number | null;
  readonly search: HomeSearch;
  readonly step: number;
}

/** The same episode in the player. */
function StepByStep({ name, seed, search, step }: StepByStepProps) {
  const { shift, board: episode } = search;
  const agent = seed === null ? `recorded:${name}` : trainedWord({ name, seed });
  const moved = Object.entries(shifts[shift]!.point).map(([axis, value]) => `${axis}=${value}`);
  return (
    <p className="home-more">
      <Link to="/episode" search={{ agent, shift: moved.join(","), seed: boardSeed, episode, step }}>
        {name} step by step
      </Link>
    </p>
  );
}
