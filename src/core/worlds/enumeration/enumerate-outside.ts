// All states of a level of a world that runs in another program, by breadth-first search over its snapshots. The program's own end of an
// episode, terminated or truncated, is an end here, and so is the world's horizon in steps from the start.

import type { Prng } from "../../base/prng.ts";
import type { ExternalWorld } from "../external-world.ts";
import type { ExternalBatch, ExternalLevel } from "../world-program.ts";
import { type EnumeratedLevel, ended } from "./enumerated-level.ts";

export type Enumeration =
  | { readonly kind: "enumerated"; readonly problem: EnumeratedLevel<ExternalLevel>; readonly environmentSteps: number }
  /** More states than `limit`, or restored states that do not go on as before: in words. */
  | { readonly kind: "refused"; readonly reason: string; readonly environmentSteps: number };

export interface EnumerationOptions {
  readonly world: ExternalWorld;
  readonly level: ExternalLevel;
  /** Most states. */
  readonly limit: number;
  /** Chooses the transitions that are tried again. */
  readonly prng: Prng;
}

/** Transitions of a level that are tried again. */
const triedAgain = 48;
/** Episodes side by side at most: a level is begun in every one of them. */
const mostPlaces = 64;

/** Finds every state that the actions can lead to from the start of `level`. Throws `world-failed` for answers that cannot be. */
export async function enumerateLevel(options: EnumerationOptions): Promise<Enumeration> {
  const { world, level, limit, prng } = options;
  const places = Math.min(world.mostEpisodes, mostPlaces);
  const batch = await world.start(Array.from({ length: places }, () => level));
  const search = new Search(world, batch, places);
  const refused = (reason: string): Enumeration => ({ kind: "refused", reason, environmentSteps: search.steps });
  const starts = await batch.snapshot(Array.from({ length: places }, (_, place) => place));
  const other = starts.find((text) => text !== starts[0]);
  if (other !== undefined) {
    return refused(
      `two starts of the same level have the snapshots ${brief(starts[0]!)} and ${brief(other)}; equal states need equal ones`,
    );
  }
  search.add(starts[0]!, { depth: 0, cameFrom: -1 });
  while (search.hasUnexplored) {
    await search.explore();
    if (search.numStates > limit) {
      return refused(`${search.numStates} states found in one level and more to come, where at most ${limit} can be solved`);
    }
  }
  const difference = await search.tryAgain(prng);
  return difference === null
    ? { kind: "enumerated", problem: search.problem(level), environmentSteps: search.steps }
    : refused(difference);
}

interface Transition {
  readonly next: number;
  readonly features: readonly number[];
}

/** The states found so far, and which of their actions were tried. */
class Search {
  steps = 0;
  readonly #world: ExternalWorld;
  readonly #batch: ExternalBatch;
  readonly #places: number;
  readonly #snapshots: string[] = [];
  readonly #known = new Map<string, number>();
  readonly #depth: number[] = [];
  readonly #cameFrom: number[] = [];
  /** One for each action of each explored state. */
  readonly #transitions: Transition[] = [];

  constructor(world: ExternalWorld, batch: ExternalBatch, places: number) {
    this.#world = world;
    this.#batch = batch;
    this.#places = places;
  }

  get numStates(): number {
    return this.#snapshots.length;
  }

  get hasUnexplored(): boolean {
    return this.#transitions.length < this.numStates * this.#world.actions.length;
  }

  /** The number of the state, a new one where it was not known. */
  add(snapshot: string, found: { readonly depth: number; readonly cameFrom: number }): number {
    const known = this.#known.get(snapshot);
    if (known !== undefined) return known;
    const state = this.numStates;
    this.#known.set(snapshot, state);
    this.#snapshots.push(snapshot);
    this.#depth.push(found.depth);
    this.#cameFrom.push(found.cameFrom);
    return state;
  }

  /** Tries the next actions, as many as fit side by side. */
  async explore(): Promise<void> {
    const actionCount = this.#world.actions.length;
    const first = this.#transitions.length;
    const count = Math.min(this.#places, this.numStates * actionCount - first);
    const moves = Array.from({ length: count }, (_, i) => first + i);
    if (this.#depth[Math.floor(first / actionCount)]! >= this.#world.horizon) {
      // States come by depth, so from here on all lie at the end of time.
      for (const _ of moves) this.#transitions.push({ next: ended, features: this.#world.features.map(() => 0) });
      return;
    }
    for (const { move, features, snapshot } of await this.#take(moves)) {
      const depth = this.#depth[Math.floor(move / actionCount)]! + 1;
      const next = snapshot === null ? ended : this.add(snapshot, { depth, cameFrom: move });
      this.#transitions.push({ next, features });
    }
  }

  /** Takes moves (`state · actions + action`), each in a place of its own, from restored states. */
  async #take(moves: readonly number[]) {
    const actionCount = this.#world.actions.length;
    const places = moves.map((_, place) => place);
    const actions = new Int32Array(this.#places);
    const running = new Uint8Array(this.#places);
    moves.forEach((move, place) => {
      actions[place] = move % actionCount;
      running[place] = 1;
    });
    await this.#batch.restore(
      places,
      moves.map((move) => this.#snapshots[Math.floor(move / actionCount)]!),
    );
    await this.#batch.step(actions, running);
    this.steps += moves.length;
    const width = this.#world.features.length;
    const goingOn = places.filter((place) => this.#batch.done[place] === 0);
    const snapshots = goingOn.length === 0 ? [] : await this.#batch.snapshot(goingOn);
    return moves.map((move, place) => ({
      move,
      features: [...this.#batch.features.subarray(place * width, (place + 1) * width)],
      snapshot: this.#batch.done[place] === 0 ? snapshots[goingOn.indexOf(place)]! : null,
    }));
  }

  /** Takes a sample of the moves again, in other places; returns what was different, null where nothing was. */
  async tryAgain(prng: Prng): Promise<string | null> {
    const actionCount = this.#world.actions.length;
    const total = this.#transitions.length;
    const sample = Array.from({ length: Math.min(triedAgain, this.#places) }, () => prng.integer(total)).filter(
      (move) => this.#depth[Math.floor(move / actionCount)]! < this.#world.horizon,
    );
    const states = sample.map((move) => this.#snapshots[Math.floor(move / actionCount)]!);
    const places = sample.map((_, place) => place);
    await this.#batch.restore(places, states);
    const restored = await this.#batch.snapshot(places);
    const lost = restored.findIndex((text, i) => text !== states[i]);
    if (lost >= 0) return `restoring ${brief(states[lost]!)} left ${brief(restored[lost]!)}`;
    for (const { move, features, snapshot } of await this.#take(sample)) {
      const before = this.#transitions[move]!;
      const next = snapshot === null ? ended : (this.#known.get(snapshot) ?? null);
      if (next === before.next && features.every((value, f) => value === before.features[f])) continue;
      const action = this.#world.actions[move % actionCount];
      return `"${action}" in the restored state ${brief(this.#snapshots[Math.floor(move / actionCount)]!)} does not lead to the same twice; what decides how an episode goes on, its random generator and clock included, belongs to the snapshot`;
    }
    return null;
  }

  problem(level: ExternalLevel): EnumeratedLevel<ExternalLevel> {
    return {
      level,
      numStates: this.numStates,
      numActions: this.#world.actions.length,
      numFeatures: this.#world.features.length,
      next: Int32Array.from(this.#transitions, ({ next }) => next),
      features: Float32Array.from(this.#transitions.flatMap(({ features }) => features)),
      depth: Int32Array.from(this.#depth),
      cameFrom: Int32Array.from(this.#cameFrom),
      horizon: this.#world.horizon,
    };
  }
}

const brief = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 60)}…`);
