// Shortest paths on a square grid: flood fill and the shortest tour through a few cells. Buffers are reused between calls.

const UNREACHED = -1;
const neighborTables = new Map<number, Int32Array>();

/** Neighbors up, down, left, right of every cell, `[size · size, 4]`; a cell itself where the edge is. */
export function neighborsOf(size: number): Int32Array {
  const known = neighborTables.get(size);
  if (known) return known;
  const table = new Int32Array(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cell = y * size + x;
      table[cell * 4] = y > 0 ? cell - size : cell;
      table[cell * 4 + 1] = y < size - 1 ? cell + size : cell;
      table[cell * 4 + 2] = x > 0 ? cell - 1 : cell;
      table[cell * 4 + 3] = x < size - 1 ? cell + 1 : cell;
    }
  }
  neighborTables.set(size, table);
  return table;
}

/** A size and the cells that cannot be entered (non-zero in `blocked`, `[size · size]` or longer). */
export interface Terrain {
  readonly size: number;
  readonly blocked: Uint8Array;
}

/** Breadth-first search with its own buffers, for boards of up to `maxCells` cells. */
export class PathFinder {
  /** Steps from the start of the last `flood`, −1 where it did not come. */
  readonly distance: Int16Array;
  readonly #queue: Int16Array;
  readonly #between: Int16Array;
  readonly #maxStops: number;

  constructor(maxCells: number, maxStops: number) {
    this.distance = new Int16Array(maxCells);
    this.#queue = new Int16Array(maxCells);
    this.#between = new Int16Array((maxStops + 1) * maxStops);
    this.#maxStops = maxStops;
  }

  /** Fills `distance` from cell `from` and returns how many cells were reached, `from` included. `from` itself may be blocked. */
  flood(terrain: Terrain, from: number): number {
    const { distance } = this;
    const queue = this.#queue;
    const neighbors = neighborsOf(terrain.size);
    distance.fill(UNREACHED, 0, terrain.size * terrain.size);
    distance[from] = 0;
    queue[0] = from;
    let tail = 1;
    for (let head = 0; head < tail; head++) {
      const cell = queue[head]!;
      const next = distance[cell]! + 1;
      for (let k = cell * 4; k < cell * 4 + 4; k++) {
        const neighbor = neighbors[k]!;
        if (distance[neighbor] !== UNREACHED || terrain.blocked[neighbor] !== 0) continue;
        distance[neighbor] = next;
        queue[tail++] = neighbor;
      }
    }
    return tail;
  }

  /** Steps of the shortest walk from `from` through all `stops` in any order, Infinity where there is none. All orders are tried. */
  shortestTour(terrain: Terrain, from: number, stops: readonly number[]): number {
    const count = stops.length;
    if (count > this.#maxStops)
      throw new RangeError(`${count} stops given; this path finder was made for up to ${this.#maxStops}`);
    // Row 0: from the start; row i + 1: from stop i. The way back is as long as the way there, so the last stop needs no search.
    for (let row = 0; row <= count; row++) {
      if (row === count && count > 0) {
        for (let k = 0; k < count - 1; k++) this.#between[row * count + k] = this.#between[(k + 1) * count + count - 1]!;
        break;
      }
      this.flood(terrain, row === 0 ? from : stops[row - 1]!);
      for (let k = 0; k < count; k++) this.#between[row * count + k] = this.distance[stops[k]!]!;
    }
    return this.#shortestOrder(0, (1 << count) - 1, count);
  }

  #shortestOrder(row: number, left: number, count: number): number {
    if (left === 0) return 0;
    let best = Number.POSITIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const steps = this.#between[row * count + k]!;
      if ((left & (1 << k)) === 0 || steps === UNREACHED) continue;
      best = Math.min(best, steps + this.#shortestOrder(k + 1, left ^ (1 << k), count));
    }
    return best;
  }
}
