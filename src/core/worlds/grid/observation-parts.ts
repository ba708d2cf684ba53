// What observations of grid worlds are put together from: a window of planes around the agent, the sides of the board, and its context.

import type { ContextCue } from "../world.ts";
import { type GridBatch, stride } from "./grid-batch.ts";
import { mostColumns, mostRows, type ThingKind } from "./grid-world.ts";

const sides = ["left", "right", "top", "bottom"] as const;
const timeBuckets = 16;
/** Differences of two positions, and where difference 0 lies in a table of them. */
const center = Math.max(mostColumns, mostRows) * stride + stride;

/** What encoders need to know of a variant. */
export interface ObservationFrame {
  readonly kinds: readonly ThingKind[];
  readonly cues: readonly ContextCue[];
  /** Registers and their highest values. */
  readonly registers: Readonly<Record<string, number>>;
  readonly showsTime: boolean;
  /** Steps of an episode of the variant: the time left is shown in sixteenths of it. */
  readonly horizon: number;
  readonly walls: number;
  /** Cells to each side that are shown: enough that all of the largest board is, from anywhere on it. */
  readonly radius: number;
}

/** A run of inputs: how many, what each means, and how many of them are 1 at a time at most. */
export interface Part {
  readonly size: number;
  readonly maxActive: number;
  describe(index: number): string;
  /** Writes the places of the ones, `first` added to each, into `out` from `n` on; returns the next free place. Called per observation, hence the plain arguments. */
  write(batch: GridBatch, env: number, out: Int32Array, n: number, first: number): number;
}

/** Cues, registers and the time left, each one-hot. */
export function contextPart(frame: ObservationFrame): Part {
  const { cues, registers, showsTime, horizon } = frame;
  const names: string[] = [];
  for (const { name, values } of cues) names.push(...values.map((value) => `${name} ${value}`));
  const registerList = Object.entries(registers);
  for (const [name, highest] of registerList) for (let value = 0; value <= highest; value++) names.push(`${name} ${value}`);
  const timeStart = names.length;
  const bucket = Math.max(1, Math.ceil(horizon / timeBuckets));
  if (showsTime) {
    for (let b = 0; b < timeBuckets; b++) {
      const low = b * bucket + 1;
      names.push(b === timeBuckets - 1 ? `${low} or more steps left` : `${low} to ${low + bucket - 1} steps left`);
    }
  }
  const sizes = registerList.map(([, highest]) => highest + 1);
  const numCues = cues.length;
  const cueStarts = Int32Array.from(cues, (_, c) => cues.slice(0, c).reduce((sum, { values }) => sum + values.length, 0));
  const cueInputs = cues.reduce((sum, { values }) => sum + values.length, 0);
  return {
    size: names.length,
    maxActive: cues.length + registerList.length + (showsTime ? 1 : 0),
    describe: (index) => names[index]!,
    write(batch, env, out, n, first) {
      for (let c = 0; c < numCues; c++) out[n++] = first + cueStarts[c]! + batch.cueValues[env * numCues + c]!;
      let start = first + cueInputs;
      for (let r = 0; r < sizes.length; r++) {
        out[n++] = start + batch.registers[env * sizes.length + r]!;
        start += sizes[r]!;
      }
      if (showsTime) {
        const left = batch.horizons[env]! - batch.elapsed[env]!;
        const place = left > 0 ? ((left - 1) / bucket) | 0 : 0;
        out[n++] = first + timeStart + (place < timeBuckets ? place : timeBuckets - 1);
      }
      return n;
    },
  };
}

/** The square around the agent that is shown. */
export interface Window {
  readonly radius: number;
  readonly width: number;
  /** Places in a plane. */
  readonly plane: number;
  /** Place in a plane by difference of positions (thing − agent), −1 outside. */
  readonly table: Int16Array;
}

/** The window of that many cells to each side of the agent. */
export function windowOf(radius: number): Window {
  const width = 2 * radius + 1;
  const table = new Int16Array(2 * center + 1).fill(-1);
  const reach = Math.min(radius, Math.max(mostColumns, mostRows));
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) table[center + dy * stride + dx] = (dy + radius) * width + dx + radius;
  }
  return { radius, width, plane: width * width, table };
}

/** One plane per kind and copy, and one for walls, each `[width, width]` around the agent. */
export function windowPart(frame: ObservationFrame, window: Window): Part {
  const { kinds, walls } = frame;
  const { radius, width, plane } = window;
  const copies = kinds.map((kind) => kind.planes ?? 1);
  const firstPlane = copies.map((_, k) => copies.slice(0, k).reduce((sum, count) => sum + count, 0));
  const wallPlane = copies.reduce((sum, count) => sum + count, 0);
  const names = kinds.flatMap(({ name }, k) =>
    Array.from({ length: copies[k]! }, (_, copy) => (copies[k] === 1 ? name : `${name}, copy ${copy + 1}`)),
  );
  names.push("wall");
  const offsets = Int32Array.from(firstPlane, (index) => index * plane);
  const middle = radius * width + radius;
  const hasOneEach = copies.every((count) => count === 1);

  function writeThing(out: Int32Array, n: number, place: number, kind: number): number {
    if (hasOneEach) {
      out[n] = offsets[kind]! + place;
      return n + 1;
    }
    for (let copy = 0; copy < copies[kind]!; copy++) out[n++] = offsets[kind]! + copy * plane + place;
    return n;
  }

  return {
    size: (wallPlane + 1) * plane,
    maxActive: walls + kinds.reduce((sum, kind, k) => sum + kind.most * copies[k]!, 0),
    describe(index) {
      const place = index % plane;
      return `${names[Math.floor(index / plane)]} (${signed((place % width) - radius)}, ${signed(Math.floor(place / width) - radius)})`;
    },
    write(batch, env, out, n, first) {
      const agent = batch.agents[env]!;
      // The window shows all of the board from anywhere on it: every place is inside, and found without a table.
      const shift = middle - (agent >> 5) * width - (agent & (stride - 1));
      const start = n;
      for (let i = env * batch.maxWalls, last = i + batch.numWalls[env]!; i < last; i++) {
        const position = batch.walls[i]!;
        out[n++] = (position >> 5) * width + (position & (stride - 1)) + shift + wallPlane * plane;
      }
      for (let i = env * batch.maxFloors, last = i + batch.numFloors[env]!; i < last; i++) {
        const position = batch.floors[i]!;
        n = writeThing(out, n, (position >> 5) * width + (position & (stride - 1)) + shift, batch.floorKinds[i]!);
      }
      let left = batch.present[env]!;
      for (let i = env * batch.maxItems; left !== 0; i++, left >>>= 1) {
        if ((left & 1) === 0) continue;
        const position = batch.items[i]!;
        n = writeThing(out, n, (position >> 5) * width + (position & (stride - 1)) + shift, batch.itemKinds[i]!);
      }
      // Two movers of a kind on one cell are one input: the second is left out.
      const moversFrom = n;
      for (let i = env * batch.maxMovers, last = i + batch.numMovers[env]!; i < last; i++) {
        const position = batch.movers[i]!;
        if (position === 0) continue;
        const place = (position >> 5) * width + (position & (stride - 1)) + shift;
        const input = offsets[batch.moverKinds[i]!]! + place;
        let isNew = true;
        for (let j = moversFrom; j < n; j++) if (out[j] === input) isNew = false;
        if (isNew) n = writeThing(out, n, place, batch.moverKinds[i]!);
      }
      if (first > 0) for (let i = start; i < n; i++) out[i]! += first;
      return n;
    },
  };
}

/** Distance to each side of the board, one-hot, the last standing for "or more". */
export function edgesPart({ radius }: Window): Part {
  const reach = radius + 1;
  return {
    size: sides.length * reach,
    maxActive: sides.length,
    describe(index) {
      const distance = index % reach;
      return `${sides[Math.floor(index / reach)]} edge ${distance}${distance === radius ? " or more" : ""} away`;
    },
    write(batch, env, out, n, first) {
      const x = (batch.agents[env]! & (stride - 1)) - 1;
      const y = (batch.agents[env]! >> 5) - 1;
      const right = batch.columns[env]! - 1 - x;
      const bottom = batch.rows[env]! - 1 - y;
      out[n] = first + (x < radius ? x : radius);
      out[n + 1] = first + reach + (right < radius ? right : radius);
      out[n + 2] = first + 2 * reach + (y < radius ? y : radius);
      out[n + 3] = first + 3 * reach + (bottom < radius ? bottom : radius);
      return n + 4;
    },
  };
}

/** A plane of the cells just outside the board, next to one of its cells: the frame without its corners. */
export function framePart({ radius, width, plane, table }: Window): Part {
  return {
    size: plane,
    maxActive: 2 * (mostColumns + mostRows),
    describe: (index) => `outside (${signed((index % width) - radius)}, ${signed(Math.floor(index / width) - radius)})`,
    write(batch, env, out, n, first) {
      const offset = center - batch.agents[env]!;
      const columns = batch.columns[env]!;
      const rows = batch.rows[env]!;
      for (let x = 1; x <= columns; x++) {
        const top = table[x + offset]!;
        if (top >= 0) out[n++] = first + top;
        const bottom = table[(rows + 1) * stride + x + offset]!;
        if (bottom >= 0) out[n++] = first + bottom;
      }
      for (let y = 1; y <= rows; y++) {
        const left = table[y * stride + offset]!;
        if (left >= 0) out[n++] = first + left;
        const right = table[y * stride + columns + 1 + offset]!;
        if (right >= 0) out[n++] = first + right;
      }
      return n;
    },
  };
}

/** `part` in as many whole planes as it needs, the rest never 1. */
export function inPlanes(part: Part, plane: number): Part {
  const size = Math.ceil(part.size / plane) * plane;
  return {
    ...part,
    size,
    describe: (index) => (index < part.size ? part.describe(index) : `unused ${index - part.size + 1}`),
  };
}

/** `+2`, `−1`, `0`. */
export function signed(value: number): string {
  return value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0";
}
