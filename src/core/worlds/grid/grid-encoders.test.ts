import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import type { Batch, Encoder } from "../world.ts";
import type { GridState } from "./grid-batch.ts";
import type { GridLevel } from "./grid-level.ts";
import { toyWorld } from "./toy.fixture.ts";

const numEnvs = 8;
const planesOf: Readonly<Record<string, number>> = { gem: 1, bead: 2, mark: 0, mud: 1, ghost: 1 };
const signed = (value: number): string => (value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0");

/** Names of the inputs that are 1 for environment `env`. */
function shown(encoder: Encoder<GridLevel>, batch: Batch<GridLevel>, env: number): string[] {
  const active = new Int32Array(batch.numEnvs * encoder.maxActive);
  encoder.writeActive(batch, active);
  return [...active.subarray(env * encoder.maxActive, (env + 1) * encoder.maxActive)]
    .filter((index) => index < encoder.size)
    .map((index) => encoder.describeInput(index))
    .sort();
}

/** Cells of each kind as they are now, read from level and state alone. */
function cellsNow(level: GridLevel, { present, movers }: GridState): Record<string, readonly number[]> {
  const items = ["gem", "bead", "mark"].flatMap((kind) => level.things[kind]!.map((cell) => ({ kind, cell })));
  const there = (kind: string) => items.flatMap((item, i) => (item.kind === kind && (present >> i) & 1 ? [item.cell] : []));
  return {
    ...{ gem: there("gem"), bead: there("bead"), mark: there("mark"), mud: level.things.mud! },
    ghost: [...new Set(movers.filter((cell) => cell >= 0))],
  };
}

/** What the whole-board encoders show of things and walls: every thing by its difference to the agent. */
function thingsAround(level: GridLevel, state: GridState): string[] {
  const { columns } = level;
  const offset = (cell: number): string => {
    const dx = (cell % columns) - (state.cell % columns);
    const dy = Math.floor(cell / columns) - Math.floor(state.cell / columns);
    return `(${signed(dx)}, ${signed(dy)})`;
  };
  const names = level.walls.map((cell) => `wall ${offset(cell)}`);
  for (const [kind, cells] of Object.entries(cellsNow(level, state))) {
    for (const cell of cells) {
      for (let copy = 1; copy <= planesOf[kind]!; copy++) {
        names.push(planesOf[kind] === 1 ? `${kind} ${offset(cell)}` : `${kind}, copy ${copy} ${offset(cell)}`);
      }
    }
  }
  return names;
}

function contextOf(level: GridLevel, { registers, elapsed }: GridState): string[] {
  const left = level.horizon - elapsed;
  // A sixteenth of the variant's 20 steps, rounded up, is 2.
  const low = 2 * Math.floor((Math.max(left, 1) - 1) / 2) + 1;
  return [`lamp ${level.context.lamp}`, `muddy ${registers[0]}`, `${low} to ${low + 1} steps left`];
}

function edgesAround({ columns, rows }: GridLevel, { cell }: GridState): string[] {
  const [x, y] = [cell % columns, Math.floor(cell / columns)];
  const far = { left: x, right: columns - 1 - x, top: y, bottom: rows - 1 - y };
  return Object.entries(far).map(([side, steps]) => `${side} edge ${steps}${steps === 5 ? " or more" : ""} away`);
}

function frameAround({ columns, rows }: GridLevel, { cell }: GridState): string[] {
  const [x, y] = [cell % columns, Math.floor(cell / columns)];
  const names: string[] = [];
  for (let row = -1; row <= rows; row++) {
    for (let column = -1; column <= columns; column++) {
      const isOutsideOnce = (row === -1 || row === rows) !== (column === -1 || column === columns);
      const [dx, dy] = [column - x, row - y];
      if (isOutsideOnce && Math.abs(dx) <= 5 && Math.abs(dy) <= 5) names.push(`outside (${signed(dx)}, ${signed(dy)})`);
    }
  }
  return names;
}

function nearestAround(level: GridLevel, state: GridState): string[] {
  const { columns, rows } = level;
  const [x, y] = [state.cell % columns, Math.floor(state.cell / columns)];
  const clipped = (difference: number): string => {
    if (difference >= 3) return "+3 or more";
    return difference <= -3 ? "−3 or less" : signed(difference);
  };
  const names: string[] = [];
  for (const [kind, cells] of Object.entries(cellsNow(level, state))) {
    if (planesOf[kind] === 0 || cells.length === 0) continue;
    const far = (cell: number): number => Math.abs((cell % columns) - x) + Math.abs(Math.floor(cell / columns) - y);
    const nearest = cells.reduce((best, cell) => (far(cell) < far(best) ? cell : best));
    names.push(`nearest ${kind} column ${clipped((nearest % columns) - x)}`);
    names.push(`nearest ${kind} row ${clipped(Math.floor(nearest / columns) - y)}`);
  }
  const steps = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] } as const;
  for (const [name, [dx, dy]] of Object.entries(steps)) {
    const [column, row] = [x + dx, y + dy];
    const isClosed = column < 0 || column >= columns || row < 0 || row >= rows || level.walls.includes(row * columns + column);
    if (isClosed) names.push(`${name} closed`);
  }
  return names;
}

/** What each encoder should show, read slowly from level and state. */
const expected: Readonly<Record<string, (level: GridLevel, state: GridState) => string[]>> = {
  egocentric: (level, state) => [...thingsAround(level, state), ...edgesAround(level, state), ...contextOf(level, state)],
  planes: (level, state) => [...thingsAround(level, state), ...frameAround(level, state), ...contextOf(level, state)],
  compass: (level, state) => [...nearestAround(level, state), ...contextOf(level, state)],
  blind: contextOf,
};

describe("the encoders of a grid world", () => {
  it.each(toyWorld.encoders.map((encoder) => [encoder.name, encoder] as const))(
    "%s shows what a slow reading of the board shows, whatever happens",
    (name, encoder) => {
      const prng = Prng.fromSeed(7);
      const batch = toyWorld.createBatch(numEnvs);
      const draw = () => toyWorld.sampleLevel(prng.integer(2) === 0 ? toyWorld.training : toyWorld.deployment, prng);
      for (let env = 0; env < numEnvs; env++) batch.reset(env, draw());
      for (let t = 0; t < 60; t++) {
        for (let env = 0; env < numEnvs; env++) {
          const names = expected[name]!(batch.level(env), batch.stateOf(env) as GridState).sort();
          expect(shown(encoder, batch, env)).toEqual(names);
        }
        batch.step(Int32Array.from({ length: numEnvs }, () => prng.integer(5)));
        for (let env = 0; env < numEnvs; env++) if (batch.done[env] !== 0) batch.reset(env, draw());
      }
    },
  );

  it("says so where an input is asked for that is not there, or a batch of another world", () => {
    const encoder = toyWorld.encoders[0]!;
    expect(() => encoder.describeInput(-1)).toThrow(expect.objectContaining({ code: "usage" }));
    expect(() => encoder.describeInput(encoder.size)).toThrow(/expected an integer from 0 to/);
    const other = { ...toyWorld.createBatch(1) };
    expect(() => encoder.writeActive(other, new Int32Array(99))).toThrow(/made by createBatch of its own world/);
  });

  it("shapes planes as channels of the window, the context in whole planes", () => {
    const planes = toyWorld.encoders.find(({ name }) => name === "planes")!;
    expect(planes.shape.slice(1)).toEqual([11, 11]);
    // gem, bead twice, mud, ghost, wall, outside, and one for the context
    expect(planes.shape[0]).toBe(8);
  });
});
