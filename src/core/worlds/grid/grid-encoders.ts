// What networks see of a grid world: a window around the agent, flat or as planes, or the nearest thing of each kind, or nothing of the board.

import { MesascopeError } from "../../base/errors.ts";
import type { Batch, Encoder } from "../world.ts";
import { GridBatch, stride } from "./grid-batch.ts";
import type { GridLevel } from "./grid-level.ts";
import {
  contextPart,
  edgesPart,
  framePart,
  inPlanes,
  type ObservationFrame,
  type Part,
  signed,
  windowOf,
  windowPart,
} from "./observation-parts.ts";

/** All encoders of a variant, the egocentric one first. */
export function gridEncoders(frame: ObservationFrame): readonly Encoder<GridLevel>[] {
  return [egocentric(frame), planes(frame), compass(frame), blind(frame)];
}

/** An encoder of parts, one after the other. */
function encoderOf(name: string, parts: readonly Part[], shape?: readonly number[]): Encoder<GridLevel> {
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((sum, part) => sum + part.size, 0));
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const maxActive = parts.reduce((sum, part) => sum + part.maxActive, 0);
  const writeAll = (batch: GridBatch, out: Int32Array): void => {
    for (let env = 0; env < batch.numEnvs; env++) {
      let n = env * maxActive;
      for (let p = 0; p < parts.length; p++) n = parts[p]!.write(batch, env, out, n, starts[p]!);
      for (const end = (env + 1) * maxActive; n < end; n++) out[n] = size;
    }
  };
  let active = new Int32Array(0);
  return {
    name,
    size,
    maxActive,
    shape: shape ?? [size],
    describeInput(index) {
      if (!Number.isInteger(index) || index < 0 || index >= size) {
        throw new MesascopeError(
          "usage",
          `input ${index} given; expected an integer from 0 to ${size - 1}. Ask for one of the encoder's own inputs.`,
        );
      }
      const p = starts.findLastIndex((start, i) => start <= index && parts[i]!.size > 0);
      return parts[p]!.describe(index - starts[p]!);
    },
    writeActive(batch, out) {
      writeAll(ownBatch(batch), out);
    },
    writeDense(batch, out) {
      if (active.length !== batch.numEnvs * maxActive) active = new Int32Array(batch.numEnvs * maxActive);
      writeAll(ownBatch(batch), active);
      out.fill(0, 0, batch.numEnvs * size);
      for (let env = 0, i = 0; env < batch.numEnvs; env++) {
        for (const end = i + maxActive; i < end; i++) if (active[i]! < size) out[env * size + active[i]!] = 1;
      }
    },
  };
}

function ownBatch(batch: Batch<GridLevel>): GridBatch {
  if (batch instanceof GridBatch) return batch;
  throw new MesascopeError(
    "usage",
    "a batch of another world given to an encoder of a grid world; give it one made by createBatch of its own world.",
  );
}

/**
 * The default: a window of radius `radius` around the agent, flat. Inputs in order: a plane per kind of thing (more where a kind is shown
 * in several) and one for walls, the agent's own cell in the middle; distance to each side of the board; cues; registers; time left in
 * sixteenths of an episode.
 */
function egocentric(frame: ObservationFrame): Encoder<GridLevel> {
  const window = windowOf(frame.radius);
  return encoderOf("egocentric", [windowPart(frame, window), edgesPart(window), contextPart(frame)]);
}

/** The same as planes `[kinds + wall + outside + context, width, width]`, for convolutions; the context's inputs in reading order. */
function planes(frame: ObservationFrame): Encoder<GridLevel> {
  const window = windowOf(frame.radius);
  const context = inPlanes(contextPart(frame), window.plane);
  const parts = [windowPart(frame, window), framePart(window), context];
  const channels = parts.reduce((sum, part) => sum + part.size, 0) / window.plane;
  return encoderOf("planes", parts, [channels, window.width, window.width]);
}

/** Farthest difference of columns or rows that the compass tells from farther ones. */
const compassReach = 3;

/**
 * For each kind the nearest one there is: difference in columns and in rows, each one-hot from −3 or less to +3 or more; whether up, down,
 * left, right is closed; and the context. Few inputs, for optimizers that search over all weights.
 */
function compass(frame: ObservationFrame): Encoder<GridLevel> {
  const width = 2 * compassReach + 1;
  const shown = frame.kinds.map((kind, k) => ({ ...kind, k })).filter((kind) => kind.planes !== 0);
  const clip = (difference: number): number => Math.max(-compassReach, Math.min(compassReach, difference)) + compassReach;
  const parts = shown.map(({ name, k, nature }): Part => {
    const nearest = nature === "item" ? nearestItem : nature === "floor" ? nearestFloor : nearestMover;
    return {
      size: 2 * width,
      maxActive: 2,
      describe(index) {
        const difference = (index % width) - compassReach;
        const more = difference === compassReach ? " or more" : difference === -compassReach ? " or less" : "";
        return `nearest ${name} ${index < width ? "column" : "row"} ${signed(difference)}${more}`;
      },
      write(batch, env, out, n, first) {
        const position = nearest(batch, env, k);
        if (position === 0) return n;
        const agent = batch.agents[env]!;
        out[n] = first + clip((position & (stride - 1)) - (agent & (stride - 1)));
        out[n + 1] = first + width + clip((position >> 5) - (agent >> 5));
        return n + 2;
      },
    };
  });
  const closed: Part = {
    size: 4,
    maxActive: 4,
    describe: (index) => `${["up", "down", "left", "right"][index]} closed`,
    write(batch, env, out, n, first) {
      const agent = batch.agents[env]!;
      for (let a = 0; a < 4; a++) if (batch.stepFrom(env, agent, a) === agent) out[n++] = first + a;
      return n;
    },
  };
  return encoderOf("compass", [...parts, closed, contextPart(frame)]);
}

/** Nothing of the board: the context alone. For agents that must stay incapable. */
function blind(frame: ObservationFrame): Encoder<GridLevel> {
  const context = contextPart(frame);
  // Every encoder has an input: one that is never 1, where a world shows no context.
  const nothing: Part = { size: 1, maxActive: 1, describe: () => "nothing", write: (_batch, _env, _out, n) => n };
  return encoderOf("blind", context.size === 0 ? [nothing] : [context]);
}

/** Position of the nearest one, the first of several; 0 where there is none. */
function nearestItem(batch: GridBatch, env: number, kind: number): number {
  let left = batch.present[env]!;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = env * batch.maxItems; left !== 0; i++, left >>>= 1) {
    if ((left & 1) === 0 || batch.itemKinds[i] !== kind) continue;
    const far = distance(batch.items[i]!, batch.agents[env]!);
    if (far < least) [best, least] = [batch.items[i]!, far];
  }
  return best;
}

function nearestFloor(batch: GridBatch, env: number, kind: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = env * batch.maxFloors, last = i + batch.numFloors[env]!; i < last; i++) {
    if (batch.floorKinds[i] !== kind) continue;
    const far = distance(batch.floors[i]!, batch.agents[env]!);
    if (far < least) [best, least] = [batch.floors[i]!, far];
  }
  return best;
}

function nearestMover(batch: GridBatch, env: number, kind: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = env * batch.maxMovers, last = i + batch.numMovers[env]!; i < last; i++) {
    if (batch.movers[i] === 0 || batch.moverKinds[i] !== kind) continue;
    const far = distance(batch.movers[i]!, batch.agents[env]!);
    if (far < least) [best, least] = [batch.movers[i]!, far];
  }
  return best;
}

function distance(one: number, other: number): number {
  return Math.abs((one & (stride - 1)) - (other & (stride - 1))) + Math.abs((one >> 5) - (other >> 5));
}
