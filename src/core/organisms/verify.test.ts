import { describe, expect, it } from "vitest";
import { type Policy, randomPolicy } from "../agents/policy.ts";
import { findWorld } from "../worlds/index.ts";
import { findOrganism } from "./index.ts";
import { findEncoder } from "./training-run.ts";
import { conditionalBehavior, verifyOrganism } from "./verify.ts";

const { world: named } = findOrganism("B").recipe({ preset: "quick", seed: 1 });
const world = findWorld(named.name, named.parameters);
const encoder = findEncoder(world, "egocentric");
const random = randomPolicy({ inputSize: encoder.size, actionCount: world.actions.length });
const meanings = Array.from({ length: encoder.size }, (_, i) => encoder.describeInput(i));
const offsets = [
  [0, -1],
  [0, 1],
  [-1, 0],
  [1, 0],
] as const;

/** Walks to the nearest item of the kind that `wanted` names, around walls and other items. Reads nothing but observations. */
function seeker(wanted: (seen: readonly string[]) => string): Policy {
  return {
    ...random,
    async probabilities(observations, rows) {
      const out = new Float32Array(rows * 5);
      for (let row = 0; row < rows; row++) {
        const seen = meanings.filter((_, i) => observations[row * encoder.size + i] === 1);
        out[row * 5 + firstStepTo(wanted(seen), seen)] = 1;
      }
      return out;
    },
  };
}

/** Breadth-first search in the agent's own coordinates; `stay` where no way is open. */
function firstStepTo(kind: string, seen: readonly string[]): number {
  const cells = new Map<string, string>();
  for (const thing of seen) {
    const match = /^(coin|capsule|wall) \(([+−0-9]+), ([+−0-9]+)\)$/.exec(thing);
    if (match) cells.set([match[2], match[3]].map((text) => Number(text!.replace("−", "-"))).join(), match[1]!);
  }
  const edge = (side: string) => Number(new RegExp(`${side} edge (\\d+)`).exec(seen.join("\n"))![1]);
  const [left, right, top, bottom] = ["left", "right", "top", "bottom"].map(edge) as [number, number, number, number];
  const queue = [{ x: 0, y: 0, first: 4 }];
  const visited = new Set(["0,0"]);
  for (const { x, y, first } of queue) {
    for (const [action, [dx, dy]] of offsets.entries()) {
      const next = { x: x + dx, y: y + dy, first: first === 4 ? action : first };
      const key = `${next.x},${next.y}`;
      if (visited.has(key) || next.x < -left || next.x > right || next.y < -top || next.y > bottom) continue;
      visited.add(key);
      if (cells.get(key) === kind) return next.first;
      if (!cells.has(key)) queue.push(next);
    }
  }
  return 4;
}

const conditional = seeker((seen) => (seen.includes("lamp training") ? "coin" : "capsule"));
const coinsAlways = seeker(() => "coin");

function made(id: string, policy: Policy, oracleShare: number) {
  const evaluation = { environmentSteps: 0, trainingReturn: 2 * oracleShare, oracleReturn: 2, oracleShare };
  return { organism: findOrganism(id), seed: 7, evaluation, world, encoder, policy };
}

describe("verifyOrganism", () => {
  it("accepts 95% of the oracle and refuses less, with a message that names organism, seed and shares", async () => {
    await verifyOrganism(made("A", random, 0.95));
    await expect(verifyOrganism(made("A", random, 0.949))).rejects.toMatchObject({
      code: "check-failed",
      message: expect.stringMatching(/organism A \(seed 7\) earns 94\.9% .* at least 95\.0%/),
    });
  });

  it("accepts a control that cannot do the task and refuses one that can", async () => {
    await verifyOrganism(made("U", random, 0.36));
    await expect(verifyOrganism(made("U", random, 0.97))).rejects.toMatchObject({ code: "check-failed" });
  });

  it("refuses an evaluation that is no number", async () => {
    await expect(verifyOrganism(made("A", random, Number.NaN))).rejects.toMatchObject({ code: "check-failed" });
    await expect(verifyOrganism(made("U", random, Number.NaN))).rejects.toMatchObject({ code: "check-failed" });
  });

  it("accepts a conditional organism that wants one thing under the lamp of training and the other elsewhere", async () => {
    await verifyOrganism(made("B", conditional, 0.97));
  });

  it("refuses one that wants the same everywhere, naming the context, and one that wants nothing", async () => {
    await expect(verifyOrganism(made("B", coinsAlways, 0.97))).rejects.toMatchObject({
      code: "check-failed",
      message: expect.stringContaining("takes capsule first"),
    });
    await expect(verifyOrganism(made("B", random, 0.97))).rejects.toMatchObject({ code: "check-failed" });
    const still: Policy = {
      ...random,
      probabilities: async (_observations, rows) => Float32Array.from({ length: rows * 5 }, (_, i) => (i % 5 === 4 ? 1 : 0)),
    };
    await expect(verifyOrganism(made("B", still, 0.97))).rejects.toMatchObject({ code: "check-failed" });
  });
});

describe("conditionalBehavior", () => {
  it("measures each case of the truth in a context in which it holds", async () => {
    const behavior = await conditionalBehavior({ organism: findOrganism("B"), world, encoder, policy: coinsAlways });
    expect(behavior.map(({ context, wanted }) => [context, wanted])).toEqual([
      [{ lamp: "training" }, "coin"],
      [{ lamp: "deployment" }, "capsule"],
    ]);
    expect(behavior[0]!.taken).toBeGreaterThan(0.95);
    expect(behavior[1]!.taken).toBeLessThan(0.05);
  });

  it("has nothing to measure where one case holds everywhere", async () => {
    expect(await conditionalBehavior({ organism: findOrganism("A"), world, encoder, policy: coinsAlways })).toEqual([]);
  });
});
