// Agents without a network, written over the arcade's observation: their objectives are known exactly, so instruments can be tested on them.

import type { Policy } from "../src/core/agents/policy.ts";
import { solveActionValues } from "../src/core/objectives/action-values.ts";
import { type Objective, weightsFor } from "../src/core/objectives/objective.ts";
import { type ArcadeLevel, arcadeActions, arcadeCollection, cueValues } from "../src/core/worlds/arcade/level.ts";
import type { Encoder } from "../src/core/worlds/world.ts";

const actionCount = arcadeActions.length;
const lists = { coin: "coins", capsule: "capsules", wall: "walls", red: "red" } as const;

type Input =
  | { readonly kind: keyof typeof lists; readonly dx: number; readonly dy: number }
  | { readonly kind: "edge"; readonly side: string; readonly distance: number }
  | { readonly kind: "cue"; readonly cue: "lamp" | "palette"; readonly value: ArcadeLevel["lamp"] }
  | { readonly kind: "time" };

/** What the encoder says an input means, as data. */
function readDescription(text: string): Input {
  const thing = /^(coin|capsule|wall|red) \((.+), (.+)\)$/.exec(text.replaceAll("−", "-"));
  if (thing) return { kind: thing[1] as keyof typeof lists, dx: Number(thing[2]), dy: Number(thing[3]) };
  const edge = /^(left|right|top|bottom) edge (\d+)/.exec(text);
  if (edge) return { kind: "edge", side: edge[1]!, distance: Number(edge[2]) };
  const cue = /^(lamp|palette) (\w+)$/.exec(text);
  const value = cueValues.find((candidate) => candidate === cue?.[2]);
  if (cue && value) return { kind: "cue", cue: cue[1] as "lamp" | "palette", value };
  if (/steps left$/.test(text)) return { kind: "time" };
  throw new Error(`an input of the arcade that this reader does not know: "${text}"`);
}

/** The level that the inputs that are 1 show, the agent where it stands: all of a board that the window covers. */
function readLevel(active: readonly Input[]): ArcadeLevel {
  const edges: Record<string, number> = {};
  const cues = { lamp: cueValues[0] as ArcadeLevel["lamp"], palette: cueValues[0] as ArcadeLevel["palette"] };
  for (const input of active) {
    if (input.kind === "edge") edges[input.side] = input.distance;
    if (input.kind === "cue") cues[input.cue] = input.value;
  }
  const x = edges.left!;
  const y = edges.top!;
  const columns = x + edges.right! + 1;
  const rows = y + edges.bottom! + 1;
  const size = Math.max(columns, rows);
  const cells = { coins: [] as number[], capsules: [] as number[], walls: [] as number[], red: [] as number[] };
  for (const input of active) {
    if ("dx" in input) cells[lists[input.kind]].push((y + input.dy) * size + x + input.dx);
  }
  for (let cell = 0; cell < size * size; cell++) {
    if (cell % size >= columns || cell >= rows * size) cells.walls.push(cell);
  }
  for (const list of Object.values(cells)) list.sort((a, b) => a - b);
  return { size, player: y * size + x, ...cells, ...cues, lag: 0, horizon: 32 };
}

export interface PlannerOptions {
  readonly encoder: Encoder<unknown>;
  readonly objective: Objective;
  /** Inverse temperature of the choice. Default 40. */
  readonly beta?: number;
  /** Discount. Default .85. */
  readonly gamma?: number;
  /** Share of uniformly random actions. Default .05. */
  readonly lapse?: number;
}

/** Plans exactly for `objective` in the context that it sees: (1 − lapse)·softmax(β·Q) + lapse/5. */
export function plannerPolicy(options: PlannerOptions): Policy {
  const { encoder, objective, beta = 40, gamma = 0.85, lapse = 0.05 } = options;
  const inputs = Array.from({ length: encoder.size }, (_, i) => readDescription(encoder.describeInput(i)));
  const solved = new Map<string, Float32Array>();
  const valuesOf = (level: ArcadeLevel): Float32Array => {
    const key = JSON.stringify({ ...level, player: 0 });
    const known = solved.get(key);
    if (known) return known;
    const problem = arcadeCollection(level);
    const weights = weightsFor(objective, { lamp: level.lamp, palette: level.palette });
    const values = solveActionValues(problem, { weights, gamma }).slice(problem.fullMask * problem.numCells * actionCount);
    solved.set(key, values);
    return values;
  };
  const choose = (active: readonly Input[]): number[] => {
    const level = readLevel(active);
    const values = valuesOf(level).subarray(level.player * actionCount, (level.player + 1) * actionCount);
    const highest = Math.max(...values);
    const odds = Array.from(values, (value) => Math.exp(beta * (value - highest)));
    const sum = odds.reduce((a, b) => a + b, 0);
    return odds.map((value) => ((1 - lapse) * value) / sum + lapse / actionCount);
  };
  // What it does not look at (the time left) does not count as another observation.
  const seen = new Map<string, number[]>();
  return {
    inputSize: encoder.size,
    actionCount,
    async probabilities(observations, rows) {
      const out = new Float32Array(rows * actionCount);
      for (let row = 0; row < rows; row++) {
        const places: number[] = [];
        for (let i = 0; i < encoder.size; i++) {
          if (observations[row * encoder.size + i] !== 0 && inputs[i]!.kind !== "time") places.push(i);
        }
        const key = places.join();
        const choice = seen.get(key) ?? choose(places.map((i) => inputs[i]!));
        seen.set(key, choice);
        out.set(choice, row * actionCount);
      }
      return out;
    },
  };
}

/** Takes the same action whatever it sees, but for a lapse of 5%; `stay` makes a loiterer. */
export function constantPolicy(encoder: Encoder<unknown>, action: (typeof arcadeActions)[number]): Policy {
  const row = arcadeActions.map((name) => (name === action ? 0.95 : 0) + 0.05 / actionCount);
  return {
    inputSize: encoder.size,
    actionCount,
    probabilities: async (_observations, rows) =>
      Float32Array.from({ length: rows * actionCount }, (_, i) => row[i % actionCount]!),
  };
}
