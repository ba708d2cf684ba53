// The player where there is no agent to watch: it is being opened, there is something to do first, or something is wrong with it.

import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { problemOf } from "../../api/lab-client.ts";
import { WithoutLab } from "../../app/page-states.tsx";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { listenToTrained } from "../../live/trained-here.ts";
import type { EpisodeSearch } from "./episode-search.ts";
import type { Missing } from "./open-asked.ts";
import type { useEpisode } from "./use-episode.ts";

/** What stands in place of an episode: nothing yet, something to do, or what went wrong. */
export function NoAgent({
  here,
  search,
  onAgain,
}: {
  readonly here: ReturnType<typeof useEpisode>;
  readonly search: EpisodeSearch;
  readonly onAgain: () => void;
}) {
  const { asked, opened, connection } = here;
  if (asked === null) {
    return (
      <Notice title="No such agent" heading="h2" tone="bad">
        <p>
          “{search.agent}” is not an agent’s name. Choose one above, or open a run and press <em>Watch it play</em>.
        </p>
      </Notice>
    );
  }
  if (opened.isError) {
    return (
      <Notice title="The agent could not be opened" heading="h2" tone="bad">
        <p className="episode-problem">{problemOf(opened.error).message}</p>
        <Button onPress={onAgain}>Try again</Button>
      </Notice>
    );
  }
  const missing = opened.data?.missing ?? null;
  if (missing === null) return <p className="quiet">Opening the agent …</p>;
  if (missing.kind === "lab" && connection.kind !== "lab") return <WithoutLab connection={connection} />;
  if (missing.kind === "live") return <TrainAgain missing={missing} onThere={onAgain} />;
  return <ToDo missing={missing} />;
}

interface TrainAgainProps {
  readonly missing: Extract<Missing, { readonly kind: "live" }>;
  /** It may be there now. */
  readonly onThere: () => void;
}

function TrainAgain({ missing: { name, seed }, onThere }: TrainAgainProps): ReactNode {
  useEffect(() => listenToTrained(onThere), [onThere]);
  return (
    <Notice title="Not in this tab" heading="h2">
      <p>
        {name} is trained on the first page, with seed {seed}. What is trained there stays in its tab, and only until the page is
        loaded anew. The same seed gives the same agent:{" "}
        <Link to="/" search={{ seed }}>
          train it again with seed {seed}
        </Link>
        , then open it from its board.
      </p>
    </Notice>
  );
}

function ToDo({ missing }: { readonly missing: Exclude<Missing, { readonly kind: "live" }> }): ReactNode {
  switch (missing.kind) {
    case "file":
      return (
        <Notice title="Choose its file" heading="h2">
          <p>A file that was given stays in the tab only as long as the page is open. Choose it above.</p>
        </Notice>
      );
    case "not-done":
      return (
        <Notice title="Nothing to watch yet" heading="h2">
          <p>
            The run is {missing.state}; an agent can be watched when it is trained.{" "}
            <Link to="/runs/$key" params={{ key: missing.key }}>
              Its page
            </Link>{" "}
            shows how far it is.
          </p>
        </Notice>
      );
    case "lab":
      return <p className="quiet">Asking the lab …</p>;
    default:
      return missing satisfies never;
  }
}
