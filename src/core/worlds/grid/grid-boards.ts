// The state of a batch of grid levels as arrays, and what rules do with it: look what is where, give features, take items.

import { MesascopeError } from "../../base/errors.ts";
import type { ContextCue } from "../world.ts";
import type { GridLevel } from "./grid-level.ts";
import type { GridRules, ThingKind } from "./grid-world.ts";

/**
 * Positions inside a batch: `(row + 1) · 32 + column + 1`. The border is wall, so no step tests for edges; and the difference of two
 * positions tells rows and columns apart, so encoders need one table look-up per thing seen.
 */
export const stride = 32;
/** Cells per board: 16 rows of 32. */
export const boardShift = 9;
export const boardCells = 1 << boardShift;

/** Bits of a board's cell: items 0 to 25, floors 26 to 30, and the sign. */
const WALL = 1 << 31;
const firstFloorBit = 26;
export const floorBits = 0x7c000000;
export const moves = Int32Array.of(-stride, stride, -1, 1, 0);

export interface GridBoardsOptions {
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

/** Boards with their things and agents, one per environment. Rules, encoders and displays read the arrays; rules alone write them. */
export class GridBoards {
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

  protected readonly options: GridBoardsOptions;
  /** Beside the options, as rules ask for them in every step. */
  protected readonly numFeatures: number;
  protected readonly numKinds: number;
  /** What is where, `[numEnvs, 512]`: bits of items and floors, and the sign for a wall. */
  protected readonly board: Int32Array;
  /** The highest value of each register. */
  protected readonly registerRanges: readonly number[];

  constructor(options: GridBoardsOptions) {
    const { numEnvs, numFeatures, kinds, cues = [], mostWalls, rules } = options;
    const most = (nature: ThingKind["nature"]): number =>
      kinds.filter((kind) => kind.nature === nature).reduce((sum, kind) => sum + kind.most, 0);
    this.options = options;
    this.numFeatures = numFeatures;
    this.numKinds = kinds.length;
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
    this.registerRanges = Object.values(rules.registers ?? {});
    this.numRegisters = this.registerRanges.length;
    this.registers = new Int32Array(numEnvs * this.numRegisters);
    this.cueValues = new Uint8Array(numEnvs * cues.length);
    this.columns = new Uint8Array(numEnvs);
    this.rows = new Uint8Array(numEnvs);
    this.levels = new Array<GridLevel | null>(numEnvs).fill(null);
    this.kindBits = new Int32Array(numEnvs * kinds.length);
    this.board = new Int32Array(numEnvs << boardShift).fill(WALL);
    const floors = kinds.filter((kind) => kind.nature === "floor");
    this.floorBit = Object.fromEntries(floors.map(({ name }, i) => [name, 1 << (firstFloorBit + i)]));
  }

  /** Whether a wall is at `position`. */
  isWall(env: number, position: number): boolean {
    return this.board[(env << boardShift) + position]! < 0;
  }

  /** Bits of the items that are there and of the floors at `position`. */
  at(env: number, position: number): number {
    return this.board[(env << boardShift) + position]! & (this.present[env]! | floorBits);
  }

  /** Where a step up, down, left, right (0 to 3) or none (4) leads from `position`. */
  stepFrom(env: number, position: number, action: number): number {
    const to = position + moves[action]!;
    return this.board[(env << boardShift) + to]! < 0 ? position : to;
  }

  /** Sets a feature of the running step. */
  give(env: number, feature: number, value: number): void {
    this.features[env * this.numFeatures + feature] = value;
  }

  /** Removes the items of these bits. */
  take(env: number, bits: number): void {
    this.present[env]! &= ~bits;
  }

  /** Bits of the items of the kind that is the `kind`-th of the world. */
  bitsOf(env: number, kind: number): number {
    return this.kindBits[env * this.numKinds + kind]!;
  }

  /** The cell of a position, as levels count cells; −1 for position 0. */
  cellOf(env: number, position: number): number {
    return position === 0 ? -1 : ((position >> 5) - 1) * this.columns[env]! + (position & (stride - 1)) - 1;
  }

  /** The position of a cell of the level in environment `env`. */
  positionOf(env: number, cell: number): number {
    return positionIn(cell, this.columns[env]!);
  }

  /** Draws a level's walls, floors and items; movers are drawn at every reset. */
  protected drawLevel(env: number, level: GridLevel): void {
    const { kinds, cues = [], mostWalls } = this.options;
    const board = this.board;
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

  /** Puts movers where the level has them. */
  protected resetMovers(env: number, level: GridLevel): void {
    if (this.maxMovers === 0) return;
    const { kinds } = this.options;
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

  #refuseLevel(given: string, most: number): never {
    throw new MesascopeError(
      "invalid-level",
      `a level with ${given} given; this variant of ${this.options.world} takes up to ${most}. Use the variant that the level was made for.`,
    );
  }
}

/** How many bits are set: how many items `bits` stand for. */
export function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

/** The position of a cell on a board of that many columns. */
export function positionIn(cell: number, columns: number): number {
  const row = (cell / columns) | 0;
  return (row + 1) * stride + (cell - row * columns) + 1;
}
