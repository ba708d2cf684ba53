// All states of a level of a world that runs in this process, by breadth-first search over its own dynamics: many states at a time are
// placed in a batch and stepped.

import { MesascopeError } from "../../base/errors.ts";
import { Prng } from "../../base/prng.ts";
import type { Batch, World, WorldOutline } from "../world.ts";
import { beyond, type EnumeratedLevel, ended } from "./enumerated-level.ts";

/** Environments side by side. */
const places = 64;

export type StateCode = number | string;

/** An enumerated level whose states can be placed in a batch. */
export interface EnumeratedStates<Level = unknown> extends EnumeratedLevel<Level> {
  /** Every state as `Batch.place` takes it, at the time at which it can be reached first, `[states]`. */
  readonly states: readonly unknown[];
  /** The number of the state with a code, as `Batch.codeOf` names it. */
  readonly numbers: ReadonlyMap<StateCode, number>;
  /** Whether every state is there; else the search stopped at a distance from the start, and moves to farther states lead `beyond`. */
  readonly isComplete: boolean;
}

export interface OwnEnumerationOptions {
  /** Most states: a layer of states at one distance is explored only while no more were found. */
  readonly limit: number;
  /** Where to start instead of the level's start, and the horizon of the level. */
  readonly from?: { readonly state: unknown; readonly horizon: number };
}

/** Enumerates levels of one world, one after the other; keeps its batch. */
export class LevelEnumerator<Level = unknown> {
  readonly #world: World<Level>;
  readonly #batch: Batch<Level>;
  readonly #actions = new Int32Array(places);
  #level: Level | undefined;
  readonly #single: Batch<Level>;
  /** The level that the single environment is on. */
  #named: Level | undefined;

  constructor(world: World<Level>) {
    this.#world = world;
    this.#batch = world.createBatch(places);
    this.#single = world.createBatch(1);
  }

  /** Every state that the actions can lead to, up to a limit. */
  enumerate(level: Level, { limit, from }: OwnEnumerationOptions): EnumeratedStates<Level> {
    const batch = this.#batch;
    if (this.#level !== level) for (let env = 0; env < places; env++) batch.reset(env, level);
    this.#level = level;
    if (from === undefined) batch.reset(0, level);
    else batch.place(0, from.state);
    const search = new Search(batch, this.#world);
    search.begin();
    while (search.explored < search.states.length && search.states.length <= limit) search.exploreLayer(this.#actions);
    const found = search.result(level);
    const horizon = from?.horizon ?? search.timeRanOutAfter ?? this.#horizonOf(level, found);
    return { ...found, horizon };
  }

  /** The code of a state of `level`. */
  codeOf(level: Level, state: unknown): StateCode {
    if (this.#named !== level) this.#single.reset(0, level);
    this.#named = level;
    this.#single.place(0, state);
    return this.#single.codeOf(0);
  }

  /** Steps until time runs out, found by playing for as long as can be: no state is so far from the start that the search met the end of time. */
  #horizonOf(level: Level, found: Omit<EnumeratedStates<Level>, "horizon">): number {
    if (!found.isComplete) return this.#longestAtRandom(level);
    const { lasting, longest } = lastingStates(found);
    if (lasting[0] === 0) return longest[0]!;
    const batch = this.#single;
    batch.reset(0, level);
    this.#named = level;
    const { next, numActions } = found;
    let state = 0;
    for (let steps = 1; ; steps++) {
      let action = 0;
      while (lasting[next[state * numActions + action]!] !== 1) action++;
      batch.step(Int32Array.of(action));
      if (batch.done[0] !== 0) return steps;
      state = next[state * numActions + action]!;
    }
  }

  /** The time after which random play was cut off, or else the longest that it lasted. */
  #longestAtRandom(level: Level): number {
    const prng = Prng.fromSeed(0);
    const batch = this.#world.createBatch(places);
    for (let env = 0; env < places; env++) batch.reset(env, level);
    let longest = 0;
    const over = new Uint8Array(places);
    for (let steps = 1; over.includes(0); steps++) {
      for (let env = 0; env < places; env++) {
        if (batch.done[env] !== 0) batch.reset(env, level);
        this.#actions[env] = prng.integer(this.#world.actions.length);
      }
      batch.step(this.#actions);
      for (let env = 0; env < places; env++) {
        if (batch.done[env] === 0 || over[env] === 1) continue;
        if (batch.done[env] === 2) return steps;
        over[env] = 1;
        longest = steps;
      }
    }
    return longest;
  }
}

/** The states found so far. */
class Search {
  explored = 0;
  /** Steps from the start at which an episode was cut off; null while none was. */
  timeRanOutAfter: number | null = null;
  readonly states: unknown[] = [];
  readonly #batch: Batch<unknown>;
  readonly #numActions: number;
  readonly #numFeatures: number;
  readonly #numbers = new Map<StateCode, number>();
  readonly #depth: number[] = [];
  readonly #cameFrom: number[] = [];
  readonly #next: number[] = [];
  #features = new Float32Array(4096);

  constructor(batch: Batch<unknown>, world: Pick<WorldOutline, "actions" | "features">) {
    this.#batch = batch;
    this.#numActions = world.actions.length;
    this.#numFeatures = world.features.length;
  }

  /** Takes environment 0 for the start. */
  begin(): void {
    this.#add(0, { depth: 0, cameFrom: -1 });
  }

  #add(env: number, found: { readonly depth: number; readonly cameFrom: number }): number {
    const code = this.#batch.codeOf(env);
    const known = this.#numbers.get(code);
    if (known !== undefined) return known;
    const state = this.states.length;
    this.#numbers.set(code, state);
    this.states.push(this.#batch.stateOf(env));
    this.#depth.push(found.depth);
    this.#cameFrom.push(found.cameFrom);
    return state;
  }

  /** Tries every action in every state that is known now. */
  exploreLayer(actions: Int32Array): void {
    const end = this.states.length;
    const last = end * this.#numActions;
    this.#makeRoom(last * this.#numFeatures);
    for (let first = this.explored * this.#numActions; first < last; first += places) {
      this.#take(first, Math.min(places, last - first), actions);
    }
    this.explored = end;
  }

  /** Takes `count` moves from `first` on (`state · actions + action`), each in an environment of its own. */
  #take(first: number, count: number, actions: Int32Array): void {
    const batch = this.#batch;
    const width = this.#numFeatures;
    for (let env = 0; env < count; env++) {
      const move = first + env;
      const state = Math.floor(move / this.#numActions);
      batch.place(env, this.states[state]);
      actions[env] = move - state * this.#numActions;
    }
    for (let env = count; env < places; env++) {
      if (batch.done[env] !== 0) batch.place(env, this.states[0]);
      actions[env] = 0;
    }
    batch.step(actions);
    for (let i = 0; i < count * width; i++) this.#features[first * width + i] = batch.features[i]!;
    for (let env = 0; env < count; env++) {
      const move = first + env;
      const depth = this.#depth[Math.floor(move / this.#numActions)]! + 1;
      const done = batch.done[env]!;
      if (done === 0) this.#next.push(this.#add(env, { depth, cameFrom: move }));
      // A state that only the end of time leads to is one that nobody can act in.
      else this.#next.push(done === 1 ? ended : (this.#numbers.get(batch.codeOf(env)) ?? ended));
      if (done === 2) this.timeRanOutAfter ??= depth;
    }
  }

  #makeRoom(length: number): void {
    if (this.#features.length >= length) return;
    const grown = new Float32Array(Math.max(length, 2 * this.#features.length));
    grown.set(this.#features);
    this.#features = grown;
  }

  result<Level>(level: Level): Omit<EnumeratedStates<Level>, "horizon"> {
    const numStates = this.explored;
    const isComplete = numStates === this.states.length;
    if (numStates === 0) {
      throw new MesascopeError("usage", "a limit of no states given; expected at least one. Raise it.");
    }
    for (const [code, state] of isComplete ? [] : [...this.#numbers]) if (state >= numStates) this.#numbers.delete(code);
    return {
      level,
      numStates,
      numActions: this.#numActions,
      numFeatures: this.#numFeatures,
      next: Int32Array.from(this.#next, (to) => (to >= numStates ? beyond : to)),
      features: this.#features.slice(0, this.#next.length * this.#numFeatures),
      depth: Int32Array.from(this.#depth.slice(0, numStates)),
      cameFrom: Int32Array.from(this.#cameFrom.slice(0, numStates)),
      states: this.states.slice(0, numStates),
      numbers: this.#numbers,
      isComplete,
    };
  }
}

/** The states from which an episode can go on for ever, and for the others how many steps it lasts at most, `[states]` each. */
function lastingStates({ numStates, numActions, next }: Pick<EnumeratedLevel, "numStates" | "numActions" | "next">): {
  readonly lasting: Uint8Array;
  readonly longest: Float64Array;
} {
  const lasting = new Uint8Array(numStates).fill(1);
  const longest = new Float64Array(numStates);
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (let state = numStates - 1; state >= 0; state--) {
      if (lasting[state] === 0) continue;
      const targets = next.subarray(state * numActions, (state + 1) * numActions);
      if (targets.some((to) => to >= 0 && lasting[to] === 1)) continue;
      lasting[state] = 0;
      longest[state] = targets.reduce((most, to) => Math.max(most, to < 0 ? 1 : 1 + longest[to]!), 0);
      isSettled = false;
    }
  }
  return { lasting, longest };
}
