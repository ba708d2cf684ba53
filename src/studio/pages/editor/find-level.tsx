// "Find me the level that tells these two apart": a search in a worker of its own, round by round, that can be ended at any time.

import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { World } from "../../../core/worlds/world.ts";
import { Button } from "../../components/button.tsx";
import { Select } from "../../components/select.tsx";
import { percent } from "../../views/words.ts";
import { type LevelsAtHand, startLevels } from "./ask-levels.ts";
import type { EditorPlace } from "./editor-place.ts";
import type { EditorSearch } from "./editor-search.ts";
import { type AgentToPlay, HeldAgents } from "./held-agents.ts";
import { addressOfLevel, levelOfAddress } from "./level-address.ts";
import type { NamedAgent } from "./what-they-do.tsx";

const rounds = 6;
const levelsPerRound = 8;
/** From here on a level is taken at once, and below the other it tells nothing. */
const sureEnough = 0.97;
const leastSure = 0.75;

interface Best {
  readonly text: string;
  readonly certainty: number;
}

type Progress =
  | { readonly kind: "idle" }
  | { readonly kind: "searching"; readonly examined: number; readonly best: Best | null }
  | { readonly kind: "found"; readonly examined: number; readonly best: Best }
  | { readonly kind: "none"; readonly examined: number; readonly best: Best }
  | { readonly kind: "cancelled"; readonly examined: number; readonly best: Best | null }
  | { readonly kind: "failed"; readonly message: string };

const idle: Progress = { kind: "idle" };

interface FindLevelProps {
  readonly place: EditorPlace;
  readonly search: EditorSearch;
  readonly agents: readonly NamedAgent[];
  readonly toPlay: readonly AgentToPlay[];
  readonly onSearch: (change: Partial<EditorSearch>) => void;
  /** A level was found, as text. */
  readonly onFound: (text: string) => void;
}

export function FindLevel({ place, search, agents, toPlay, onSearch, onFound }: FindLevelProps): ReactNode {
  const choices = sidesOf(place.world, agents);
  const chosen = (value: string, otherwise: string) =>
    choices.find((choice) => choice.value === value) ?? choices.find((choice) => choice.value === otherwise) ?? choices[0]!;
  const [base, rival] = mainPair(place.world);
  const [first, second] = [chosen(search.first, base), chosen(search.second, rival)];
  const { progress, find, cancel } = useSearch({ place, sides: [first.value, second.value], toPlay, search, onFound });
  const isSearching = progress.kind === "searching";
  const found = progress.kind === "found" ? progress.best.text : null;
  const isOnBoard = useMemo(
    () => found !== null && levelOfAddress(addressOfLevel(place.world, found)) === place.text,
    [found, place.world, place.text],
  );
  const isOne = first.value === second.value;
  return (
    <section aria-labelledby="editor-find" className="editor-part">
      <h2 id="editor-find">Find the level that tells two apart</h2>
      <div className="editor-row-of-fields">
        <Select label="One" value={first.value} choices={choices} onChange={(value) => onSearch({ first: value })} />
        <Select label="The other" value={second.value} choices={choices} onChange={(value) => onSearch({ second: value })} />
        <Select
          label="Among levels"
          value={search.among}
          choices={[
            { value: "apart", label: "where objectives part" },
            { value: "sliders", label: "where the sliders stand" },
          ]}
          onChange={(among) => onSearch({ among })}
        />
        {isSearching ? (
          <Button onPress={cancel}>Cancel</Button>
        ) : (
          <Button look="primary" onPress={find} isDisabled={isOne}>
            Find it
          </Button>
        )}
      </div>
      {isOne && <p className="quiet">Choose two different ones.</p>}
      {isSearching && (
        <progress
          className="editor-progress"
          aria-label="Levels examined"
          max={rounds * levelsPerRound}
          value={progress.examined}
        />
      )}
      <div role="status">{said(progress, isOnBoard)}</div>
      {found !== null && !isOnBoard && <Button onPress={() => onFound(found)}>Put it on the board again</Button>}
      {progress.kind === "cancelled" && progress.best !== null && (
        <Button onPress={() => onFound(progress.best!.text)}>Take the best so far</Button>
      )}
      {progress.kind === "failed" && (
        <p className="field-error" role="alert">
          {progress.message}
        </p>
      )}
    </section>
  );
}

function said(progress: Progress, isOnBoard: boolean): ReactNode {
  switch (progress.kind) {
    case "idle":
      return (
        <p className="quiet">
          The best of some levels is the one on which a single episode says most of which of the two it was: for two objectives by
          the audit's active levels, for agents by what they take.
        </p>
      );
    case "searching":
      return (
        <p className="numeric">
          {progress.examined} of at most {rounds * levelsPerRound} levels{bestSaid(progress.best)} …
        </p>
      );
    case "found":
      return (
        <p>
          <strong>Found</strong>, of {progress.examined} levels: one episode on it is put down to the right one with{" "}
          {percent(progress.best.certainty)} (a guess: 50%; the mean over 24 fresh episodes of each).
          {isOnBoard && " It is on the board above; undo brings back what was there."}
        </p>
      );
    case "none":
      return (
        <p>
          <strong>None found</strong>: on the best of {progress.examined} levels one episode is put down to the right one with{" "}
          {percent(progress.best.certainty)} (a guess: 50%). Search where objectives part, or choose another two.
        </p>
      );
    case "cancelled":
      return (
        <p>
          Cancelled after {progress.examined} levels{bestSaid(progress.best)}.
        </p>
      );
    case "failed":
      return null;
    default:
      return progress satisfies never;
  }
}

function bestSaid(best: Best | null): string {
  return best === null ? "" : `, the best so far at ${percent(best.certainty)}`;
}

const objectivePrefix = "objective:";

/** What is rewarded, and what cares more for the proxy than for the goal; where nothing does, the next objective. */
function mainPair({ objectives, goal, proxy }: World): readonly [string, string] {
  const [base, next] = objectives;
  const rival = objectives.find(({ weights }) => (weights[proxy] ?? 0) > Math.max(0, weights[goal] ?? 0));
  return [`${objectivePrefix}${base?.name}`, `${objectivePrefix}${(rival === base ? next : (rival ?? next))?.name}`];
}

function sidesOf(world: World, agents: readonly NamedAgent[]): readonly { readonly value: string; readonly label: string }[] {
  return [
    ...world.objectives.map(({ name }) => ({ value: `${objectivePrefix}${name}`, label: `objective ${name}` })),
    ...agents.map(({ agent, label }) => ({ value: agent, label: `agent ${label}` })),
  ];
}

interface SearchOptions extends Pick<FindLevelProps, "place" | "search" | "toPlay" | "onFound"> {
  readonly sides: readonly [string, string];
}

function useSearch({ place, sides, toPlay, search, onFound }: SearchOptions) {
  const { among } = search;
  const opened = toPlay.filter(({ agent }) => sides.includes(agent));
  /** What is searched for; where that changes, a search ends and what it found says nothing. */
  const sought = JSON.stringify([
    ...[place.setting, sides, among, among === "apart" ? null : place.point],
    opened.map(({ key }) => key),
  ]);
  const [told, setTold] = useState<{ readonly of: string; readonly progress: Progress }>({ of: sought, progress: idle });
  const running = useRef<{ readonly of: string; readonly levels: LevelsAtHand } | null>(null);
  /** Another search finds another level. */
  const searches = useRef(0);
  const end = useCallback(() => {
    running.current?.levels.end();
    running.current = null;
  }, []);
  useEffect(() => end, [end]);
  // Before anything that a worker says is heard: it would put its level into another world.
  useLayoutEffect(() => {
    if (running.current === null || running.current.of === sought) return;
    end();
    setTold({ of: sought, progress: idle });
  }, [sought, end]);
  const find = async () => {
    end();
    const levels = startLevels();
    const own = { of: sought, levels };
    running.current = own;
    const tell = (progress: Progress) => running.current === own && setTold({ of: sought, progress });
    tell({ kind: "searching", examined: 0, best: null });
    try {
      const held = new HeldAgents(levels);
      const numbers = new Map<string, number>();
      for (const each of opened) numbers.set(each.agent, await held.numberOf(each));
      const seed = place.seed + 1_000_000 * ++searches.current;
      let best: Best | null = null;
      let examined = 0;
      for (let round = 0; round < rounds && (best === null || best.certainty < sureEnough); round++) {
        const { text, certainty } = await levels.round({
          ...{
            setting: place.setting,
            sides: [sideOf(sides[0], numbers), sideOf(sides[1], numbers)],
            levels: levelsPerRound,
            seed,
            round,
          },
          among: among === "apart" ? { kind: "separating" } : { kind: "point", point: { ...place.point } },
        });
        examined += levelsPerRound;
        if (best === null || certainty > best.certainty) best = { text, certainty };
        tell({ kind: "searching", examined, best });
      }
      if (running.current !== own || best === null) return;
      tell({ kind: best.certainty >= leastSure ? "found" : "none", examined, best });
      if (best.certainty >= leastSure) onFound(best.text);
    } catch (error) {
      tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
    if (running.current === own) end();
  };
  const cancel = () => {
    end();
    setTold(({ of, progress }) => ({
      of,
      progress: progress.kind === "searching" ? { ...progress, kind: "cancelled" } : progress,
    }));
  };
  return { progress: told.of === sought ? told.progress : idle, find: () => void find(), cancel };
}

/** `numbers`: of the agents that are open. */
function sideOf(value: string, numbers: ReadonlyMap<string, number>) {
  return value.startsWith(objectivePrefix)
    ? ({ kind: "objective", objective: value.slice(objectivePrefix.length) } as const)
    : ({ kind: "agent", agent: numbers.get(value)! } as const);
}
