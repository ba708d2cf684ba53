// The first page: agents that score the same in training, a world that is moved away from it, and what an audit says of each agent then.

import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useConnection } from "../../app/connection.tsx";
import { usePageTitle } from "../../app/page-title.ts";
import { useViewState } from "../../app/use-view-state.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import type { Recording } from "../../live/recording.ts";
import { liveAuditLevels } from "../../live/story.ts";
import { shortCode } from "../../views/words.ts";
import { type HomeSearch, seedOf, seedRefused } from "./home-search.ts";
import { Parting } from "./parting.tsx";
import { fetchRecording } from "./recorded-run.ts";
import { type PlayedAgent, type ShownAgent, shownAgents } from "./shown-agents.ts";
import { Training } from "./training.tsx";
import { useLiveRun } from "./use-live-run.ts";
import { Verdicts } from "./verdicts.tsx";
import "./home.css";

const route = getRouteApi("/");

export function HomePage(): ReactNode {
  usePageTitle("Home");
  const connection = useConnection();
  const { recording, problem, retry } = useRecording();
  return (
    <div className="page home">
      <header className="prose">
        <h1>Three agents, one score</h1>
        <p className="lead">
          Three agents, and a fourth that nobody designed, earn the same score in training and want different things. Move the
          world away from training, and see.
        </p>
        {connection.kind === "lab" && (
          <p>
            <Link to="/runs">The runs of this lab</Link>
          </p>
        )}
      </header>
      {problem !== null && (
        <Notice title="The recorded run could not be read" heading="h2" tone="bad">
          <p>{problem}</p>
          <Button onPress={retry}>Try again</Button>
        </Notice>
      )}
      {recording !== null && <Story recording={recording} />}
    </div>
  );
}

function Story({ recording }: { readonly recording: Recording }): ReactNode {
  const given = route.useSearch();
  const navigate = route.useNavigate();
  const { search, change } = useViewState<HomeSearch>({
    given,
    write: (next) => void navigate({ search: next, replace: true, resetScroll: false }),
  });
  const live = useLiveRun();
  const agents = useMemo(() => shownAgents(recording, live.state), [recording, live.state]);
  const played = usePlayed(agents);
  return (
    <>
      <p className="home-origin quiet">
        Recorded on {recording.date} with code <code>{shortCode(recording.codeVersion)}</code>, seed {recording.seed}
        {live.state === null ? "; it can be trained anew in this page." : "; what was trained here is marked as live."}
      </p>
      <Training
        recording={recording}
        agents={agents}
        live={live}
        seed={seedOf(search)}
        refusal={seedRefused(search)}
        onSeed={(given) => change({ seed: given })}
      />
      <Parting agents={played} liveSeed={live.state?.seed ?? null} search={search} onSearch={change} />
      <Verdicts recording={recording} agents={agents} live={live.state} liveLevels={liveAuditLevels} />
    </>
  );
}

/** The same list until the policy of an agent is another: agents are made anew with every measurement. */
function usePlayed(agents: readonly ShownAgent[]): readonly PlayedAgent[] {
  const kept = useRef<readonly PlayedAgent[]>(agents);
  const policies = (list: readonly PlayedAgent[]) =>
    list.map(({ boards }) => (boards.kind === "live" ? boards.model : boards.recorded));
  const before = policies(kept.current);
  if (policies(agents).some((policy, i) => policy !== before[i])) kept.current = agents;
  return kept.current;
}

function useRecording() {
  const [recording, setRecording] = useState<Recording | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    setProblem(null);
    fetchRecording().then(
      (found) => isCurrent && setRecording(found),
      (error: unknown) => isCurrent && setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [round]);
  return { recording, problem, retry: () => setRound((before) => before + 1) };
}
