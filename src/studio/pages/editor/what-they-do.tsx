// What happens on the level: a board for each agent and for each candidate objective, with what is taken and what it says.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { World } from "../../../core/worlds/world.ts";
import type { ObjectivePlay } from "../../../report/level-case/objective-plays.ts";
import type { Episode } from "../../../report/report-data.ts";
import { Button } from "../../components/button.tsx";
import { Slider } from "../../components/slider.tsx";
import { BoardLegend, BoardView } from "../../views/board/board.tsx";
import { percent, shortNumber } from "../../views/words.ts";
import type { EditorPlace } from "./editor-place.ts";
import { type EditorSearch, wholeWay } from "./editor-search.ts";
import type { Answered, Answers, Played } from "./use-answers.ts";

/** An agent and what it is called. */
export interface NamedAgent {
  readonly agent: string;
  readonly label: string;
}

interface WhatTheyDoProps {
  readonly place: EditorPlace;
  readonly search: EditorSearch;
  readonly agents: readonly NamedAgent[];
  readonly answers: Answers;
  readonly onStep: (step: number) => void;
  readonly onLeaveOut: (agent: string) => void;
  /** Another agent can be chosen here. */
  readonly chooser: ReactNode;
}

export function WhatTheyDo(props: WhatTheyDoProps): ReactNode {
  const { place, search, agents, answers, onStep, onLeaveOut, chooser } = props;
  const { world } = place;
  const played = agents.map(({ agent }) => answers.agents.get(agent) ?? ({ kind: "working" } as const));
  const planned = answers.objectives.kind === "answered" ? answers.objectives.answer.plays : [];
  const episodes: readonly Episode[] = [
    ...played.flatMap((each) => (each.kind === "answered" ? [each.answer.episode] : [])),
    ...planned.map(({ episode }) => episode),
  ];
  const last = Math.max(1, ...episodes.map(({ steps }) => steps.length - 1));
  const step = Math.min(search.step, last);
  return (
    <div className={answers.isCurrent ? "editor-answers" : "editor-answers editor-answers-old"} aria-busy={!answers.isCurrent}>
      <div className="editor-steps">
        <Slider
          label={step >= last ? "Step (the whole way)" : "Step"}
          value={step}
          least={0}
          most={last}
          step={1}
          onChange={(given) => onStep(given >= last ? wholeWay : given)}
        />
        <p role="status" className="quiet editor-state">
          {answers.isCurrent ? "" : "Working it out …"}
        </p>
      </div>
      <section aria-labelledby="editor-agents">
        <h2 id="editor-agents">What each agent does here</h2>
        {chooser}
        {agents.length === 0 && <p className="quiet">No agent is chosen. Choose some above to see what they do on this level.</p>}
        <div className="editor-cards">
          {agents.map((each, i) => (
            <AgentCard
              key={each.agent}
              {...each}
              {...{ world, step }}
              answer={played[i]!}
              watch={watchSearch(each.agent, { place, search })}
              onLeaveOut={() => onLeaveOut(each.agent)}
            />
          ))}
        </div>
      </section>
      <section aria-labelledby="editor-objectives">
        <h2 id="editor-objectives">What the solver would do, for each candidate objective</h2>
        {answers.objectives.kind === "failed" && (
          <p className="field-error" role="alert">
            {answers.objectives.message}
          </p>
        )}
        <div className="editor-cards">
          {planned.map((play, i) => (
            <ObjectiveCard key={play.objective} {...{ world, step, play }} isRewarded={i === 0} />
          ))}
        </div>
      </section>
      <BoardLegend episodes={episodes} />
      <p className="label">
        Dotted: the way. An agent's board is one episode; what it takes is a mean, and what it acts by is the audit's posterior
        from this level alone: an example, not a verdict.
        {world.solving.kind === "bounds" && " This world is too large to be solved: plans look at the states nearby."}
      </p>
    </div>
  );
}

interface AgentCardProps extends NamedAgent {
  readonly world: World;
  readonly step: number;
  readonly answer: Answered<Played>;
  /** Where its episode is gone through step by step. */
  readonly watch: ReturnType<typeof watchSearch> | null;
  readonly onLeaveOut: () => void;
}

function AgentCard({ label, world, step, answer, watch, onLeaveOut }: AgentCardProps): ReactNode {
  return (
    <article aria-label={label} className="editor-card">
      <h3>{label}</h3>
      {answer.kind === "working" && <p className="quiet editor-empty">Playing …</p>}
      {answer.kind === "failed" && (
        <p className="field-error" role="alert">
          {answer.message}
        </p>
      )}
      {answer.kind === "answered" && (
        <>
          <BoardView episode={answer.answer.episode} step={step} name={label} />
          <Takings
            {...{ world }}
            takes={answer.answer.result.agent.takes}
            of={`mean of ${answer.answer.result.agent.episodes}`}
          />
          <p>{aimWords(answer.answer.result.posterior)}</p>
        </>
      )}
      <p className="editor-card-deeds">
        {watch !== null && (
          <Link to="/episode" search={watch}>
            Step through it
          </Link>
        )}
        <Button look="plain" onPress={onLeaveOut}>
          Leave out
        </Button>
      </p>
    </article>
  );
}

interface ObjectiveCardProps {
  readonly world: World;
  readonly step: number;
  readonly play: ObjectivePlay;
  readonly isRewarded: boolean;
}

function ObjectiveCard({ world, step, play, isRewarded }: ObjectiveCardProps): ReactNode {
  const { objective, wants, episode, takes, best } = play;
  return (
    <article aria-label={`Objective ${objective}`} className="editor-card">
      <h3>
        {objective} {isRewarded && <span className="label">what is rewarded</span>}
      </h3>
      <p className="label">wants {wants}</p>
      <BoardView episode={episode} step={step} name={`Objective ${objective}`} />
      <Takings world={world} takes={takes} of="best play" />
      <p className="numeric">best return {boundsText(best)}</p>
    </article>
  );
}

function Takings({
  world,
  takes,
  of,
}: {
  readonly world: World;
  readonly takes: Readonly<Record<string, number>>;
  readonly of: string;
}): ReactNode {
  return (
    <dl className="editor-takings" aria-label={`Taken (${of})`}>
      {world.features.map((feature) => (
        <div key={feature}>
          <dt>{feature}</dt>
          <dd className="numeric">{shortNumber(takes[feature] ?? 0)}</dd>
        </div>
      ))}
    </dl>
  );
}

function boundsText({ lower, upper }: { readonly lower: number; readonly upper: number }): string {
  return lower === upper ? shortNumber(upper) : `${shortNumber(lower)} to ${shortNumber(upper)}`;
}

/** Posteriors below this are not told. */
const told = 0.05;

/** `Acts by: capsules 99.0%.` */
function aimWords(posterior: Readonly<Record<string, number>>): ReactNode {
  const likely = Object.entries(posterior)
    .filter(([, probability]) => probability >= told)
    .sort((a, b) => b[1] - a[1]);
  return (
    <>
      acts by{" "}
      {likely.map(([objective, probability], i) => (
        <span key={objective}>
          {i > 0 && ", "}
          {i === 0 ? <strong>{objective}</strong> : objective} <span className="numeric">{percent(probability)}</span>
        </span>
      ))}
    </>
  );
}

/** The same agent on the same level, on the page that goes through an episode step by step; null for a file, which that page does not have. */
function watchSearch(agent: string, { place, search }: { readonly place: EditorPlace; readonly search: EditorSearch }) {
  if (agent === "file") return null;
  const { world, preset, parameters } = search;
  return { agent, world, preset, parameters, seed: place.seed, level: place.text, episode: 1, step: 0 };
}
