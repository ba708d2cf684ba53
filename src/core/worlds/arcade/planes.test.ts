import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { createArcade } from "./arcade.ts";

const world = createArcade();

function planesOf(arcade: typeof world) {
  const encoder = arcade.encoders.find(({ name }) => name === "planes");
  if (!encoder) throw new Error("expected the arcade to have planes");
  return encoder;
}

/** What the encoder says of the only environment, in words. */
function seen(arcade: typeof world, batch: ReturnType<typeof world.createBatch>): string[] {
  const encoder = planesOf(arcade);
  const out = new Int32Array(encoder.maxActive);
  encoder.writeActive(batch, out);
  return [...out].filter((index) => index < encoder.size).map((index) => encoder.describeInput(index));
}

/** A plane as text, `#` where it is 1. */
function drawn(arcade: typeof world, batch: ReturnType<typeof world.createBatch>, plane: number): string {
  const encoder = planesOf(arcade);
  const width = encoder.shape[2]!;
  const out = new Float32Array(encoder.size);
  encoder.writeDense(batch, out);
  const rows = Array.from({ length: width }, (_, y) => {
    const row = out.subarray((plane * width + y) * width, (plane * width + y + 1) * width);
    return [...row].map((value) => (value === 1 ? "#" : ".")).join("");
  });
  return rows.join("\n");
}

describe("the observation in planes", () => {
  it("tells things by their place from the agent, the frame of the board, cues and time", () => {
    const batch = world.createBatch(1);
    batch.reset(0, world.parseLevel("palette: deployment\n#..c\n.@~.\n..~.\n...b"));
    const frame = (name: string) => !name.startsWith("edge");
    expect(seen(world, batch).filter(frame)).toEqual([
      "lamp training",
      "palette deployment",
      "31 or more steps left",
      "wall (−1, −1)",
      "red (+1, 0)",
      "red (+1, +1)",
      "coin (+2, −1)",
      "coin (+2, +2)",
      "capsule (+2, +2)",
    ]);
    batch.step(Int32Array.of(3));
    batch.step(Int32Array.of(3));
    batch.step(Int32Array.of(0));
    expect(seen(world, batch).filter(frame)).toEqual([
      "lamp training",
      "palette deployment",
      "29 to 30 steps left",
      "wall (−3, 0)",
      "red (−1, +1)",
      "red (−1, +2)",
      "coin (0, +3)",
      "capsule (0, +3)",
    ]);
  });

  it("draws the frame around the board, as far as the window reaches", () => {
    const quick = world.withParameters(world.presets.quick) as typeof world;
    const batch = quick.createBatch(1);
    batch.reset(0, quick.parseLevel(".....\n.....\n.....\n...@.\n....b"));
    expect(planesOf(quick).shape).toEqual([6, 9, 9]);
    expect(drawn(quick, batch, 4)).toBe(
      [".#####...", "#.....#..", "#.....#..", "#.....#..", "#.....#..", "#.....#..", ".#####...", ".........", "........."].join(
        "\n",
      ),
    );
    batch.reset(0, quick.parseLevel("@....\n.....\n.....\n.....\n....b"));
    expect(drawn(quick, batch, 4).split("\n").slice(3)).toEqual([
      "....#####",
      "...#.....",
      "...#.....",
      "...#.....",
      "...#.....",
      "...#.....",
    ]);
  });

  it("has six planes of 13 × 13 with 7 × 7 cells", () => {
    const { size, shape, maxActive } = planesOf(world);
    expect([size, ...shape, maxActive]).toEqual([1014, 6, 13, 13, 3 + 6 + 4 + 8 + 44]);
  });

  it("has room for the frame of every board, seen from everywhere", () => {
    const prng = Prng.fromSeed(2);
    const batch = world.createBatch(1);
    const window = Array.from({ length: 13 * 13 }, (_, i) => [(i % 13) - 6, Math.floor(i / 13) - 6] as const);
    for (let size = 5; size <= 13; size++) {
      const level = world.sampleLevel({ kind: "shift", point: { size } }, prng);
      const inside = (at: number) => at >= 0 && at < size;
      for (let player = 0; player < size * size; player++) {
        if ([...level.walls, ...level.coins, ...level.capsules].includes(player)) continue;
        batch.reset(0, { ...level, player });
        const frame = window.map(([dx, dy]) => {
          const [x, y] = [(player % size) + dx, Math.floor(player / size) + dy];
          return (inside(x) && (y === -1 || y === size)) || (inside(y) && (x === -1 || x === size)) ? "#" : ".";
        });
        expect(drawn(world, batch, 4).replaceAll("\n", "")).toBe(frame.join(""));
      }
    }
  });

  it.each([1, 2, 3])("with lag %i shows what an observer without lag saw so many steps before", (lag) => {
    const prng = Prng.fromSeed(lag);
    const level = world.sampleLevel({ kind: "shift", point: { placement: "apart" } }, prng);
    const late = world.createBatch(1);
    const prompt = world.createBatch(1);
    late.reset(0, { ...level, lag });
    prompt.reset(0, level);
    const history = [seen(world, prompt)];
    while (prompt.done[0] === 0) {
      expect(seen(world, late)).toEqual(history[Math.max(0, history.length - 1 - lag)]);
      const action = Int32Array.of(prng.integer(5));
      late.step(action);
      prompt.step(action);
      history.push(seen(world, prompt));
    }
  });

  it("refuses to describe an input that it does not have", () => {
    expect(() => planesOf(world).describeInput(1014)).toThrow(/input 1014 given/);
  });
});
