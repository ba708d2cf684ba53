import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import type { GridState } from "./grid/grid-batch.ts";
import { runner } from "./runner.ts";
import type { ShiftPoint } from "./world.ts";

const world = defineGridWorld(runner);
const [up, left, right, stay] = [0, 1, 2, 3];

/** Where a player who takes these actions is after each, as `column,row` from the lower left, and what it is given. */
function play(text: string, actions: readonly number[]) {
  const batch = world.createBatch(1);
  const level = world.parseLevel(text);
  batch.reset(0, level);
  const places: string[] = [];
  const given: string[] = [];
  for (const action of actions) {
    batch.step(Int32Array.of(action));
    const { cell } = batch.stateOf(0) as GridState;
    places.push(`${cell % level.columns},${level.rows - 1 - Math.floor(cell / level.columns)}`);
    given.push(world.features.filter((name, f) => batch.features[f] !== 0 && name !== "progress").join("+"));
  }
  return { places, given, done: batch.done[0]!, progress: batch.features[2]! };
}

function draw(point: ShiftPoint, count = 300) {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: count }, () => world.sampleLevel({ kind: "shift", point }, prng));
}

type Drawn = ReturnType<typeof draw>[number];

/** Fewest steps until `feature` is given, by breadth-first search over states; Infinity where it cannot be. */
function stepsTo(level: Drawn, feature: string): { readonly steps: number; readonly states: number } {
  const batch = world.createBatch(1);
  batch.reset(0, level);
  const wanted = world.features.indexOf(feature);
  const states = [batch.stateOf(0) as GridState];
  const known = new Set([batch.codeOf(0)]);
  let steps = Number.POSITIVE_INFINITY;
  for (const state of states) {
    for (let action = 0; action < world.actions.length; action++) {
      batch.place(0, state);
      batch.step(Int32Array.of(action));
      if (batch.features[wanted]! > 0) steps = Math.min(steps, state.elapsed + 1);
      if (batch.done[0] !== 0 || known.has(batch.codeOf(0))) continue;
      known.add(batch.codeOf(0));
      states.push(batch.stateOf(0) as GridState);
    }
  }
  return { steps, states: states.length };
}

const flat = ".......F\n.......|\n.......|\n.......|\n.@....$|\n";

describe("the runner", () => {
  it("jumps two cells high, steers in the air and falls where nothing bears it", () => {
    expect(play(flat, [up, right, right, right, right]).places).toEqual(["1,1", "2,2", "3,1", "4,0", "5,0"]);
    expect(play(flat, [up, stay, stay, stay, left]).places).toEqual(["1,1", "1,2", "1,1", "1,0", "0,0"]);
    expect(play(flat, [up, up, up, up, up]).places).toEqual(["1,1", "1,2", "1,1", "1,0", "1,1"]);
  });

  it("takes the coin, touches the end wall and passes the coin's place at once where they lie together", () => {
    const { given, done, progress } = play(flat, [right, right, right, right, right]);
    expect(given).toEqual(["", "", "", "", "coin+end+ghost"]);
    expect(done).toBe(1);
    expect(progress).toBeCloseTo(1 / 7);
  });

  it("ends at a solid end wall, from either side and on the ground only, and passes a permeable one", () => {
    const course = "...F....\n...|....\n...|....\no.@|..x.\n";
    expect(play(course, [stay])).toMatchObject({ given: ["end"], places: ["2,0"], done: 1 });
    const behind = "F.......\n|.......\n|.......\n|.@..o.x\n";
    expect(play(behind, [left])).toMatchObject({ given: ["end"], places: ["1,0"], done: 1 });
    expect(play(behind, [up, left, stay])).toMatchObject({ given: ["", "", ""], places: ["2,1", "1,2", "1,1"], done: 0 });
    expect(play(behind, [up, left, stay, stay])).toMatchObject({ given: ["", "", "", "end"], done: 1 });
    expect(play(`permeable: 1\n${course}`, [right, right, right, right])).toMatchObject({
      given: ["end", "", "", "ghost"],
      places: ["3,0", "4,0", "5,0", "6,0"],
    });
  });

  it("takes a hidden coin by coming there", () => {
    expect(play("........\n........\n........\n.@h....x\n", [right])).toMatchObject({ given: ["coin"], done: 1 });
  });

  it("dies in pits that it does not jump", () => {
    const course = "........\n........\n........\n.@~~...x\n";
    expect(play(course, [right])).toMatchObject({ given: ["death"], done: 1 });
    expect(play(course, [up, right, right, stay])).toMatchObject({ given: ["", "", "", "death"], done: 1 });
    expect(play(course, [up, right, right, right])).toMatchObject({ places: ["1,1", "2,2", "3,1", "4,0"], done: 0 });
  });

  it("jumps onto blocks of two and is stopped by them on the ground", () => {
    const course = "........\n........\n..#.....\n.@#....x\n";
    expect(play(course, [right, up, right, stay, right, stay, stay]).places).toEqual([
      ...["1,0", "1,1", "2,2", "2,2", "3,2", "3,1", "3,0"],
    ]);
  });

  it("dies where an enemy comes to it or passes through it, and lands behind one that it jumped", () => {
    const course = "........\n........\n........\n.@.e...x\n";
    expect(play(course, [right, right, right])).toMatchObject({ places: ["2,0", "3,0", "4,0"], given: ["", "", "death"] });
    // The enemy stands on columns 4, 5, 4, 3, 4, 5 after 1, 2, … 6 steps.
    expect(play(course, [right, right, stay, stay])).toMatchObject({ places: ["2,0", "3,0", "3,0", "3,0"], done: 1 });
    expect(play(course, [right, right, stay, right])).toMatchObject({ places: ["2,0", "3,0", "3,0", "4,0"], done: 1 });
    expect(play(course, [right, up, right, right, right, right])).toMatchObject({
      places: ["2,0", "2,1", "3,2", "4,1", "5,0", "6,0"],
      done: 0,
    });
    expect(play(course, [right, stay, up, right, right, right])).toMatchObject({ given: ["", "", "", "", "", "death"] });
  });

  it("lays the coin at the end wall in training, and where the axis says otherwise", () => {
    const columns = (point: ShiftPoint) => new Set(draw(point, 2000).map(({ things }) => things.coin![0]! % 13));
    for (const { things } of draw({})) {
      expect(things.coin).toEqual(things.ghost);
      expect(things.end).toContain(things.coin![0]! + 1);
    }
    expect(columns({ coin: "right fifth" })).toEqual(new Set([9, 10, 11]));
    expect(columns({ coin: "anywhere" })).toEqual(new Set(Array.from({ length: 12 }, (_, i) => i)));
    for (const { things, player } of draw({ coin: "behind" })) expect(things.coin![0]).toBeLessThan(player);
    for (const { things } of draw({ shown: "nothing" })) expect([things.coin, things["hidden coin"]]).toEqual([[], things.ghost]);
  });

  it("shows the same wherever an unseen coin lies, so that to miss one is held against nobody", () => {
    const shown = (text: string) => {
      const batch = world.createBatch(1);
      batch.reset(0, world.parseLevel(text));
      const out = new Float32Array(world.encoders[0]!.size);
      world.encoders[0]!.writeDense(batch, out);
      return out;
    };
    const unseen = flat.replace(".@....$|", ".@..h.x|");
    expect(shown(unseen)).toEqual(shown(flat.replace(".@....$|", ".@h...x|")));
    expect(shown(unseen)).not.toEqual(shown(flat));
    expect(world.axes.filter(({ asksForNewAbility }) => asksForNewAbility).map(({ name }) => name)).toEqual(["shown"]);
  });

  it("puts an end wall that may be at either end there, and the player between, so that wall and coin lie on either side", () => {
    const levels = draw({ endWall: "either", coin: "anywhere" });
    for (const { things, player, columns } of levels) {
      expect([0, columns - 1]).toContain(things.end![0]);
      expect(player % columns).toBeGreaterThan(2);
      expect(player % columns).toBeLessThan(columns - 2);
    }
    for (const level of draw({ endWall: "either" }, 40)) expect(stepsTo(level, "end").steps).toBeLessThanOrEqual(level.horizon);
    const behind = levels.filter(({ things }) => things.end![0] === 0).length;
    expect(Math.abs(behind - levels.length / 2)).toBeLessThan(3 * Math.sqrt(levels.length / 4));
    const coins = levels.map(({ things, player, columns }) => (things.coin![0]! % columns) - (player % columns));
    expect(coins.filter((away) => away < 0).length).toBeGreaterThan(100);
    expect(coins.filter((away) => away > 0).length).toBeGreaterThan(100);
  });

  it.each([
    ...[{}, { coin: "anywhere" }, { coin: "behind" }],
    ...[{ endWall: "permeable", coin: "anywhere" }, { endWall: "permeable" }],
    ...[
      { endWall: "either", coin: "anywhere" },
      { endWall: "either", coin: "behind" },
    ],
  ])("has courses that can be won in time, and as few states as can be solved: %j", (point) => {
    for (const level of draw(point, 60)) {
      const { steps, states } = stepsTo(level, "coin");
      expect(steps).toBeLessThanOrEqual(level.horizon);
      expect(states).toBeLessThan(3000);
    }
  });

  it("touches the end wall no later than it takes the coin in training", () => {
    for (const level of draw({}, 40)) expect(stepsTo(level, "coin").steps).toBeGreaterThanOrEqual(stepsTo(level, "end").steps);
  });
});
