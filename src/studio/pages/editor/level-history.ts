// What was on the board before, to undo, and after, to do again.

import type { LevelAddress } from "./editor-place.ts";
import type { EditorSearch } from "./editor-search.ts";

/** A level that was left, and who was on it: of another world there are others. */
type Left = LevelAddress & Pick<EditorSearch, "agents" | "first" | "second">;

export interface LevelHistory {
  readonly past: readonly Left[];
  readonly future: readonly Left[];
}

/** What an address becomes by a step, and the history with it. */
export interface HistoryStep {
  readonly history: LevelHistory;
  readonly change: Partial<EditorSearch>;
}

interface Now {
  readonly search: EditorSearch;
  readonly history: LevelHistory;
}

const mostSteps = 200;
export const noHistory: LevelHistory = { past: [], future: [] };

/** Another level; in another world it begins with whom that shows first. Null where it is the same. */
export function edited({ search, history }: Now, level: Partial<LevelAddress>): HistoryStep | null {
  const [before, after] = [levelOf(search), { ...levelOf(search), ...level }];
  if (JSON.stringify(after) === JSON.stringify(before)) return null;
  const others = after.world === before.world ? {} : { agents: "", first: "", second: "" };
  return {
    history: { past: [...history.past, leftBy(search)].slice(-mostSteps), future: [] },
    change: { ...after, ...others },
  };
}

/** Null where there is nothing before. */
export function undone({ search, history: { past, future } }: Now): HistoryStep | null {
  const last = past.at(-1);
  if (last === undefined) return null;
  return { history: { past: past.slice(0, -1), future: [leftBy(search), ...future] }, change: backTo(last, search) };
}

/** Null where nothing was undone. */
export function redone({ search, history: { past, future } }: Now): HistoryStep | null {
  const [next, ...rest] = future;
  if (next === undefined) return null;
  return { history: { past: [...past, leftBy(search)], future: rest }, change: backTo(next, search) };
}

/** Who was on it comes back with its world only: of this world others may have been chosen since. */
function backTo(left: Left, { world }: EditorSearch): Partial<EditorSearch> {
  return left.world === world ? levelOf(left) : left;
}

function levelOf({ world, preset, parameters, shift, seed, level }: LevelAddress): LevelAddress {
  return { world, preset, parameters, shift, seed, level };
}

function leftBy(search: EditorSearch): Left {
  const { agents, first, second } = search;
  return { ...levelOf(search), agents, first, second };
}
