// Worlds in which an agent walks over cells and collects items: what their solvers and read-outs need, whatever the world is called.

import { MesascopeError } from "../../base/errors.ts";
import type { Batch, World } from "../world.ts";

/**
 * A level as a graph. A state is (cell, mask): the bits of the mask are the items still there. Arriving at a cell takes its item; the
 * episode ends when the mask is empty or after `horizon` steps. Arrays may be shared: do not write to them.
 */
export interface CollectionProblem {
  readonly features: readonly string[];
  readonly numCells: number;
  readonly numActions: number;
  readonly numItems: number;
  /** Where action `a` leads from cell `c`: `next[c · numActions + a]`; walls lead to themselves. */
  readonly next: Int32Array;
  /** 1 for the cells an agent can stand on. */
  readonly open: Uint8Array;
  /** Item on a cell (0 … numItems − 1, ascending by cell), −1 for none. Things that lie together are one item. */
  readonly itemAt: Int32Array;
  /** Cell of each item. */
  readonly itemCells: Int32Array;
  /** Features given once, when an item is taken: `[numItems, features]`. */
  readonly itemFeatures: Float32Array;
  /** Features given on each step that ends on a cell: `[numCells, features]`. */
  readonly cellFeatures: Float32Array;
  readonly start: number;
  /** All items there: `2^numItems − 1`. */
  readonly fullMask: number;
  /** Steps in an episode. */
  readonly horizon: number;
}

/** A state of a collection world. */
export interface CollectionState {
  readonly cell: number;
  readonly mask: number;
  readonly elapsed: number;
}

/** A batch whose states can be read and set. */
export interface CollectionBatch<Level = unknown> extends Batch<Level> {
  /** The agent's cell, as the level counts cells. */
  cellOf(env: number): number;
  /** The items still there, as bits. */
  maskOf(env: number): number;
  stateOf(env: number): CollectionState;
  /**
   * Puts environment `env` in another state of its level, as if it had always been there (lagged observations show it too).
   * Throws `usage` when the cell is closed or holds an item of the mask, when the mask is empty or the time is up.
   */
  place(env: number, state: CollectionState): void;
}

/** A world whose levels are collection problems. */
export interface CollectionWorld<Level = unknown> extends World<Level> {
  withParameters(parameters: World["parameters"]): CollectionWorld<Level>;
  createBatch(numEnvs: number): CollectionBatch<Level>;
  collection(level: Level): CollectionProblem;
}

/** The same world, known to be a collection world. Throws `usage` when it is not one. */
export function asCollectionWorld(world: World): CollectionWorld {
  if (isCollectionWorld(world)) return world;
  throw new MesascopeError(
    "usage",
    `world "${world.name}" given; expected one whose levels are cells with items. Choose another world or another instrument.`,
  );
}

/** Whether levels of the world are collection problems. */
export function isCollectionWorld(world: World): world is CollectionWorld {
  return "collection" in world && typeof world.collection === "function";
}
