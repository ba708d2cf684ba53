// Grid worlds in motion: a batch of environments, state as struct-of-arrays, stepped in one loop under the rules of its world.

import { MesascopeError } from "../../base/errors.ts";
import type { Batch, ContextCue } from "../world.ts";
import type { GridLevel } from "./grid-level.ts";
import type { GridRules, ThingKind } from "./grid-world.ts";

/**
 * Positions inside a batch: `(row + 1) · 32 + column + 1`. The border is wall, so no step tests for edges; and the difference of two
 * positions tells rows and columns apart, so encoders need one table look-up per thing seen.
 */
export const stride = 32;
/** Cells per board: 16 rows of 32. */
const boardShift = 9;
const boardCells = 1 << boardShift;

/** Bits of a board's cell: items 0 to 25, floors 26 to 30, and the sign. */
const WALL = 1 << 31;
const firstFloorBit = 26;
const floorBits = 0x7c000000;
const moves = Int32Array.of(-stride, stride, -1, 1, 0);

/** A state of a grid world. */
export interface GridState {
  readonly cell: number;
  /** The items still there, bit i the i-th of the level's, kind by kind. */
  readonly present: number;
  /** Cells of the movers, −1 for those that are gone. */
  readonly movers: readonly number[];
  readonly registers: readonly number[];
  readonly elapsed: number;
}

interface BatchSnapshot {
  readonly levels: readonly (GridLevel | null)[];
  readonly states: readonly (GridState | null)[];
  readonly done: readonly number[];
  readonly features: readonly number[];
}

export interface GridBatchOptions {
  readonly world: string;
  readonly numEnvs: number;
  readonly numFeatures: number;
  readonly numActions: number;
  readonly kinds: readonly ThingKind[];
  /** Default none. */
  readonly cues?: readonly ContextCue[];
  readonly mostWalls: number;
  readonly rules: GridRules;
}

/** See `Batch`. Rules, encoders and displays read its arrays; rules alone write them. */
export class GridBatch implements Batch<GridLevel> {
  readonly numEnvs: number;
  readonly features: Float32Array;
  readonly done: Uint8Array;
  readonly elapsed: Int32Array;
  readonly horizons: Int32Array;
  /** Where the agent is, `[numEnvs]`, and where it was before the last step. */
  readonly agents: Int32Array;
  readonly before: Int32Array;
  /** Items still there, as bits, `[numEnvs]`. */
  readonly present: Int32Array;
  /** Positions of items `[numEnvs, maxItems]`, kind by kind, how many there are, and the place of their kind in `kinds`. */
  readonly items: Int32Array;
  readonly itemKinds: Uint8Array;
  readonly numItems: Uint8Array;
  readonly maxItems: number;
  /** Positions of floors `[numEnvs, maxFloors]` and the place of their kind in `kinds`. */
  readonly floors: Int32Array;
  readonly floorKinds: Uint8Array;
  readonly numFloors: Int32Array;
  readonly maxFloors: number;
  /** Positions of movers `[numEnvs, maxMovers]`, 0 for those that are gone. */
  readonly movers: Int32Array;
  readonly moverKinds: Uint8Array;
  readonly numMovers: Uint8Array;
  readonly maxMovers: number;
  readonly walls: Int32Array;
  readonly numWalls: Int32Array;
  readonly maxWalls: number;
  /** `[numEnvs, numRegisters]`, in the order in which the rules name them. */
  readonly registers: Int32Array;
  readonly numRegisters: number;
  /** Places of the values of the level's cues, `[numEnvs, cues]`. */
  readonly cueValues: Uint8Array;
  readonly columns: Uint8Array;
  readonly rows: Uint8Array;
  readonly levels: (GridLevel | null)[];
  /** Bits of a cell that stand for a kind of floor, by name. */
  readonly floorBit: Readonly<Record<string, number>>;
  /** Bits of the items of each kind in environment `env`: `kindBits[env · kinds + kind]`. */
  readonly kindBits: Int32Array;

  readonly #options: GridBatchOptions;
  readonly #board: Int32Array;
  readonly #registerRanges: readonly number[];

  constructor(options: GridBatchOptions) {
    const { numEnvs, numFeatures, kinds, cues = [], mostWalls, rules } = options;
    const most = (nature: ThingKind["nature"]): number =>
      kinds.filter((kind) => kind.nature === nature).reduce((sum, kind) => sum + kind.most, 0);
    this.#options = options;
    this.numEnvs = numEnvs;
    this.features = new Float32Array(numEnvs * numFeatures);
    this.done = new Uint8Array(numEnvs).fill(1);
    this.elapsed = new Int32Array(numEnvs);
    this.horizons = new Int32Array(numEnvs);
    this.agents = new Int32Array(numEnvs);
    this.before = new Int32Array(numEnvs);
    this.present = new Int32Array(numEnvs);
    this.maxItems = Math.min(most("item"), firstFloorBit);
    this.items = new Int32Array(numEnvs * this.maxItems);
    this.itemKinds = new Uint8Array(numEnvs * this.maxItems);
    this.numItems = new Uint8Array(numEnvs);
    this.maxFloors = most("floor");
    this.floors = new Int32Array(numEnvs * this.maxFloors);
    this.floorKinds = new Uint8Array(numEnvs * this.maxFloors);
    this.numFloors = new Int32Array(numEnvs);
    this.maxMovers = most("mover");
    this.movers = new Int32Array(numEnvs * this.maxMovers);
    this.moverKinds = new Uint8Array(numEnvs * this.maxMovers);
    this.numMovers = new Uint8Array(numEnvs);
    this.maxWalls = mostWalls;
    this.walls = new Int32Array(numEnvs * mostWalls);
    this.numWalls = new Int32Array(numEnvs);
    this.#registerRanges = Object.values(rules.registers ?? {});
    this.numRegisters = this.#registerRanges.length;
    this.registers = new Int32Array(numEnvs * this.numRegisters);
    this.cueValues = new Uint8Array(numEnvs * cues.length);
    this.columns = new Uint8Array(numEnvs);
    this.rows = new Uint8Array(numEnvs);
    this.levels = new Array<GridLevel | null>(numEnvs).fill(null);
    this.kindBits = new Int32Array(numEnvs * kinds.length);
    this.#board = new Int32Array(numEnvs << boardShift).fill(WALL);
    const floors = kinds.filter((kind) => kind.nature === "floor");
    this.floorBit = Object.fromEntries(floors.map(({ name }, i) => [name, 1 << (firstFloorBit + i)]));
  }

  // ── What rules use ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether a wall is at `position`. */
  isWall(env: number, position: number): boolean {
    return this.#board[(env << boardShift) + position]! < 0;
  }

  /** Bits of the items that are there and of the floors at `position`. */
  at(env: number, position: number): number {
    return this.#board[(env << boardShift) + position]! & (this.present[env]! | floorBits);
  }

  /** Where a step up, down, left, right (0 to 3) or none (4) leads from `position`. */
  stepFrom(env: number, position: number, action: number): number {
    const to = position + moves[action]!;
    return this.#board[(env << boardShift) + to]! < 0 ? position : to;
  }

  /** Sets a feature of the running step. */
  give(env: number, feature: number, value: number): void {
    this.features[env * this.#options.numFeatures + feature] = value;
  }

  /** Removes the items of these bits. */
  take(env: number, bits: number): void {
    this.present[env]! &= ~bits;
  }

  /** Bits of the items of the kind that is the `kind`-th of the world. */
  bitsOf(env: number, kind: number): number {
    return this.kindBits[env * this.#options.kinds.length + kind]!;
  }

  /** The cell of a position, as levels count cells; −1 for position 0. */
  cellOf(env: number, position: number): number {
    return position === 0 ? -1 : ((position >> 5) - 1) * this.columns[env]! + (position & (stride - 1)) - 1;
  }

  /** The position of a cell of the level in environment `env`. */
  positionOf(env: number, cell: number): number {
    return positionIn(cell, this.columns[env]!);
  }

  // ── The contract of a batch ────────────────────────────────────────────────────────────────────────────────────────────────

  level(env: number): GridLevel {
    const level = this.levels[env];
    if (!level) throw new MesascopeError("usage", `environment ${env} of ${this.numEnvs} has no level yet; reset it first.`);
    return level;
  }

  reset(env: number, level: GridLevel): void {
    if (this.levels[env] !== level) this.#draw(env, level);
    this.levels[env] = level;
    this.horizons[env] = level.horizon;
    this.elapsed[env] = 0;
    this.done[env] = 0;
    this.present[env] = (1 << this.numItems[env]!) - 1;
    this.agents[env] = positionIn(level.player, level.columns);
    this.before[env] = this.agents[env]!;
    this.#resetMovers(env, level);
    this.registers.fill(0, env * this.numRegisters, (env + 1) * this.numRegisters);
    this.#clearFeatures(env);
    this.#options.rules.begin?.(this, env);
  }

  /** Draws a level's walls, floors and items; movers are drawn at every reset. */
  #draw(env: number, level: GridLevel): void {
    const { kinds, cues = [], mostWalls } = this.#options;
    const board = this.#board;
    const base = env << boardShift;
    const { columns, rows } = level;
    // All outside the board is wall already where the last level had its size.
    if (columns !== this.columns[env] || rows !== this.rows[env]) board.fill(WALL, base, base + boardCells);
    for (let row = 1; row <= rows; row++) {
      for (let i = base + row * stride + 1, last = i + columns; i < last; i++) board[i] = 0;
    }
    this.columns[env] = columns;
    this.rows[env] = rows;
    for (let c = 0; c < cues.length; c++) {
      const { name, values } = cues[c]!;
      this.cueValues[env * cues.length + c] = values.indexOf(level.context[name]!);
    }
    if (level.walls.length > mostWalls) this.#refuseLevel(`${level.walls.length} walls`, mostWalls);
    for (let i = 0; i < level.walls.length; i++) {
      const position = positionIn(level.walls[i]!, columns);
      this.walls[env * this.maxWalls + i] = position;
      board[base + position] = WALL;
    }
    this.numWalls[env] = level.walls.length;
    let items = 0;
    let floors = 0;
    for (let k = 0; k < kinds.length; k++) {
      const { name, nature, most } = kinds[k]!;
      const cells = level.things[name]!;
      if (cells.length > most) this.#refuseLevel(`${cells.length} of ${name}`, most);
      if (nature === "mover") continue;
      const bit = nature === "floor" ? this.floorBit[name]! : 0;
      let bits = 0;
      for (let i = 0; i < cells.length; i++) {
        const position = positionIn(cells[i]!, columns);
        if (nature === "floor") {
          this.floors[env * this.maxFloors + floors] = position;
          this.floorKinds[env * this.maxFloors + floors++] = k;
          board[base + position]! |= bit;
        } else {
          this.items[env * this.maxItems + items] = position;
          this.itemKinds[env * this.maxItems + items] = k;
          board[base + position]! |= 1 << items;
          bits |= 1 << items++;
        }
      }
      this.kindBits[env * kinds.length + k] = bits;
    }
    this.numItems[env] = items;
    this.numFloors[env] = floors;
  }

  #resetMovers(env: number, level: GridLevel): void {
    if (this.maxMovers === 0) return;
    const { kinds } = this.#options;
    let movers = 0;
    for (let k = 0; k < kinds.length; k++) {
      if (kinds[k]!.nature !== "mover") continue;
      for (const cell of level.things[kinds[k]!.name]!) {
        this.movers[env * this.maxMovers + movers] = positionIn(cell, level.columns);
        this.moverKinds[env * this.maxMovers + movers++] = k;
      }
    }
    this.numMovers[env] = movers;
  }

  step(actions: Int32Array): void {
    const { numEnvs, features, done, elapsed, horizons, agents, before, present } = this;
    const { rules, numActions } = this.#options;
    const board = this.#board;
    if (actions.length !== numEnvs) {
      throw new MesascopeError(
        "shape-mismatch",
        `${actions.length} actions given; expected ${numEnvs}, one per environment. Reset environments that are done and act in all of them.`,
      );
    }
    features.fill(0);
    for (let env = 0; env < numEnvs; env++) {
      const action = actions[env]!;
      if (done[env] !== 0 || action >>> 0 >= numActions) this.#refuse(env, action);
      const from = agents[env]!;
      const base = env << boardShift;
      let to: number;
      if (rules.move === undefined) {
        to = from + moves[action]!;
        if (board[base + to]! < 0) to = from;
      } else to = rules.move(this, env, action);
      before[env] = from;
      agents[env] = to;
      const here = board[base + to]! & (present[env]! | floorBits);
      const time = elapsed[env]! + 1;
      elapsed[env] = time;
      const isOver = rules.arrive(this, env, here, action);
      done[env] = isOver ? 1 : time >= horizons[env]! ? 2 : 0;
    }
  }

  stateOf(env: number): GridState {
    const movers = [...this.movers.subarray(env * this.maxMovers, env * this.maxMovers + this.numMovers[env]!)];
    return {
      cell: this.cellOf(env, this.agents[env]!),
      present: this.present[env]!,
      movers: movers.map((position) => this.cellOf(env, position)),
      registers: [...this.registers.subarray(env * this.numRegisters, (env + 1) * this.numRegisters)],
      elapsed: this.elapsed[env]!,
    };
  }

  place(env: number, state: GridState): void {
    this.#requireState(env, state);
    const { columns } = this.level(env);
    this.agents[env] = positionIn(state.cell, columns);
    this.before[env] = this.agents[env]!;
    this.present[env] = state.present;
    state.movers.forEach((cell, i) => {
      this.movers[env * this.maxMovers + i] = cell < 0 ? 0 : positionIn(cell, columns);
    });
    this.registers.set(state.registers, env * this.numRegisters);
    this.elapsed[env] = state.elapsed;
    this.done[env] = 0;
    this.#clearFeatures(env);
  }

  #requireState(env: number, state: GridState): void {
    const { columns, rows, horizon } = this.level(env);
    const { cell, present, movers, registers, elapsed } = state;
    const cells = columns * rows;
    const isOnBoard = (place: number): boolean => Number.isInteger(place) && place >= 0 && place < cells;
    const isPossible =
      isOnBoard(cell) &&
      !this.isWall(env, positionIn(cell, columns)) &&
      present >= 0 &&
      present >> this.numItems[env]! === 0 &&
      movers.length === this.numMovers[env] &&
      movers.every((place) => place === -1 || isOnBoard(place)) &&
      registers.length === this.numRegisters &&
      registers.every((value, r) => Number.isInteger(value) && value >= 0 && value <= this.#registerRanges[r]!) &&
      elapsed >= 0 &&
      elapsed < horizon;
    if (isPossible) return;
    throw new MesascopeError(
      "usage",
      `the state ${JSON.stringify(state)} given; expected an open cell of ${columns} × ${rows}, at most ${this.numItems[env]} items, ${this.numMovers[env]} movers, registers up to ${this.#registerRanges.join(", ") || "none"}, and 0 to ${horizon - 1} steps. Give one that stateOf gave for this level.`,
    );
  }

  /** A number where it fits in one, else text. */
  codeOf(env: number): number | string {
    let code = this.present[env]!;
    let size = 2 ** this.numItems[env]!;
    const add = (value: number, range: number): void => {
      code += value * size;
      size *= range;
    };
    add(this.agents[env]!, boardCells);
    for (let i = env * this.maxMovers, last = i + this.numMovers[env]!; i < last; i++) add(this.movers[i]!, boardCells);
    for (let r = 0; r < this.numRegisters; r++) add(this.registers[env * this.numRegisters + r]!, this.#registerRanges[r]! + 1);
    if (size <= Number.MAX_SAFE_INTEGER) return code;
    const { elapsed: _, ...state } = this.stateOf(env);
    return JSON.stringify(state);
  }

  snapshot(): BatchSnapshot {
    return {
      levels: [...this.levels],
      states: this.levels.map((level, env) => (level === null ? null : this.stateOf(env))),
      done: [...this.done],
      features: [...this.features],
    };
  }

  /** Throws `invalid-checkpoint` for anything that `snapshot` of a batch of this size did not give. */
  restore(snapshot: unknown): void {
    if (!isSnapshot(snapshot, this.numEnvs, this.features.length)) {
      throw new MesascopeError(
        "invalid-checkpoint",
        `something else given; expected the snapshot of a batch of ${this.numEnvs} environments of ${this.#options.world}. Restore into a batch of the size that the snapshot was taken of.`,
      );
    }
    snapshot.levels.forEach((level, env) => {
      const state = snapshot.states[env];
      this.levels[env] = null;
      if (!level || !state) return;
      this.reset(env, level);
      // An episode that is over may stand at its horizon, where nothing can be placed.
      this.place(env, { ...state, elapsed: Math.min(state.elapsed, level.horizon - 1) });
      this.elapsed[env] = state.elapsed;
    });
    this.done.set(snapshot.done);
    this.features.set(snapshot.features);
  }

  #clearFeatures(env: number): void {
    const { numFeatures } = this.#options;
    this.features.fill(0, env * numFeatures, (env + 1) * numFeatures);
  }

  #refuse(env: number, action: number): never {
    if (this.done[env] === 0) {
      throw new MesascopeError(
        "usage",
        `action ${action} given for environment ${env}; expected an integer from 0 to ${this.#options.numActions - 1}. Give the place of an action in the list of actions of ${this.#options.world}.`,
      );
    }
    throw new MesascopeError("usage", `environment ${env} is done (or was never reset); reset it before the next step.`);
  }

  #refuseLevel(given: string, most: number): never {
    throw new MesascopeError(
      "invalid-level",
      `a level with ${given} given; this variant of ${this.#options.world} takes up to ${most}. Use the variant that the level was made for.`,
    );
  }
}

/** How many bits are set: how many items `bits` stand for. */
export function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

function positionIn(cell: number, columns: number): number {
  const row = (cell / columns) | 0;
  return (row + 1) * stride + (cell - row * columns) + 1;
}

function isSnapshot(value: unknown, numEnvs: number, numFeatures: number): value is BatchSnapshot {
  if (typeof value !== "object" || value === null) return false;
  const lengths = { levels: numEnvs, states: numEnvs, done: numEnvs, features: numFeatures };
  return Object.entries(lengths).every(([name, length]) => {
    const list: unknown = Reflect.get(value, name);
    return Array.isArray(list) && list.length === length;
  });
}
