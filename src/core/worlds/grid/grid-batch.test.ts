import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import type { Batch } from "../world.ts";
import type { GridState } from "./grid-batch.ts";
import type { GridLevel } from "./grid-level.ts";
import { toyWorld } from "./toy.fixture.ts";

const [up, down, left, right, stay] = [0, 1, 2, 3, 4];

function on(text: string, numEnvs = 1): Batch<GridLevel> {
  const batch = toyWorld.createBatch(numEnvs);
  const level = toyWorld.parseLevel(text);
  for (let env = 0; env < numEnvs; env++) batch.reset(env, level);
  return batch;
}

function stateOf(batch: Batch<GridLevel>, env = 0): GridState {
  return batch.stateOf(env) as GridState;
}

describe("a batch of a grid world", () => {
  it("moves up, down, left and right, is stopped by walls and sides, and stays", () => {
    const batch = on("...\n.@#\n...\n..m\n");
    const cells = [right, up, up, left, left, down, stay].map((action) => {
      batch.step(Int32Array.of(action));
      return stateOf(batch).cell;
    });
    expect(cells).toEqual([4, 1, 1, 0, 0, 3, 3]);
  });

  it("takes items once, kind by kind, and ends when its rules say so", () => {
    const batch = on("g@b\nm..\n");
    expect(stateOf(batch).present).toBe(0b111);
    const seen = [left, right, right, down, left, left].map((action) => {
      batch.step(Int32Array.of(action));
      return [stateOf(batch).present, ...batch.features, batch.done[0]];
    });
    expect(seen).toEqual([
      [0b110, 1, 0, 0, 0],
      [0b110, 0, 0, 0, 0],
      [0b100, 0, 1, 0, 0],
      [0b100, 0, 0, 0, 0],
      [0b100, 0, 0, 0, 0],
      [0, 0, 0, 1, 1],
    ]);
  });

  it("ends when time runs out, and then waits for a reset", () => {
    const batch = on("horizon: 2\n@g\n..\n");
    batch.step(Int32Array.of(stay));
    batch.step(Int32Array.of(stay));
    expect(batch.done[0]).toBe(2);
    expect(() => batch.step(Int32Array.of(stay))).toThrow(/environment 0 is done/);
    batch.reset(0, batch.level(0));
    expect([batch.done[0], batch.elapsed[0]]).toEqual([0, 0]);
  });

  it("ends, not merely runs out of time, where both come with one step", () => {
    const batch = on("horizon: 1\n@g\n..\n");
    batch.step(Int32Array.of(right));
    expect(batch.done[0]).toBe(1);
  });

  it("moves movers, loses those that are gone, and counts registers, from where settings put them", () => {
    const batch = on("mud: 1\n@~...G\n.~.g..\n");
    const seen = [right, down, stay, stay].map((action) => {
      batch.step(Int32Array.of(action));
      return [stateOf(batch).movers, stateOf(batch).registers];
    });
    expect(seen).toEqual([
      [[4], [2]],
      [[3], [2]],
      [[2], [2]],
      [[1], [2]],
    ]);
    const caught = on("@.G\n..g\n");
    for (const action of [stay, stay, right]) caught.step(Int32Array.of(action));
    expect(stateOf(caught).movers).toEqual([-1]);
  });

  it("starts a level anew at every reset", () => {
    const batch = on("@g...G\n....mb\n");
    const first = stateOf(batch);
    for (const action of [right, right, down, right]) batch.step(Int32Array.of(action));
    expect(stateOf(batch)).not.toEqual(first);
    batch.reset(0, batch.level(0));
    expect(stateOf(batch)).toEqual(first);
    expect([...batch.features]).toEqual([0, 0, 0]);
  });

  it("is put into any state of its level, running again", () => {
    const batch = on("horizon: 9\n@g...G\n....mb\n");
    while (batch.done[0] === 0) batch.step(Int32Array.of(stay));
    const state: GridState = { cell: 8, present: 0b010, movers: [-1], registers: [2], elapsed: 4 };
    batch.place(0, state);
    expect(batch.stateOf(0)).toEqual(state);
    expect([batch.done[0], batch.elapsed[0]]).toEqual([0, 4]);
    batch.step(Int32Array.of(stay));
    expect(stateOf(batch)).toEqual({ ...state, elapsed: 5 });
  });

  it.each<readonly [string, Partial<GridState>]>([
    ["a cell off the board", { cell: 12 }],
    ["a negative cell", { cell: -1 }],
    ["a wall", { cell: 2 }],
    ["an item too many", { present: 0b1000 }],
    ["items below none", { present: -1 }],
    ["a mover left out", { movers: [] }],
    ["a mover off the board", { movers: [12] }],
    ["a register left out", { registers: [] }],
    ["a register too high", { registers: [3] }],
    ["no time left", { elapsed: 20 }],
    ["time below none", { elapsed: -1 }],
  ])("refuses a state that its level cannot be in: %s", (_, wrong) => {
    const batch = on("@g#..G\n....mb\n");
    expect(() => batch.place(0, { ...stateOf(batch), ...wrong })).toThrow(/the state .* given; expected an open cell of 6 × 2/);
  });

  it("names equal states alike and different ones differently, part by part", () => {
    const batch = on("@g...G\n....mb\n");
    const state = stateOf(batch);
    const codeOf = (changed: Partial<GridState>) => {
      batch.place(0, { ...state, ...changed });
      return batch.codeOf(0);
    };
    const variants: Partial<GridState>[] = [
      ...[0, 1, 5, 7, 11].map((cell) => ({ cell })),
      ...[0b110, 0b101, 0b011, 0].map((present) => ({ present })),
      ...[[4], [10], [-1]].map((movers) => ({ movers })),
      ...[[1], [2]].map((registers) => ({ registers })),
      { cell: 1, present: 0b110 },
    ];
    const codes = variants.map(codeOf);
    expect(new Set(codes).size).toBe(codes.length);
    expect(variants.map(codeOf)).toEqual(codes);
    expect([1, 19].map((elapsed) => codeOf({ elapsed }))).toEqual([codeOf({}), codeOf({})]);
  });

  it("refuses actions that there are not, one per environment, and batches of another level", () => {
    const batch = on("@g\n..\n", 2);
    expect(() => batch.step(Int32Array.of(0))).toThrow(/1 actions given; expected 2/);
    expect(() => batch.step(Int32Array.of(0, 5))).toThrow(/action 5 given for environment 1; expected an integer from 0 to 4/);
    expect(() => batch.step(Int32Array.of(0, -1))).toThrow(/action -1 given/);
    const fresh = toyWorld.createBatch(1);
    expect(() => fresh.level(0)).toThrow(/environment 0 of 1 has no level yet/);
    expect(() => fresh.step(Int32Array.of(0))).toThrow(/was never reset/);
  });

  it("refuses levels that are too large for it", () => {
    const { things, ...level } = toyWorld.parseLevel("@g....\n......\n");
    const batch = toyWorld.createBatch(1);
    expect(() => batch.reset(0, { ...level, things, walls: [6, 7, 8, 9] })).toThrow(/4 walls given.*up to 3/);
    expect(() => batch.reset(0, { ...level, things: { ...things, gem: [1, 2, 3] } })).toThrow(/3 of gem given.*up to 2/);
  });

  it("goes on from a snapshot as if nothing had been, those environments too that are done or never began", () => {
    const prng = Prng.fromSeed(2);
    const batch = toyWorld.createBatch(5);
    for (let env = 0; env < 4; env++) batch.reset(env, toyWorld.sampleLevel(toyWorld.deployment, prng));
    const snapshot: unknown = JSON.parse(JSON.stringify(batch.snapshot()));
    const twin = toyWorld.createBatch(5);
    twin.restore(snapshot);
    expect(twin.snapshot()).toEqual(batch.snapshot());
    expect([...twin.done]).toEqual([0, 0, 0, 0, 1]);
    expect(() => twin.level(4)).toThrow(/no level yet/);
    for (const wrong of [null, {}, { ...(snapshot as object), done: [0] }])
      expect(() => twin.restore(wrong)).toThrow(/expected the snapshot of a batch of 5 environments of toy/);
  });
});
