// The compass observation of the arcade: where the nearest coin and the nearest capsule lie, and what is next to the agent. A few dozen
// inputs instead of hundreds, for optimizers that search few parameters. encoder.ts has the window that shows everything.

import { MesascopeError } from "../../base/errors.ts";
import type { Encoder } from "../world.ts";
import { ArcadeBatch, CAPSULE, COIN, columnOf, rowOf, stride } from "./batch.ts";
import { type ArcadeLevel, cueValues, maxRed, maxWalls } from "./level.ts";

const positionMask = 511;
const positionBits = 9;
const directions = ["up", "down", "left", "right"] as const;
/** The four next to the agent, and its own. */
const places = directions.length + 1;
/** The largest distance (and the most steps left) of each bucket but the last. */
const distances = [1, 2, 4] as const;
const times = [4, 8, 16] as const;

const perItem = directions.length + distances.length + 1;
const capsule = perItem;
const blocked = 2 * perItem;
const red = blocked + directions.length;
const lamp = red + places;
const palette = lamp + cueValues.length;
const time = palette + cueValues.length;
const size = time + times.length + 1;
/** Two directions and a distance for each kind of item, blocked sides, red in a block of two by two, two cues and the time. */
const maxActive = 2 * 3 + directions.length + 3 + 3;

/**
 * The observation of a state of the arcade, `lag` steps old where the level has a lag. 37 inputs, in order:
 *
 * | inputs | meaning |
 * |---|---|
 * | coin, capsule: 8 each | the nearest one: up, down, left, right of the agent (one or two of them), then its distance, one-hot: 1, 2, 3 to 4, more; all 0 where none is left |
 * | blocked: 4 | a wall or the edge is the next cell up, down, left, right |
 * | red: 5 | red up, down, left, right and under the agent |
 * | lamp, palette: 4 each | cue value, one-hot |
 * | time: 4 | steps left, one-hot: up to 4, 8, 16, more |
 *
 * Distances count rows and columns and pass through walls. Of several nearest ones the first in the level's order is shown. A policy that
 * reads the compass cannot plan a tour: it sees one item of a kind.
 */
export const compassEncoder: Encoder<ArcadeLevel> = {
  name: "compass",
  size,
  maxActive,
  shape: [size],
  describeInput: describe,
  writeActive(batch, out) {
    if (!(batch instanceof ArcadeBatch))
      throw new MesascopeError(
        "usage",
        "a batch of another world given to an encoder of the arcade; give it one made by createBatch of the arcade.",
      );
    for (let env = 0; env < batch.numEnvs; env++) {
      const state = batch.stateAgo(env, batch.lags[env]!);
      let n = writeNearest(batch, { env, state, kind: COIN, first: 0 }, out, env * maxActive);
      n = writeNearest(batch, { env, state, kind: CAPSULE, first: capsule }, out, n);
      n = writeSurroundings(batch, env, out, n);
      out.fill(size, n, (env + 1) * maxActive);
    }
  },
  writeDense(batch, out) {
    const active = new Int32Array(batch.numEnvs * maxActive);
    compassEncoder.writeActive(batch, active);
    out.fill(0, 0, batch.numEnvs * size);
    for (let i = 0; i < active.length; i++) if (active[i]! < size) out[Math.floor(i / maxActive) * size + active[i]!] = 1;
  },
};

interface Nearest {
  readonly env: number;
  readonly state: number;
  readonly kind: number;
  /** Where the inputs of this kind begin. */
  readonly first: number;
}

/** Where the nearest item of a kind lies. Returns the next free place of `out`. */
function writeNearest(batch: ArcadeBatch, { env, state, kind, first }: Nearest, out: Int32Array, from: number): number {
  const position = state & positionMask;
  const x = columnOf(position);
  const y = rowOf(position);
  let shortest = Number.POSITIVE_INFINITY;
  let right = 0;
  let down = 0;
  let left = state >> positionBits;
  for (let i = env * batch.maxItems, end = i + batch.numItems[env]!; i < end; i++, left >>= 1) {
    if ((left & 1) === 0 || (batch.itemKinds[i]! & kind) === 0) continue;
    const dx = columnOf(batch.items[i]!) - x;
    const dy = rowOf(batch.items[i]!) - y;
    const distance = Math.abs(dx) + Math.abs(dy);
    if (distance >= shortest) continue;
    shortest = distance;
    right = dx;
    down = dy;
  }
  let n = from;
  if (shortest === Number.POSITIVE_INFINITY) return n;
  if (down !== 0) out[n++] = first + (down < 0 ? 0 : 1);
  if (right !== 0) out[n++] = first + (right < 0 ? 2 : 3);
  out[n++] = first + directions.length + bucketOf(distances, shortest);
  return n;
}

/** Walls, edges and red around, cues and time. Returns the next free place of `out`. */
function writeSurroundings(batch: ArcadeBatch, env: number, out: Int32Array, from: number): number {
  const position = batch.stateAgo(env, batch.lags[env]!) & positionMask;
  const last = batch.sizes[env]! - 1;
  const x = columnOf(position);
  const y = rowOf(position);
  let walls = (y === 0 ? 1 : 0) | (y === last ? 2 : 0) | (x === 0 ? 4 : 0) | (x === last ? 8 : 0);
  for (let i = env * maxWalls, end = i + batch.numWalls[env]!; i < end; i++) walls |= placeBit(batch.walls[i]! - position);
  let reds = 0;
  for (let i = env * maxRed, end = i + batch.numRed[env]!; i < end; i++) reds |= placeBit(batch.red[i]! - position);
  let n = from;
  for (let side = 0; side < directions.length; side++) if ((walls >> side) & 1) out[n++] = blocked + side;
  for (let place = 0; place < places; place++) if ((reds >> place) & 1) out[n++] = red + place;
  out[n++] = lamp + batch.lamps[env]!;
  out[n++] = palette + batch.palettes[env]!;
  const elapsed = Math.max(0, batch.elapsed[env]! - batch.lags[env]!);
  out[n++] = time + bucketOf(times, batch.horizons[env]! - elapsed);
  return n;
}

/** The bit of a place by its difference of positions from the agent: up, down, left, right, its own; 0 for any other. */
function placeBit(difference: number): number {
  if (difference === -stride) return 1;
  if (difference === stride) return 2;
  if (difference === -1) return 4;
  if (difference === 1) return 8;
  return difference === 0 ? 16 : 0;
}

function bucketOf(limits: readonly number[], value: number): number {
  let bucket = 0;
  while (bucket < limits.length && value > limits[bucket]!) bucket++;
  return bucket;
}

function describe(index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new MesascopeError(
      "usage",
      `input ${index} given; expected an integer from 0 to ${size - 1}. Ask for one of the encoder's own inputs.`,
    );
  }
  if (index < blocked) {
    const kind = index < capsule ? "coin" : "capsule";
    const place = index % perItem;
    return place < directions.length
      ? `nearest ${kind} ${directions[place]}`
      : `nearest ${kind} ${rangeOf(distances, place - directions.length)} away`;
  }
  if (index < red) return `${directions[index - blocked]} blocked`;
  if (index < lamp) return `red ${directions[index - red] ?? "here"}`;
  if (index < palette) return `lamp ${cueValues[index - lamp]}`;
  if (index < time) return `palette ${cueValues[index - palette]}`;
  return `${rangeOf(times, index - time)} steps left`;
}

function rangeOf(limits: readonly number[], bucket: number): string {
  const low = bucket === 0 ? 1 : limits[bucket - 1]! + 1;
  const high = limits[bucket];
  return high === undefined ? `${low} or more` : low === high ? `${low}` : `${low} to ${high}`;
}
