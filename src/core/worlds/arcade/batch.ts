// The dynamics of the arcade over a batch of environments: walking, taking, the end of an episode, and the history that lag shows.

import { MesascopeError } from "../../base/errors.ts";
import type { CollectionBatch, CollectionState } from "../grid/collection.ts";
import {
  type ArcadeLevel,
  type ArcadeLimits,
  arcadeActions,
  arcadeFeatures,
  cueValues,
  itemCellsOf,
  maxRed,
  maxSize,
  maxWalls,
} from "./level.ts";

/**
 * Positions inside a batch: `(row + 1) · 32 + column + 1`. The border is wall, so no step tests for edges; and the difference of two
 * positions tells rows and columns apart, so the encoder needs one table look-up per thing seen.
 */
export const stride = 32;
/** Bytes per board: 15 rows of 32, rounded up to a power of two. */
const boardShift = 9;
const boardMask = (1 << boardShift) - 1;
/** States kept per environment: the current one and three before it. */
const historyShift = 2;
const historyMask = 3;

const WALL = 1;
const RED = 2;
export const COIN = 4;
export const CAPSULE = 8;
const ITEM_SHIFT = 4;
const moves = Int32Array.of(-stride, stride, -1, 1, 0);
const STAY = 4;
/** In `lastActions`: no step was taken yet. */
const NO_ACTION = arcadeActions.length;

/** Where position `position` of a batch lies: column and row, from 0. */
export function columnOf(position: number): number {
  return (position & (stride - 1)) - 1;
}
export function rowOf(position: number): number {
  return (position >> 5) - 1;
}

interface BatchSnapshot {
  readonly levels: readonly (ArcadeLevel | null)[];
  readonly elapsed: readonly number[];
  readonly history: readonly number[];
  readonly done: readonly number[];
  readonly features: readonly number[];
  readonly lastActions: readonly number[];
}

/** See `Batch`. Fields that are not part of the contract are read by the encoder and by the display, and by nothing else. */
export class ArcadeBatch implements CollectionBatch<ArcadeLevel> {
  readonly numEnvs: number;
  readonly features: Float32Array;
  readonly done: Uint8Array;
  readonly elapsed: Int32Array;
  readonly maxItems: number;
  /** Positions of walls `[numEnvs, maxWalls]`, red cells `[numEnvs, maxRed]` and items `[numEnvs, maxItems]`, and how many there are. */
  readonly walls: Int32Array;
  readonly numWalls: Uint8Array;
  readonly red: Int32Array;
  readonly numRed: Uint8Array;
  readonly items: Int32Array;
  readonly numItems: Uint8Array;
  /** COIN, CAPSULE or both, per item. */
  readonly itemKinds: Uint8Array;
  readonly sizes: Uint8Array;
  readonly lags: Uint8Array;
  readonly horizons: Int32Array;
  /** Places in `cueValues`. */
  readonly lamps: Uint8Array;
  readonly palettes: Uint8Array;
  /** The action of the last step; one more than the last action where no step was taken. */
  readonly lastActions: Uint8Array;
  readonly levels: (ArcadeLevel | null)[];
  /** One byte per cell: WALL, RED, COIN, CAPSULE and, in the upper half, item number + 1. Constant in an episode. */
  readonly #board: Uint8Array;
  /** `position | mask << 9` of the last four states, state t in slot t mod 4. */
  readonly #history: Int32Array;
  readonly #limits: ArcadeLimits;

  constructor(numEnvs: number, limits: ArcadeLimits) {
    this.numEnvs = numEnvs;
    this.#limits = limits;
    this.maxItems = limits.coins + limits.capsules;
    this.features = new Float32Array(numEnvs * arcadeFeatures.length);
    this.done = new Uint8Array(numEnvs).fill(1);
    this.elapsed = new Int32Array(numEnvs);
    this.walls = new Int32Array(numEnvs * maxWalls);
    this.numWalls = new Uint8Array(numEnvs);
    this.red = new Int32Array(numEnvs * maxRed);
    this.numRed = new Uint8Array(numEnvs);
    this.items = new Int32Array(numEnvs * this.maxItems);
    this.numItems = new Uint8Array(numEnvs);
    this.itemKinds = new Uint8Array(numEnvs * this.maxItems);
    this.sizes = new Uint8Array(numEnvs);
    this.lags = new Uint8Array(numEnvs);
    this.horizons = new Int32Array(numEnvs);
    this.lamps = new Uint8Array(numEnvs);
    this.palettes = new Uint8Array(numEnvs);
    this.lastActions = new Uint8Array(numEnvs).fill(NO_ACTION);
    this.levels = new Array<ArcadeLevel | null>(numEnvs).fill(null);
    this.#board = new Uint8Array(numEnvs << boardShift).fill(WALL);
    this.#history = new Int32Array(numEnvs << historyShift);
  }

  level(env: number): ArcadeLevel {
    const level = this.levels[env];
    if (!level) throw new MesascopeError("usage", `environment ${env} of ${this.numEnvs} has no level yet; reset it first`);
    return level;
  }

  reset(env: number, level: ArcadeLevel): void {
    const { coins, capsules } = this.#limits;
    if (level.coins.length > coins || level.capsules.length > capsules || level.size > maxSize || level.walls.length > maxWalls) {
      throw new MesascopeError(
        "invalid-level",
        `a level of size ${level.size} with ${level.coins.length} coins, ${level.capsules.length} capsules and ${level.walls.length} walls given; ` +
          `this arcade takes up to ${maxSize}, ${coins}, ${capsules} and ${maxWalls}. Use the variant that the level was made for.`,
      );
    }
    this.#clearBoard(env, level.size);
    this.#drawBoard(env, level);
    this.levels[env] = level;
    this.lags[env] = level.lag;
    this.horizons[env] = level.horizon;
    this.lamps[env] = cueValues.indexOf(level.lamp);
    this.palettes[env] = cueValues.indexOf(level.palette);
    this.elapsed[env] = 0;
    this.lastActions[env] = NO_ACTION;
    this.done[env] = 0;
    this.features.fill(0, env * 3, env * 3 + 3);
    this.#history[env << historyShift] = positionOf(level.player, level.size) | (((1 << this.numItems[env]!) - 1) << boardShift);
  }

  /** Removes the things of the level before; a board of another size is redrawn. */
  #clearBoard(env: number, size: number): void {
    const board = this.#board;
    const base = env << boardShift;
    if (this.sizes[env] !== size) {
      board.fill(WALL, base, base + (1 << boardShift));
      for (let row = 1; row <= size; row++) board.fill(0, base + row * stride + 1, base + row * stride + 1 + size);
      this.sizes[env] = size;
      return;
    }
    for (let i = 0; i < this.numWalls[env]!; i++) board[base + this.walls[env * maxWalls + i]!] = 0;
    for (let i = 0; i < this.numRed[env]!; i++) board[base + this.red[env * maxRed + i]!] = 0;
    for (let i = 0; i < this.numItems[env]!; i++) board[base + this.items[env * this.maxItems + i]!] = 0;
  }

  #drawBoard(env: number, level: ArcadeLevel): void {
    const board = this.#board;
    const { size } = level;
    const base = env << boardShift;
    for (let i = 0; i < level.walls.length; i++) {
      const position = positionOf(level.walls[i]!, size);
      this.walls[env * maxWalls + i] = position;
      board[base + position] = WALL;
    }
    for (let i = 0; i < level.red.length; i++) {
      const position = positionOf(level.red[i]!, size);
      this.red[env * maxRed + i] = position;
      board[base + position] = RED;
    }
    for (const cell of level.coins) board[base + positionOf(cell, size)]! |= COIN;
    for (const cell of level.capsules) board[base + positionOf(cell, size)]! |= CAPSULE;
    const cells = itemCellsOf(level);
    for (let i = 0; i < cells.length; i++) {
      const position = positionOf(cells[i]!, size);
      this.items[env * this.maxItems + i] = position;
      this.itemKinds[env * this.maxItems + i] = board[base + position]! & (COIN | CAPSULE);
      board[base + position]! |= (i + 1) << ITEM_SHIFT;
    }
    this.numWalls[env] = level.walls.length;
    this.numRed[env] = level.red.length;
    this.numItems[env] = cells.length;
  }

  step(actions: Int32Array): void {
    const { numEnvs, features, done, elapsed, horizons, lastActions } = this;
    const board = this.#board;
    const history = this.#history;
    if (actions.length !== numEnvs) {
      throw new MesascopeError("shape-mismatch", `${actions.length} actions given; expected ${numEnvs}, one per environment`);
    }
    for (let env = 0; env < numEnvs; env++) {
      const action = actions[env]!;
      if (done[env] !== 0 || action >>> 0 > 4) this.#refuse(env, action);
      const time = elapsed[env]!;
      const before = history[(env << historyShift) | (time & historyMask)]!;
      let mask = before >> boardShift;
      let position = (before & boardMask) + moves[action]!;
      let here = board[(env << boardShift) + position]!;
      if ((here & WALL) !== 0) {
        position = before & boardMask;
        here = board[(env << boardShift) + position]!;
      }
      // Bit `item` of `mask << 1` is the item's own bit; item 0 (none) reads the zero that was shifted in.
      const taken = ((mask << 1) >> (here >> ITEM_SHIFT)) & 1;
      mask &= ~((taken << (here >> ITEM_SHIFT)) >> 1);
      const row = env * 3;
      features[row] = taken & (here >> 2);
      features[row + 1] = taken & (here >> 3);
      features[row + 2] = (here >> 1) & 1;
      elapsed[env] = time + 1;
      lastActions[env] = action;
      history[(env << historyShift) | ((time + 1) & historyMask)] = position | (mask << boardShift);
      done[env] = mask === 0 ? 1 : time + 1 >= horizons[env]! ? 2 : 0;
    }
  }

  #refuse(env: number, action: number): never {
    if (this.done[env] === 0)
      throw new MesascopeError("usage", `action ${action} given for environment ${env}; expected an integer from 0 to 4`);
    throw new MesascopeError("usage", `environment ${env} is done (or was never reset); reset it before the next step`);
  }

  /** `position | mask << 9` of the state `age` steps ago; of the first state when the episode is younger. */
  stateAgo(env: number, age: number): number {
    const time = this.elapsed[env]! - age;
    return this.#history[(env << historyShift) | (time > 0 ? time & historyMask : 0)]!;
  }

  cellOf(env: number): number {
    const position = this.stateAgo(env, 0) & boardMask;
    return rowOf(position) * this.sizes[env]! + columnOf(position);
  }

  maskOf(env: number): number {
    return this.stateAgo(env, 0) >> boardShift;
  }

  stateOf(env: number): CollectionState {
    return { cell: this.cellOf(env), mask: this.maskOf(env), elapsed: this.elapsed[env]! };
  }

  codeOf(env: number): number {
    return this.stateAgo(env, 0);
  }

  place(env: number, state: CollectionState): void {
    const { cell, mask, elapsed } = state;
    const { size, horizon } = this.level(env);
    const position = positionOf(cell, size);
    const here = cell >= 0 && cell < size * size ? this.#board[(env << boardShift) + position]! : WALL;
    const onItem = (((mask << 1) >> (here >> ITEM_SHIFT)) & 1) !== 0;
    if ((here & WALL) !== 0 || onItem || mask <= 0 || mask >> this.numItems[env]! !== 0 || elapsed < 0 || elapsed >= horizon) {
      throw new MesascopeError(
        "usage",
        `cell ${cell}, mask ${mask}, elapsed ${elapsed} given; expected an open cell of ${size} × ${size} without an item of the mask, ` +
          `a mask from 1 to ${(1 << this.numItems[env]!) - 1}, and 0 to ${horizon - 1} steps`,
      );
    }
    this.#history.fill(position | (mask << boardShift), env << historyShift, (env + 1) << historyShift);
    this.elapsed[env] = elapsed;
    this.lastActions[env] = STAY;
    this.done[env] = 0;
    this.features.fill(0, env * 3, env * 3 + 3);
  }

  snapshot(): BatchSnapshot {
    return {
      levels: [...this.levels],
      elapsed: [...this.elapsed],
      history: [...this.#history],
      done: [...this.done],
      features: [...this.features],
      lastActions: [...this.lastActions],
    };
  }

  /** Throws `invalid-checkpoint` for anything that `snapshot` of a batch of this size did not give. */
  restore(snapshot: unknown): void {
    if (!isSnapshot(snapshot, this.numEnvs)) {
      throw new MesascopeError("invalid-checkpoint", `expected the snapshot of an arcade batch of ${this.numEnvs} environments`);
    }
    snapshot.levels.forEach((level, env) => {
      if (level) this.reset(env, level);
      else this.levels[env] = null;
    });
    this.elapsed.set(snapshot.elapsed);
    this.#history.set(snapshot.history);
    this.done.set(snapshot.done);
    this.features.set(snapshot.features);
    this.lastActions.set(snapshot.lastActions);
  }
}

function positionOf(cell: number, size: number): number {
  const row = (cell / size) | 0;
  return (row + 1) * stride + (cell - row * size) + 1;
}

function isSnapshot(value: unknown, numEnvs: number): value is BatchSnapshot {
  if (typeof value !== "object" || value === null) return false;
  const perEnv = { levels: numEnvs, elapsed: numEnvs, done: numEnvs, lastActions: numEnvs };
  const lengths = { ...perEnv, history: numEnvs << historyShift, features: numEnvs * 3 };
  return Object.entries(lengths).every(([name, length]) => {
    const list: unknown = Reflect.get(value, name);
    return Array.isArray(list) && list.length === length;
  });
}
