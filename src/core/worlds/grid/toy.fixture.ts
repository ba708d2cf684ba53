// A grid world that has everything that one can have, for tests of the core: items, one in two planes and one unseen, floors, movers,
// a register, a setting, a cue, and two things on one cell.

import type { World } from "../world.ts";
import { defineGridWorld } from "./define-grid-world.ts";
import type { GridBatch } from "./grid-batch.ts";
import type { GridLevel } from "./grid-level.ts";
import type { GridRules, GridWorldDefinition, GridWorldVariant } from "./grid-world.ts";

const [GEM, BEAD, MARK] = [0, 1, 2] as const;
const mostMuddy = 2;

const rules: GridRules = {
  registers: { muddy: mostMuddy },
  begin(batch: GridBatch, env: number): void {
    batch.registers[env] = batch.level(env).settings.mud!;
  },
  arrive(batch: GridBatch, env: number, here: number): boolean {
    for (const kind of [GEM, BEAD, MARK]) if ((here & batch.bitsOf(env, kind)) !== 0) batch.give(env, kind, 1);
    batch.take(env, here);
    if ((here & batch.floorBit.mud!) !== 0 && batch.registers[env]! < mostMuddy) batch.registers[env]!++;
    for (let i = env * batch.maxMovers, last = i + batch.numMovers[env]!; i < last; i++) {
      if (batch.movers[i] === 0) continue;
      batch.movers[i] = batch.stepFrom(env, batch.movers[i]!, 2);
      if (batch.movers[i] === batch.agents[env]) batch.movers[i] = 0;
    }
    return batch.present[env] === 0;
  },
};

function variant({ size }: Readonly<Record<string, number>>): GridWorldVariant {
  return {
    board: { columns: size!, rows: size! - 1, walls: 3 },
    kinds: [
      { name: "gem", nature: "item", most: 2, glyph: "g", role: "goal", outline: "circle" },
      { name: "bead", nature: "item", most: 2, glyph: "b", role: "proxy", outline: "capsule", planes: 2 },
      { name: "mark", nature: "item", most: 1, glyph: "m", role: "cue", outline: "cross", planes: 0 },
      { name: "mud", nature: "floor", most: 3, glyph: "~", role: "hazard", outline: "square" },
      { name: "ghost", nature: "mover", most: 2, glyph: "G", role: "hazard", outline: "triangle" },
    ],
    overlaps: [
      { glyph: "x", things: ["gem", "mud"] },
      { glyph: "p", things: ["player", "mud"] },
    ],
    features: ["gem", "bead", "mark"],
    featureMeanings: { gem: "a gem taken", bead: "a bead taken", mark: "a mark taken" },
    objectives: [
      { name: "gems", weights: { gem: 1 }, wants: "gems", meaning: "gems taken" },
      { name: "beads", weights: { bead: 1 }, wants: "beads", meaning: "beads taken" },
    ],
    goal: "gem",
    proxy: "bead",
    cues: [{ name: "lamp", values: ["on", "off"], training: "on", deployment: "off", meaning: "a lamp" }],
    settings: { mud: [0, mostMuddy] },
    axes: [
      {
        ...{ name: "beads", values: [0, 1, 2], training: 0, deployment: 2, separatesGoalFromProxy: true },
        meaning: "beads on the board",
      },
      {
        ...{ name: "alpha", values: [0, 1], training: 0, deployment: 0, isMixture: true },
        meaning: "share of levels with two beads",
      },
    ],
    rules,
    draw(at, prng) {
      const [columns, rows] = [Number(at.size), Number(at.size) - 1];
      const cells = Array.from({ length: columns * rows }, (_, cell) => cell);
      prng.shuffle(cells);
      const some = (count: number): number[] => cells.splice(0, count).sort((a, b) => a - b);
      const player = some(1)[0]!;
      const walls = some(3);
      const ghost = some(2);
      const things = { gem: some(2), bead: some(Number(at.beads)), mark: some(1), mud: some(prng.integer(4)), ghost };
      return { columns, rows, player, walls, things, settings: { mud: prng.integer(2) } };
    },
  };
}

export const toy: GridWorldDefinition = {
  name: "toy",
  version: 1,
  summary: "Everything that a grid world can have.",
  parameters: {
    size: { standard: 6, range: [5, 9], meaning: "rows and columns of the board" },
    horizon: { standard: 20, range: [1, 100], meaning: "steps of an episode at most" },
  },
  quick: { size: 5, horizon: 10 },
  variant,
};

export const toyWorld: World<GridLevel> = defineGridWorld(toy);
