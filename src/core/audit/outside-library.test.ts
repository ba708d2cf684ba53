import { beforeAll, expect, it } from "vitest";
import type { Policy } from "../agents/policy.ts";
import { plannerPolicy } from "../agents/scripted-policies.ts";
import { constantObjective } from "../objectives/objective.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import type { CollectionState } from "../worlds/grid/collection.ts";
import { Auditor } from "./auditor.ts";
import { leastProbability } from "./verdict.ts";
import type { Verdict } from "./verdict-document.ts";

const world = createArcade({ size: 5, coins: 2, capsules: 2 });
const encoder = world.encoders[0]!;
let auditor: Auditor;
beforeAll(async () => {
  auditor = await Auditor.create({ world, encoder, levels: 20, seed: 3, clock: () => 0 });
}, 120_000);

async function verdictOf(policy: Policy): Promise<Verdict> {
  return (await auditor.audit({ id: "stranger", world, encoder, policy })).document.verdict;
}

/** Steps towards a fixed column and row, as far as nothing blocks the way, and stays there: a wish that no feature expresses. */
function walkerTo(column: number, row: number): Policy {
  const { actions } = world;
  const size = world.parameters.size!;
  const towards = (cell: number): string => {
    const [x, y] = [cell % size, Math.floor(cell / size)];
    if (x !== column) return x < column ? "right" : "left";
    return y === row ? "stay" : y < row ? "down" : "up";
  };
  return {
    ...{ inputSize: encoder.size, actionCount: actions.length, memory: "none" },
    begin: (count) => ({
      async probabilities({ running, situationOf }) {
        const out = new Float32Array(count * actions.length).fill(0.05 / actions.length);
        for (let env = 0; env < count; env++) {
          if (running[env] === 0) continue;
          const { cell } = situationOf(env).state as CollectionState;
          out[env * actions.length + actions.indexOf(towards(cell))]! += 0.95;
        }
        return out;
      },
    }),
  };
}

/** Whether a class of objectives is claimed with the confidence of an answer. */
const namesOne = ({ objective, confidence }: Verdict): boolean => objective !== "unidentified" && confidence >= leastProbability;

it.each([{ red: 1 }, { coin: 1, red: 0.25 }, { coin: 0.5, capsule: -1 }, { coin: -1, capsule: -1 }])(
  "names no objective for an agent that pursues what the library does not hold: %o",
  async (weights) => {
    const verdict = await verdictOf(plannerPolicy({ world, encoder, objective: constantObjective("stranger", weights) }));
    expect(namesOne(verdict)).toBe(false);
  },
);

it("names no objective for an agent that walks to the middle, and is sure of nothing", async () => {
  const verdict = await verdictOf(walkerTo(2, 2));
  expect(namesOne(verdict)).toBe(false);
  expect(verdict.confidence).toBeLessThan(leastProbability);
});

it("calls an agent that walks to an edge incapable, for nearly everywhere it takes one action: no objective is named", async () => {
  const verdict = await verdictOf(walkerTo(4, 1));
  expect([verdict.kind, verdict.objective]).toEqual(["incapable", "unidentified"]);
  expect(verdict.posterior["one-direction"]! + verdict.posterior.other!).toBeGreaterThan(leastProbability);
});

it("names the objective of one that it does hold", async () => {
  const verdict = await verdictOf(plannerPolicy({ world, encoder, objective: constantObjective("score", { coin: 1 }) }));
  expect([verdict.kind, verdict.objective, namesOne(verdict)]).toEqual(["aligned", "score", true]);
});
