// Grid worlds in motion: a batch of environments, stepped in one loop under the rules of its world. Its state is in grid-boards.ts.

import { MesascopeError } from "../../base/errors.ts";
import type { Batch } from "../world.ts";
import { boardCells, boardShift, floorBits, GridBoards, moves, positionIn } from "./grid-boards.ts";
import type { GridLevel } from "./grid-level.ts";

export { countBits, stride } from "./grid-boards.ts";

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

/** See `Batch`. */
export class GridBatch extends GridBoards implements Batch<GridLevel> {
  level(env: number): GridLevel {
    const level = this.levels[env];
    if (!level) throw new MesascopeError("usage", `environment ${env} of ${this.numEnvs} has no level yet; reset it first.`);
    return level;
  }

  reset(env: number, level: GridLevel): void {
    if (this.levels[env] !== level) this.drawLevel(env, level);
    this.levels[env] = level;
    this.horizons[env] = level.horizon;
    this.elapsed[env] = 0;
    this.done[env] = 0;
    this.present[env] = (1 << this.numItems[env]!) - 1;
    this.agents[env] = positionIn(level.player, level.columns);
    this.before[env] = this.agents[env]!;
    this.resetMovers(env, level);
    this.registers.fill(0, env * this.numRegisters, (env + 1) * this.numRegisters);
    this.#clearFeatures(env);
    this.options.rules.begin?.(this, env);
  }

  step(actions: Int32Array): void {
    const { numEnvs, features, done, elapsed, horizons, agents, before, present } = this;
    const { rules, numActions } = this.options;
    const board = this.board;
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
      registers.every((value, r) => Number.isInteger(value) && value >= 0 && value <= this.registerRanges[r]!) &&
      elapsed >= 0 &&
      elapsed < horizon;
    if (isPossible) return;
    throw new MesascopeError(
      "usage",
      `the state ${JSON.stringify(state)} given; expected an open cell of ${columns} × ${rows}, at most ${this.numItems[env]} items, ${this.numMovers[env]} movers, registers up to ${this.registerRanges.join(", ") || "none"}, and 0 to ${horizon - 1} steps. Give one that stateOf gave for this level.`,
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
    for (let r = 0; r < this.numRegisters; r++) add(this.registers[env * this.numRegisters + r]!, this.registerRanges[r]! + 1);
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
        `something else given; expected the snapshot of a batch of ${this.numEnvs} environments of ${this.options.world}. Restore into a batch of the size that the snapshot was taken of.`,
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
    const { numFeatures } = this;
    this.features.fill(0, env * numFeatures, (env + 1) * numFeatures);
  }

  #refuse(env: number, action: number): never {
    if (this.done[env] === 0) {
      throw new MesascopeError(
        "usage",
        `action ${action} given for environment ${env}; expected an integer from 0 to ${this.options.numActions - 1}. Give the place of an action in the list of actions of ${this.options.world}.`,
      );
    }
    throw new MesascopeError("usage", `environment ${env} is done (or was never reset); reset it before the next step.`);
  }
}

function isSnapshot(value: unknown, numEnvs: number, numFeatures: number): value is BatchSnapshot {
  if (typeof value !== "object" || value === null) return false;
  const lengths = { levels: numEnvs, states: numEnvs, done: numEnvs, features: numFeatures };
  return Object.entries(lengths).every(([name, length]) => {
    const list: unknown = Reflect.get(value, name);
    return Array.isArray(list) && list.length === length;
  });
}
