// The observation of the arcade as planes, for convolutional networks: the window around the agent, one plane for each kind of thing, and
// one plane whose places stand for cues and time. encoder.ts has the same window laid flat.

import { MesascopeError } from "../../base/errors.ts";
import type { Encoder } from "../world.ts";
import { ArcadeBatch, CAPSULE, COIN, columnOf, rowOf } from "./batch.ts";
import { type ArcadeLevel, type ArcadeLimits, cueValues, maxRed, maxSize, maxWalls, minSize } from "./level.ts";

const positionMask = 511;
const positionBits = 9;
const channels = ["coin", "capsule", "wall", "red", "edge", "context"] as const;
const channelOf = { coin: 0, capsule: 1, wall: 2, red: 3, edge: 4, context: 5 } as const;
const timeBuckets = 16;
/** Places in the context plane: lamp, then palette, then time. */
const palette = cueValues.length;
const time = 2 * cueValues.length;
const contextPlaces = time + timeBuckets;

/** A window of `width` × `width` places with the agent in the middle; place `row · width + column` of a plane. */
interface Window {
  readonly radius: number;
  readonly width: number;
  /** Places in a plane. */
  readonly plane: number;
}

/**
 * The observation of a state of the arcade as planes `[6, 2r + 1, 2r + 1]` around the agent, `lag` steps old where the level has a lag
 * (window radius r, default 6: 13 × 13, all of a 7 × 7 board from anywhere on it). Planes in order:
 *
 * | plane | meaning |
 * |---|---|
 * | coin, capsule, wall, red | one there, the agent's own cell (which can only be red) in the middle |
 * | edge | just outside the board, next to one of its cells: the frame around the board without its corners |
 * | context | no places of the board, but in reading order: lamp (4), palette (4), time (16: steps left in buckets of two, the last for 31 and more), each one-hot; the rest never 1 |
 *
 * The frame stands for all that is outside: a plane of its own would have more ones than all others together. `writeActive` order: lamp,
 * palette, time, walls, red, items by cell, edge, padding.
 */
export function createPlanesEncoder(options: { readonly radius: number; readonly limits: ArcadeLimits }): Encoder<ArcadeLevel> {
  const { radius, limits } = options;
  const width = 2 * radius + 1;
  const window: Window = { radius, width, plane: width * width };
  const size = channels.length * window.plane;
  const maxActive = 3 + maxWalls + maxRed + limits.coins + limits.capsules + mostFrameCells(radius);

  function writeActive(batch: ArcadeBatch, out: Int32Array): void {
    for (let env = 0; env < batch.numEnvs; env++) {
      let n = writeContext(batch, env, out);
      n = writeThings(batch, env, out, n);
      n = writeFrame(batch, env, out, n);
      out.fill(size, n, (env + 1) * maxActive);
    }
  }

  // Positional parameters from here on: called for every observation.

  /** Cues and time: always three ones. Returns the next free place, as do the others. */
  function writeContext(batch: ArcadeBatch, env: number, out: Int32Array): number {
    const first = env * maxActive;
    const context = channelOf.context * window.plane;
    const elapsed = batch.elapsed[env]! - batch.lags[env]!;
    const left = batch.horizons[env]! - Math.max(elapsed, 0);
    out[first] = context + batch.lamps[env]!;
    out[first + 1] = context + palette + batch.palettes[env]!;
    out[first + 2] = context + time + Math.min(Math.max(left - 1, 0) >> 1, timeBuckets - 1);
    return first + 3;
  }

  function writeThings(batch: ArcadeBatch, env: number, out: Int32Array, from: number): number {
    const { walls, red, items, itemKinds, maxItems } = batch;
    const state = batch.stateAgo(env, batch.lags[env]!);
    const agent = state & positionMask;
    let n = from;
    for (let i = env * maxWalls, last = i + batch.numWalls[env]!; i < last; i++) {
      const place = placeOf(walls[i]!, agent);
      if (place >= 0) out[n++] = channelOf.wall * window.plane + place;
    }
    for (let i = env * maxRed, last = i + batch.numRed[env]!; i < last; i++) {
      const place = placeOf(red[i]!, agent);
      if (place >= 0) out[n++] = channelOf.red * window.plane + place;
    }
    let left = state >> positionBits;
    for (let i = env * maxItems, last = i + batch.numItems[env]!; i < last; i++, left >>= 1) {
      const place = placeOf(items[i]!, agent);
      if ((left & 1) === 0 || place < 0) continue;
      if ((itemKinds[i]! & COIN) !== 0) out[n++] = channelOf.coin * window.plane + place;
      if ((itemKinds[i]! & CAPSULE) !== 0) out[n++] = channelOf.capsule * window.plane + place;
    }
    return n;
  }

  function writeFrame(batch: ArcadeBatch, env: number, out: Int32Array, from: number): number {
    const agent = batch.stateAgo(env, batch.lags[env]!) & positionMask;
    const boardSize = batch.sizes[env]!;
    const left = -1 - columnOf(agent);
    const top = -1 - rowOf(agent);
    const right = left + boardSize + 1;
    const bottom = top + boardSize + 1;
    const edge = channelOf.edge * window.plane + radius * width + radius;
    let n = from;
    for (let dy = Math.max(top + 1, -radius); dy < bottom && dy <= radius; dy++) {
      if (left >= -radius) out[n++] = edge + dy * width + left;
      if (right <= radius) out[n++] = edge + dy * width + right;
    }
    for (let dx = Math.max(left + 1, -radius); dx < right && dx <= radius; dx++) {
      if (top >= -radius) out[n++] = edge + top * width + dx;
      if (bottom <= radius) out[n++] = edge + bottom * width + dx;
    }
    return n;
  }

  /** The place in the window of the thing at `position`, −1 outside it. */
  function placeOf(position: number, agent: number): number {
    const dx = columnOf(position) - columnOf(agent) + radius;
    const dy = rowOf(position) - rowOf(agent) + radius;
    return dx >= 0 && dx < width && dy >= 0 && dy < width ? dy * width + dx : -1;
  }

  let active = new Int32Array(0);
  return {
    name: "planes",
    size,
    maxActive,
    shape: [channels.length, width, width],
    describeInput: (index) => describe(window, index),
    writeActive(batch, out) {
      writeActive(arcadeBatch(batch), out);
    },
    writeDense(batch, out) {
      const { numEnvs } = batch;
      if (active.length !== numEnvs * maxActive) active = new Int32Array(numEnvs * maxActive);
      writeActive(arcadeBatch(batch), active);
      out.fill(0, 0, numEnvs * size);
      for (let i = 0; i < active.length; i++) {
        if (active[i]! < size) out[Math.floor(i / maxActive) * size + active[i]!] = 1;
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

/** The most cells of the frame that a window shows, over boards of every size and all places on them. */
function mostFrameCells(radius: number): number {
  let most = 0;
  for (let size = minSize; size <= maxSize; size++) {
    const spans = Array.from({ length: size }, (_, at) => ({
      cells: Math.min(at, radius) + 1 + Math.min(size - 1 - at, radius),
      edges: Number(at + 1 <= radius) + Number(size - at <= radius),
    }));
    for (const x of spans) for (const y of spans) most = Math.max(most, y.cells * x.edges + x.cells * y.edges);
  }
  return most;
}

function describe({ radius, width, plane }: Window, index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= channels.length * plane) {
    throw new MesascopeError(
      "usage",
      `input ${index} given; expected an integer from 0 to ${channels.length * plane - 1}. Ask for one of the encoder's own inputs.`,
    );
  }
  const channel = channels[Math.floor(index / plane)]!;
  const place = index % plane;
  if (channel !== "context")
    return `${channel} (${signed((place % width) - radius)}, ${signed(Math.floor(place / width) - radius)})`;
  if (place < palette) return `lamp ${cueValues[place]}`;
  if (place < time) return `palette ${cueValues[place - palette]}`;
  if (place >= contextPlaces) return `nothing (place ${place} of the context plane)`;
  const low = (place - time) * 2 + 1;
  return place === contextPlaces - 1 ? `${low} or more steps left` : `${low} to ${low + 1} steps left`;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0";
}
