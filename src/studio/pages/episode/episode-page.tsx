// The episode player: one episode of one agent, step by step: what it saw, how sure it was, what each candidate objective would have done, and how
// the evidence for them came in.

import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useCallback, useState } from "react";
import { problemOf } from "../../api/lab-client.ts";
import { usePageTitle } from "../../app/page-title.ts";
import { useViewState } from "../../app/use-view-state.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { usePlayback, useReducedMotion } from "../../views/board/use-playback.ts";
import { levelAsked } from "./asked-episode.ts";
import { BoardPanel } from "./board-panel.tsx";
import { ChooseAgent } from "./choose-agent.tsx";
import { ChooseAxes, ChooseLevel, LevelText } from "./choose-level.tsx";
import { ChooseSnapshot } from "./choose-snapshot.tsx";
import type { EpisodeSearch } from "./episode-search.ts";
import { NoAgent } from "./no-agent.tsx";
import type { ChosenFiles } from "./open-asked.ts";
import { Playing } from "./playing.tsx";
import { PosteriorChart } from "./posterior-chart.tsx";
import { Solving } from "./solving.tsx";
import { CandidatesPanel, PolicyPanel } from "./step-panels.tsx";
import { useEpisode, usePolicyField } from "./use-episode.ts";
import "./episode.css";

const route = getRouteApi("/episode");

type Change = (change: Partial<EpisodeSearch>) => void;
type AtHand = ReturnType<typeof useEpisode>;
type Opened = NonNullable<AtHand["agent"]>;

export function EpisodePage(): ReactNode {
  usePageTitle("Episode");
  const given = route.useSearch();
  const navigate = route.useNavigate();
  const { search, change } = useViewState<EpisodeSearch>({
    given,
    write: (next, { isPage }) => void navigate({ search: next, replace: !isPage, resetScroll: false }),
  });
  const [chosen, setChosen] = useState<ChosenFiles | null>(null);
  const here = useEpisode(search, chosen);
  // Another agent, level or episode is another place to come back to.
  const go: Change = useCallback((changed) => change({ step: 0, actions: "", ...changed }, { isPage: true }), [change]);
  const { agent } = here;
  return (
    <div className="page episode">
      <header>
        <h1>Episode</h1>
        <p className="quiet">
          {agent === null ? "One agent on one level, step by step." : <AgentWords agent={agent} search={search} />}
        </p>
      </header>
      <section aria-label="What is watched" className="episode-choose">
        <div className="episode-row">
          <ChooseAgent
            asked={here.asked}
            search={search}
            hasLab={here.connection.kind === "lab"}
            worlds={here.worlds.data?.worlds ?? []}
            place={here.place.data ?? null}
            opened={agent?.name ?? null}
            chosen={chosen}
            isRefused={chosen !== null && here.asked?.kind === "file" && here.opened.isError}
            onChosen={setChosen}
            onSearch={go}
          />
          {agent !== null && agent.snapshots.length > 0 && <ChooseSnapshot agent={agent} search={search} onSearch={go} />}
        </div>
        {agent !== null && (
          <>
            <div className="episode-row">
              <ChooseLevel world={agent.world} search={search} onSearch={go} />
            </div>
            <ChooseAxes world={agent.world} search={search} onSearch={go} />
          </>
        )}
      </section>
      {agent === null ? (
        <NoAgent here={here} search={search} onAgain={() => void here.opened.refetch()} />
      ) : (
        <WithAgent here={here} agent={agent} search={search} onChange={change} onGo={go} />
      )}
    </div>
  );
}

function AgentWords({ agent, search }: { readonly agent: Opened; readonly search: EpisodeSearch }): ReactNode {
  const { world, name, of, notes } = agent;
  const level = levelAsked(search, world.axes);
  return (
    <>
      {of === null ? (
        name
      ) : (
        <Link to={of.kind === "run" ? "/runs/$key" : "/audits/$key"} params={{ key: of.key }}>
          {name}
        </Link>
      )}{" "}
      in {world.name}: {world.summary}
      {level.kind === "audit" && (
        <>
          {" "}
          Level {Math.min(level.number, level.levels)} of the {level.levels} that an audit played as in {level.shift}
          {search.actions === "" ? "; its actions are drawn anew." : "."}
        </>
      )}
      {search.actions !== "" && " It takes the actions that the address gives, as it took them in an audit; none is drawn anew."}
      {search.agent === "file" && notes.length > 0 && <> Found of the model: {notes.join("; ")}.</>}
    </>
  );
}

interface WithAgentProps {
  readonly here: AtHand;
  readonly agent: Opened;
  readonly search: EpisodeSearch;
  readonly onChange: Change;
  readonly onGo: Change;
}

function WithAgent({ here, agent, search, onChange, onGo }: WithAgentProps): ReactNode {
  const { played } = here;
  const text = played.data?.text ?? search.level;
  const problem = played.isError ? played.error.message : null;
  return (
    <>
      {played.data === undefined ? (
        problem === null ? (
          <p className="quiet">Playing …</p>
        ) : (
          <Notice title="The level cannot be played" heading="h2" tone="bad">
            <p className="episode-problem">{problem}</p>
            {here.agents.started?.agents.isLost() && <Button onPress={() => void played.refetch()}>Try again</Button>}
          </Notice>
        )
      ) : (
        <Shown {...{ here, agent, search, onChange, onGo }} episode={played.data.episode} />
      )}
      <LevelText
        key={text}
        world={agent.world}
        text={text}
        problem={search.level === "" ? null : problem}
        onText={(level) => onGo({ level, audited: "", levels: 0 })}
      />
    </>
  );
}

type ShownProps = WithAgentProps & { readonly episode: NonNullable<AtHand["played"]["data"]>["episode"] };

function Shown({ here, agent, search, onChange, onGo, episode }: ShownProps): ReactNode {
  const last = episode.steps.length - 1;
  const isStill = useReducedMotion();
  const playback = usePlayback({
    rest: Math.min(search.step, last),
    onRest: (step) => onChange({ step }),
    last,
    stepsPerSecond: Number(search.speed),
  });
  const step = Math.min(playback.step, last);
  const field = usePolicyField(here, { step: Math.min(step, last - 1), isShown: search.field });
  return (
    <div className="episode-shown">
      <div className="episode-left">
        <BoardPanel
          episode={episode}
          step={step}
          name={agent.name}
          field={field.shown}
          problem={field.error?.message ?? null}
          isFieldShown={search.field}
          onField={(isShown) => onChange({ field: isShown })}
          remembers={agent.remembers}
        >
          <Playing
            playback={playback}
            last={last}
            isStill={isStill}
            speed={search.speed}
            onSpeed={(speed) => onChange({ speed })}
            episode={search.episode}
            onEpisode={(number) => onGo({ episode: number })}
          />
        </BoardPanel>
      </div>
      <div className="episode-right">
        <PolicyPanel episode={episode} step={step} />
        <Evidence here={here} agent={agent} episode={episode} step={step} onStep={playback.goTo} />
      </div>
    </div>
  );
}

interface EvidenceProps {
  readonly here: AtHand;
  readonly agent: Opened;
  readonly episode: ShownProps["episode"];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

function Evidence({ here: { explained, solved }, agent: { world }, episode, step, onStep }: EvidenceProps): ReactNode {
  const queries = useQueryClient();
  const { data, error, isFetching, refetch } = explained;
  return (
    <section aria-labelledby="episode-candidates">
      <h2 id="episode-candidates">What it may want</h2>
      {error !== null && <p className="field-error">{problemOf(error).message}</p>}
      {data === undefined ? (
        <Solving
          isUnderway={isFetching}
          done={solved}
          onSolve={() => void refetch()}
          onStop={() =>
            void queries.cancelQueries({ queryKey: ["agents"], predicate: ({ queryKey }) => queryKey[2] === "explain" })
          }
        />
      ) : (
        <>
          <CandidatesPanel
            candidates={world.candidates}
            actions={episode.actions}
            steps={episode.steps}
            step={step}
            explanation={data}
          />
          <h3>How the evidence came in</h3>
          <PosteriorChart candidates={world.candidates} logPosterior={data.logPosterior} step={step} onStep={onStep} />
          <p className="label">
            Read from what the agent would do in each state that it came through in this one episode. An audit asks it in many
            states of many levels and says how unsure that leaves it; one episode is evidence, and no verdict.
          </p>
        </>
      )}
    </section>
  );
}
