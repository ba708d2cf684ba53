// Mazes on square boards: which cells are wall. All kinds are connected by construction and leave the first cell open.

import type { Prng } from "../../base/prng.ts";
import { neighborsOf, type Terrain } from "./paths.ts";

/**
 * - `open`: no walls.
 * - `block`: each cell is wall with probability ¼; what the first cell is then cut off from is filled.
 * - `edge`: rooms on every second cell and walls between them; passages of a random spanning tree (Kruskal's algorithm on shuffled
 *   passages, which is not uniform over trees), and each of the others with probability ¼.
 * - `tree`: the same rooms, and a spanning tree drawn uniformly from all (Wilson's algorithm): one way between any two cells.
 *
 * On boards of even size the last row and column of `edge` and `tree` are wall.
 */
export const mazeKinds = ["open", "block", "edge", "tree"] as const;
export type MazeKind = (typeof mazeKinds)[number];

const blockShare = 0.25;
const loopShare = 0.25;

/** Most walls that a maze of any kind has on a board of that size: a tree's. */
export function mostMazeWalls(size: number): number {
  return size * size - (2 * roomsAlong(size) ** 2 - 1);
}

function roomsAlong(size: number): number {
  return (size + 1) >> 1;
}

/** Draws mazes of one size into buffers that it reuses; the last one is `blocked`. */
export class MazeDrawer implements Terrain {
  readonly size: number;
  /** 1 for walls of the maze drawn last, `[size · size]`. */
  readonly blocked: Uint8Array;
  /** Passages between rooms next to each other: the two rooms, `[passages, 2]`. */
  readonly #passages: Int32Array;
  readonly #order: Int32Array;
  readonly #roomNeighbors: readonly (readonly number[])[];
  readonly #next: Int32Array;
  readonly #inTree: Uint8Array;
  readonly #queue: Int32Array;

  constructor(size: number) {
    const along = roomsAlong(size);
    const rooms = along * along;
    this.size = size;
    this.blocked = new Uint8Array(size * size);
    this.#roomNeighbors = Array.from({ length: rooms }, (_, room) =>
      [...neighborsOf(along).subarray(room * 4, room * 4 + 4)].filter((neighbor) => neighbor !== room),
    );
    this.#passages = Int32Array.from(
      this.#roomNeighbors.flatMap((neighbors, room) =>
        neighbors.filter((other) => other > room).flatMap((other) => [room, other]),
      ),
    );
    this.#order = Int32Array.from({ length: this.#passages.length / 2 }, (_, i) => i);
    this.#next = new Int32Array(rooms);
    this.#inTree = new Uint8Array(rooms);
    this.#queue = new Int32Array(size * size);
  }

  /** Draws a maze and returns its walls, ascending. */
  draw(kind: MazeKind, prng: Prng): number[] {
    if (kind === "open") this.blocked.fill(0);
    else if (kind === "block") this.#drawBlocks(prng);
    else {
      this.#closeAllPassages();
      if (kind === "tree") this.#openUniformTree(prng);
      else this.#openPassages(prng);
    }
    const walls: number[] = [];
    for (let cell = 0; cell < this.blocked.length; cell++) if (this.blocked[cell] === 1) walls.push(cell);
    return walls;
  }

  /** Drawn again where more would be wall than in any tree: the first cell was cut off from too much. */
  #drawBlocks(prng: Prng): void {
    const { blocked, size } = this;
    const fewest = size * size - mostMazeWalls(size);
    const neighbors = neighborsOf(size);
    const queue = this.#queue;
    let reached: number;
    do {
      // 1 wall, 2 open and not reached yet, 0 reached.
      for (let cell = 0; cell < blocked.length; cell++) blocked[cell] = prng.uniform() < blockShare ? 1 : 2;
      blocked[0] = 0;
      queue[0] = 0;
      reached = 1;
      for (let head = 0; head < reached; head++) {
        for (let k = queue[head]! * 4, last = k + 4; k < last; k++) {
          const cell = neighbors[k]!;
          if (blocked[cell] !== 2) continue;
          blocked[cell] = 0;
          queue[reached++] = cell;
        }
      }
    } while (reached < fewest);
    for (let cell = 0; cell < blocked.length; cell++) if (blocked[cell] === 2) blocked[cell] = 1;
  }

  #closeAllPassages(): void {
    this.blocked.fill(1);
    for (let room = 0; room < this.#next.length; room++) this.blocked[this.#cellOf(room)] = 0;
  }

  #cellOf(room: number): number {
    const along = roomsAlong(this.size);
    const row = (room / along) | 0;
    return 2 * row * this.size + 2 * (room - row * along);
  }

  /** Rooms lie two cells apart, so the cell between them is their mean. */
  #open(room: number, other: number): void {
    this.blocked[(this.#cellOf(room) + this.#cellOf(other)) / 2] = 0;
  }

  /**
   * Wilson 1996, "Generating random spanning trees more quickly than the cover time": from each room not yet in the tree a random walk
   * until it meets the tree; its path with the loops erased, which is what the last step out of each room leaves, joins the tree.
   */
  #openUniformTree(prng: Prng): void {
    const next = this.#next;
    const inTree = this.#inTree.fill(0);
    inTree[0] = 1;
    for (let start = 1; start < next.length; start++) {
      let room = start;
      while (inTree[room] === 0) {
        const neighbors = this.#roomNeighbors[room]!;
        next[room] = neighbors[prng.integer(neighbors.length)]!;
        room = next[room]!;
      }
      for (room = start; inTree[room] === 0; room = next[room]!) {
        inTree[room] = 1;
        this.#open(room, next[room]!);
      }
    }
  }

  /** Kruskal's algorithm on passages in random order; passages that it has no need of are opened with `loopShare`. */
  #openPassages(prng: Prng): void {
    const parent = this.#next;
    for (let room = 0; room < parent.length; room++) parent[room] = room;
    const rootOf = (room: number): number => {
      let root = room;
      while (parent[root] !== root) root = parent[root]!;
      for (let at = room; at !== root; ) {
        const above = parent[at]!;
        parent[at] = root;
        at = above;
      }
      return root;
    };
    prng.shuffle(this.#order);
    for (const passage of this.#order) {
      const [room, other] = [this.#passages[2 * passage]!, this.#passages[2 * passage + 1]!];
      const [root, otherRoot] = [rootOf(room), rootOf(other)];
      if (root !== otherRoot) parent[root] = otherRoot;
      else if (prng.uniform() >= loopShare) continue;
      this.#open(room, other);
    }
  }
}
