// The egocentric observation of the arcade: a window around the agent, distances to the edges, cues and time, all as zeros and ones.

import { MesascopeError } from "../../base/errors.ts";
import type { Encoder } from "../world.ts";
import { ArcadeBatch, CAPSULE, COIN, columnOf, rowOf, stride } from "./batch.ts";
import { type ArcadeLevel, type ArcadeLimits, cueValues, maxRed, maxSize, maxWalls } from "./level.ts";

const timeBuckets = 16;
const stepsPerBucket = 2;
const sides = ["left", "right", "top", "bottom"] as const;
/** Differences of two positions, and where difference 0 lies in the table. */
const tableCenter = maxSize * stride;
const positionMask = 511;
const positionBits = 9;

/** Where the parts of an observation begin. */
interface Layout {
  readonly width: number;
  readonly coin: number;
  readonly capsule: number;
  readonly wall: number;
  readonly red: number;
  readonly edges: number;
  readonly lamp: number;
  readonly palette: number;
  readonly time: number;
  readonly size: number;
}

/**
 * The observation of a state of the arcade, `lag` steps old where the level has a lag. Inputs, in order, with window radius r
 * (default 6: a 13 × 13 window, all of a 7 × 7 board from anywhere on it):
 *
 * | inputs | meaning |
 * |---|---|
 * | coin, capsule, wall: (2r + 1)² − 1 each | one there, relative to the agent; its own cell can hold none and is left out |
 * | red: (2r + 1)² | red there, own cell included |
 * | left, right, top, bottom: r + 1 each | distance to that edge, one-hot, r standing for "r or more" |
 * | lamp, palette: 4 each | cue value, one-hot |
 * | time: 16 | steps left, one-hot in buckets of two, the last for 31 and more |
 *
 * Never 1 in training and deployment: the cue values `absent` and `novel`. On boards larger than r + 1 the window and the edge
 * distances show only a part. `writeActive` order: edges, lamp, palette, time, walls, red, items by cell, padding.
 */
export function createEgocentricEncoder(options: {
  readonly radius: number;
  readonly limits: ArcadeLimits;
}): Encoder<ArcadeLevel> {
  const { radius, limits } = options;
  const layout = layOut(radius);
  const maxActive = sides.length + 3 + maxWalls + maxRed + limits.coins + limits.capsules;
  const { withCenter, withoutCenter } = windowTables(radius);

  function writeActive(batch: ArcadeBatch, out: Int32Array): void {
    const { numEnvs, walls, red, items, itemKinds, maxItems, numWalls, numRed, numItems, lags } = batch;
    for (let env = 0; env < numEnvs; env++) {
      const state = batch.stateAgo(env, lags[env]!);
      const offset = tableCenter - (state & positionMask);
      const end = (env + 1) * maxActive;
      let n = writeSelf(batch, env, out, state & positionMask);
      for (let i = env * maxWalls, last = i + numWalls[env]!; i < last; i++) {
        const k = withoutCenter[walls[i]! + offset]!;
        if (k >= 0) out[n++] = layout.wall + k;
      }
      for (let i = env * maxRed, last = i + numRed[env]!; i < last; i++) {
        const k = withCenter[red[i]! + offset]!;
        if (k >= 0) out[n++] = layout.red + k;
      }
      let left = state >> positionBits;
      for (let i = env * maxItems, last = i + numItems[env]!; i < last; i++, left >>= 1) {
        const k = withoutCenter[items[i]! + offset]!;
        if ((left & 1) === 0 || k < 0) continue;
        const kind = itemKinds[i]!;
        if ((kind & COIN) !== 0) out[n++] = layout.coin + k;
        if ((kind & CAPSULE) !== 0) out[n++] = layout.capsule + k;
      }
      while (n < end) out[n++] = layout.size;
    }
  }

  /** Edges, cues and time: always seven ones. Returns the next free place. Not an options object: called per observation. */
  function writeSelf(batch: ArcadeBatch, env: number, out: Int32Array, position: number): number {
    const first = env * maxActive;
    const x = columnOf(position);
    const y = rowOf(position);
    const last = batch.sizes[env]! - 1;
    const time = batch.elapsed[env]! - batch.lags[env]!;
    const left = batch.horizons[env]! - (time > 0 ? time : 0);
    const bucket = left > 0 ? (left - 1) >> 1 : 0;
    const reach = radius + 1;
    out[first] = layout.edges + (x < radius ? x : radius);
    out[first + 1] = layout.edges + reach + (last - x < radius ? last - x : radius);
    out[first + 2] = layout.edges + 2 * reach + (y < radius ? y : radius);
    out[first + 3] = layout.edges + 3 * reach + (last - y < radius ? last - y : radius);
    out[first + 4] = layout.lamp + batch.lamps[env]!;
    out[first + 5] = layout.palette + batch.palettes[env]!;
    out[first + 6] = layout.time + (bucket < timeBuckets ? bucket : timeBuckets - 1);
    return first + 7;
  }

  let active = new Int32Array(0);
  return {
    name: "egocentric",
    size: layout.size,
    maxActive,
    shape: [layout.size],
    describeInput: (index) => describe(layout, radius, index),
    writeActive(batch, out) {
      writeActive(arcadeBatch(batch), out);
    },
    writeDense(batch, out) {
      const numEnvs = batch.numEnvs;
      if (active.length !== numEnvs * maxActive) active = new Int32Array(numEnvs * maxActive);
      writeActive(arcadeBatch(batch), active);
      out.fill(0, 0, numEnvs * layout.size);
      for (let i = 0; i < active.length; i++) {
        if (active[i]! < layout.size) out[Math.floor(i / maxActive) * layout.size + active[i]!] = 1;
      }
    },
  };
}

function arcadeBatch(batch: unknown): ArcadeBatch {
  if (batch instanceof ArcadeBatch) return batch;
  throw new MesascopeError(
    "usage",
    "a batch of another world given to an encoder of the arcade; give it one made by createBatch of the arcade.",
  );
}

function layOut(radius: number): Layout {
  const width = 2 * radius + 1;
  const plane = width * width;
  const red = 3 * (plane - 1);
  const edges = red + plane;
  const lamp = edges + sides.length * (radius + 1);
  const palette = lamp + cueValues.length;
  const time = palette + cueValues.length;
  return { width, coin: 0, capsule: plane - 1, wall: 2 * (plane - 1), red, edges, lamp, palette, time, size: time + timeBuckets };
}

/** Place in a plane by difference of positions (thing − agent), −1 outside the window. */
function windowTables(radius: number): { readonly withCenter: Int16Array; readonly withoutCenter: Int16Array } {
  const withCenter = new Int16Array(2 * tableCenter + 1).fill(-1);
  const width = 2 * radius + 1;
  const center = radius * width + radius;
  const reach = Math.min(radius, maxSize - 1);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) withCenter[tableCenter + dy * stride + dx] = (dy + radius) * width + dx + radius;
  }
  const withoutCenter = withCenter.map((place) => (place === center ? -1 : place > center ? place - 1 : place));
  return { withCenter, withoutCenter };
}

function describe(layout: Layout, radius: number, index: number): string {
  const { width, capsule, wall, red, edges, lamp, palette, time, size } = layout;
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new MesascopeError(
      "usage",
      `input ${index} given; expected an integer from 0 to ${size - 1}. Ask for one of the encoder's own inputs.`,
    );
  }
  if (index < edges) {
    const [name, first] =
      index < capsule ? ["coin", 0] : index < wall ? ["capsule", capsule] : index < red ? ["wall", wall] : ["red", red];
    const inPlane = index - Number(first);
    const place = name !== "red" && inPlane >= (width * width - 1) / 2 ? inPlane + 1 : inPlane;
    return `${name} (${signed((place % width) - radius)}, ${signed(Math.floor(place / width) - radius)})`;
  }
  if (index < lamp) {
    const distance = (index - edges) % (radius + 1);
    return `${sides[Math.floor((index - edges) / (radius + 1))]} edge ${distance}${distance === radius ? " or more" : ""} away`;
  }
  if (index < palette) return `lamp ${cueValues[index - lamp]}`;
  if (index < time) return `palette ${cueValues[index - palette]}`;
  const low = (index - time) * stepsPerBucket + 1;
  return index === size - 1 ? `${low} or more steps left` : `${low} to ${low + 1} steps left`;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0";
}
