// Episodes to watch: a board, controls, the policy's probabilities, and the same story as text for those who read it.

import { formatNumber, formatPercent } from "../charts/format.ts";
import type { Episode, EpisodeStep, ReportAgent } from "../report-data.ts";
import { Board, collectMoving } from "./board.tsx";

const shownAtFirst = 3;

/** All episodes of an agent; the first ones in sight, the others behind a fold. */
export function EpisodeGallery({ agent, index }: { readonly agent: ReportAgent; readonly index: number }) {
  const { episodes } = agent;
  if (episodes.length === 0) return <p>No episode was recorded for this agent.</p>;
  const players = episodes.map((episode, place) => (
    <EpisodePlayer key={place} episode={episode} id={`episode-${index}-${place}`} agent={agent.organism} />
  ));
  const rest = players.slice(shownAtFirst);
  return (
    <>
      <p className="with-script">
        Step through with the buttons, the slider, or the arrow keys while the player has the focus. The dotted line is the whole
        way the agent goes.
      </p>
      <div className="players">{players.slice(0, shownAtFirst)}</div>
      {rest.length > 0 && (
        <details className="more">
          <summary>
            {rest.length} more {rest.length === 1 ? "episode" : "episodes"} of {agent.organism}
          </summary>
          <div className="players">{rest}</div>
        </details>
      )}
    </>
  );
}

interface EpisodePlayerProps {
  readonly episode: Episode;
  readonly id: string;
  readonly agent: string;
}

/** Without script the first frame and the transcript stay; with it, `playEpisodes` brings the controls to life. */
function EpisodePlayer({ episode, id, agent }: EpisodePlayerProps) {
  const first = episode.steps[0];
  if (!first) {
    return (
      <article className="player" aria-labelledby={id}>
        <h5 id={id}>{episode.title}</h5>
        <p>This episode has no steps.</p>
      </article>
    );
  }
  const moving = collectMoving(episode.steps);
  return (
    <article className="player" aria-labelledby={id} data-frames={JSON.stringify(toFrames(episode, moving.places))}>
      <h5 id={id}>{episode.title}</h5>
      <Board episode={episode} shapes={moving.shapes} shown={moving.places[0] ?? []} />
      <Controls lastStep={episode.steps.length - 1} title={`${agent}: ${episode.title}`} />
      <p className="status" aria-live="polite">
        {describeStep(episode, 0)}
      </p>
      <Probabilities episode={episode} step={first} />
      <details>
        <summary>Transcript of {episode.title}</summary>
        <p className="fixed-shapes">{describeBoard(episode)}</p>
        <ol className="transcript">
          {episode.steps.map((_, index) => (
            <li key={index}>{describeStep(episode, index)}</li>
          ))}
        </ol>
      </details>
    </article>
  );
}

/**
 * What the script needs and the page does not already say, per step: the places of the shapes shown, the probabilities in
 * thousandths, and the place of the chosen action (−1 in the last frame). Numbers alone: nothing in it can be read as markup.
 */
function toFrames(episode: Episode, places: readonly (readonly number[])[]) {
  return episode.steps.map((step, index) => [
    places[index] ?? [],
    step.probabilities.map((share) => Math.round(share * 1000)),
    step.action === null ? -1 : episode.actions.indexOf(step.action),
  ]);
}

function Controls({ lastStep, title }: { readonly lastStep: number; readonly title: string }) {
  const buttons = [
    ["first", "|◂", "First step"],
    ["previous", "◂", "Previous step"],
    ["play", "▸ Play", undefined],
    ["next", "▸", "Next step"],
    ["last", "▸|", "Last step"],
  ] as const;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in sight; the name is the episode's heading.
    <div className="controls with-script" role="group" aria-label={`Player for ${title}`}>
      {buttons.map(([does, face, label]) => (
        <button key={does} type="button" data-does={does} aria-label={label}>
          {face}
        </button>
      ))}
      <input type="range" min={0} max={lastStep} defaultValue={0} aria-label="Step" aria-valuetext={`Step 0 of ${lastStep}`} />
    </div>
  );
}

function Probabilities({ episode, step }: { readonly episode: Episode; readonly step: EpisodeStep }) {
  if (step.probabilities.length === 0) return <p>The policy's probabilities were not recorded.</p>;
  return (
    <ul className="probabilities" aria-label="Probability of each action; the arrow marks the one taken">
      {episode.actions.map((action, index) => {
        const share = step.probabilities[index] ?? 0;
        return (
          <li key={index}>
            <span className="action">{action}</span>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
              <rect className="bar" width={Math.round(share * 1000) / 10} height={8} />
            </svg>
            <span className="share">{formatPercent(share)}</span>
            <span className="taken">{step.action === action ? "◂ taken" : ""}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** One step as a sentence: the same text is the live region's, the transcript's, and what is seen below the board. */
function describeStep(episode: Episode, index: number): string {
  const step = episode.steps[index];
  if (!step) return "";
  const parts = [`Step ${index} of ${episode.steps.length - 1}:`];
  if (step.action === null) parts.push("the episode is over.");
  else {
    const share = step.probabilities[episode.actions.indexOf(step.action)];
    parts.push(`takes action “${step.action}”${share === undefined ? "" : ` (probability ${formatPercent(share)})`}.`);
  }
  if (step.events.length > 0) parts.push(`Result: ${step.events.join(", ")}.`);
  if (step.value !== null) parts.push(`Value ${formatNumber(step.value)}.`);
  const player = step.moving.find((shape) => shape.role === "player");
  if (player) parts.push(`${player.label.charAt(0).toUpperCase()}${player.label.slice(1)}.`);
  if (step.captions.length > 0) parts.push(`${step.captions.join("; ")}.`);
  return parts.join(" ");
}

function describeBoard({ board, steps }: Episode): string {
  const labels = [...board.fixed, ...(steps[0]?.moving ?? [])]
    .filter((shape) => shape.role !== "floor")
    .map((shape) => shape.label);
  return `A board of ${board.columns} columns and ${board.rows} rows${labels.length > 0 ? `, at first with: ${labels.join("; ")}` : ""}.`;
}
