import { describe, expect, it } from "vitest";
import { MesascopeError } from "../core/base/errors.ts";
import { organisms } from "../core/organisms/index.ts";
import type { Recipe } from "../core/organisms/recipe.ts";
import { variantOf } from "../core/organisms/variants.ts";
import { type ComparableRun, compareRuns } from "./compare.ts";
import type { Outcome } from "./record.ts";

const plain = organisms.find(({ id }) => id === "corner/aligned")!.recipe({ preset: "quick", seed: 0 });
const gru = variantOf(plain, { network: "gru" });

function trained(trainingReturn: number): Outcome {
  return { kind: "train", environmentSteps: 100, trainingReturn, oracleReturn: 10, oracleShare: trainingReturn / 10 };
}
function audited(kind: "aligned" | "proxy"): Outcome {
  return { kind: "audit", verdict: { kind, objective: "cheese", confidence: 0.9 } };
}
function measured(cornerSize: number, mean: number): Outcome {
  return { kind: "measure", points: [{ point: { cornerSize, alpha: 0 }, returns: { cheese: { mean, low: 0, high: 1 } } }] };
}

function runOf(recipe: Recipe, seed: number, outcomes: readonly Outcome[]): ComparableRun {
  return { key: `${recipe.network.kind}-${seed}`, organism: "corner/aligned", recipe: { ...recipe, seed }, code: "1", outcomes };
}

describe("runs that are compared", () => {
  it("are grouped by all but the seed, and told by the fields in which groups differ", () => {
    const fast = { ...plain, optimizer: { ...plain.optimizer, learningRate: 0.01 } };
    const { fields, groups } = compareRuns([
      runOf(plain, 1, []),
      runOf(gru, 1, []),
      runOf(plain, 2, []),
      { ...runOf(fast, 1, []), organism: null },
    ]);
    expect(fields).toEqual(["network.embed", "network.hidden", "network.kind", "optimizer.learningRate", "organism"]);
    expect(groups.map(({ config, seeds, runs }) => ({ ...config, seeds, runs }))).toEqual([
      {
        "network.embed": null,
        "network.hidden": "[64,64]",
        "network.kind": "mlp",
        "optimizer.learningRate": plain.optimizer.learningRate,
        organism: "corner/aligned",
        seeds: [1, 2],
        runs: ["mlp-1", "mlp-2"],
      },
      expect.objectContaining({ "network.embed": 64, "network.hidden": 64, "network.kind": "gru", seeds: [1] }),
      expect.objectContaining({ "optimizer.learningRate": 0.01, organism: null, seeds: [1] }),
    ]);
  });

  it("of equal shares on every axis but other mixtures are told apart", () => {
    const point = (cornerSize: number, maze: string) => ({ kind: "shift" as const, point: { cornerSize, maze } });
    const mix = (base: Recipe["distribution"], shifted: Recipe["distribution"]) => ({
      kind: "mixture" as const,
      base,
      shifted,
      alpha: 0.5,
    });
    const two = mix(point(1, "open"), point(3, "block"));
    const together = { ...plain, distribution: two };
    const crossed = { ...plain, distribution: mix(two, mix(point(1, "block"), point(3, "open"))) };
    const { fields, groups } = compareRuns([runOf(together, 1, []), runOf(crossed, 1, [])]);
    expect(fields).toEqual(["distribution"]);
    expect(groups[0]!.config.distribution).not.toBe(groups[1]!.config.distribution);
  });

  it("of one configuration differ in nothing", () => {
    expect(compareRuns([runOf(plain, 1, []), runOf(plain, 2, [])])).toMatchObject({
      fields: [],
      metrics: [],
      baseline: 0,
      groups: [{ seeds: [1, 2] }],
    });
    expect(compareRuns([])).toEqual({ fields: [], metrics: [], groups: [], baseline: 0 });
  });
});

describe("metrics of a group", () => {
  // Quantiles of t in closed form: of two degrees (2p − 1) √(2 / (4p (1 − p))) (tables: 4.303), of one tan(π (p − ½)) (tables: 12.706).
  const two = 0.95 * Math.sqrt(2 / (4 * 0.975 * 0.025));
  const one = Math.tan(Math.PI * 0.475);
  // 8, 9, 10: mean 9, standard deviation 1, standard error 1/√3.
  const high = [8, 9, 10].map((value, i) => runOf(plain, i, [trained(value)]));
  // 4, 6: mean 5, standard deviation √2, standard error 1.
  const low = [4, 6].map((value, i) => runOf(gru, i, [trained(value)]));

  it("are means with 95% t intervals over seeds", () => {
    const { groups } = compareRuns([...high, ...low]);
    const [first, second] = groups.map(({ metrics }) => metrics.return!);
    expect(first).toMatchObject({ mean: 9, n: 3 });
    expect(first!.low).toBeCloseTo(9 - two / Math.sqrt(3), 10);
    expect(first!.high).toBeCloseTo(9 + two / Math.sqrt(3), 10);
    expect(second).toMatchObject({ mean: 5, n: 2 });
    expect(second!.low).toBeCloseTo(5 - one, 8);
  });

  it("differ from the baseline's by Welch's interval", () => {
    const { groups, baseline } = compareRuns([...high, ...low], "gru-1");
    expect(baseline).toBe(1);
    // Variances of the means 1/3 and 1: (4/3)² / ((1/9)/2 + 1/1) = 32/19 degrees of freedom.
    const difference = groups[0]!.differences.return!;
    expect(difference.difference).toBe(4);
    expect((difference.high - 4) / Math.sqrt(4 / 3)).toBeCloseTo(welchQuantile(32 / 19), 6);
    expect(4 - difference.low).toBeCloseTo(difference.high - 4, 12);
    expect(groups[1]!.differences.return).toBeNull();
  });

  it("have no interval below two runs, are null where no run has them, and count only those that do", () => {
    const { groups, metrics } = compareRuns([
      runOf(plain, 1, [trained(8)]),
      runOf(plain, 2, []),
      runOf(gru, 1, [measured(3, 0.5)]),
    ]);
    expect(metrics).toEqual(["return", "share", "cheese at alpha 0, cornerSize 3"]);
    expect(groups[0]!.runs).toHaveLength(2);
    expect(groups[0]!.metrics).toEqual({
      return: { mean: 8, low: null, high: null, n: 1 },
      share: { mean: 0.8, low: null, high: null, n: 1 },
      "cheese at alpha 0, cornerSize 3": null,
    });
    expect(groups[1]!.differences).toEqual({ return: null, share: null, "cheese at alpha 0, cornerSize 3": null });
  });

  it("of verdicts are shares with Wilson's interval, and Newcombe's for their difference", () => {
    // Table II of Newcombe 1998, (a) 56/70 − 48/80: method 10 gives .0524 to .3339.
    const group = (recipe: Recipe, yes: number, of: number) =>
      Array.from({ length: of }, (_, i) => runOf(recipe, i, [audited(i < yes ? "proxy" : "aligned")]));
    const { groups, metrics } = compareRuns([...group(plain, 48, 80), ...group(gru, 56, 70)]);
    expect(metrics).toEqual(["verdict aligned", "verdict proxy"]);
    expect(groups[0]!.metrics["verdict proxy"]).toMatchObject({ mean: 0.6, n: 80 });
    const difference = groups[1]!.differences["verdict proxy"]!;
    expect(difference.difference).toBeCloseTo(0.2, 12);
    expect(difference.low).toBeCloseTo(0.0524, 4);
    expect(difference.high).toBeCloseTo(0.3339, 4);
    // Two groups that never disagree: still no certainty.
    const sure = compareRuns([...group(plain, 0, 3), ...group(gru, 3, 3)]).groups[1]!.differences["verdict proxy"]!;
    expect(sure.low).toBeLessThan(0.5);
  });

  it("of verdicts leave out what an agent wanted on the way", () => {
    const onTheWay: Outcome = {
      ...{ kind: "audit", environmentSteps: 10, posterior: { corner: 0.2 } },
      verdict: { kind: "aligned", objective: "cheese", confidence: 0.9 },
    };
    const { groups, metrics } = compareRuns([1, 2].map((seed) => runOf(plain, seed, [onTheWay, audited("proxy")])));
    expect(metrics).toEqual(["verdict proxy"]);
    expect(groups[0]!.metrics["verdict proxy"]).toMatchObject({ mean: 1, n: 2 });
  });

  it("of measurements are in the order of their numbers, and of a run that was measured twice its mean", () => {
    const { metrics, groups } = compareRuns([runOf(plain, 1, [measured(10, 0.2), measured(3, 0.9), measured(10, 0.4)])]);
    expect(metrics).toEqual(["cheese at alpha 0, cornerSize 3", "cheese at alpha 0, cornerSize 10"]);
    expect(groups[0]!.metrics["cheese at alpha 0, cornerSize 10"]!.mean).toBeCloseTo(0.3, 12);
  });

  it("that are no numbers are refused", () => {
    expect(() => compareRuns([runOf(plain, 1, [trained(Number.NaN)])])).toThrow(MesascopeError);
  });
});

/** t(.975) of ν degrees of freedom by Simpson's rule over the density, independent of the project's own distribution. */
function welchQuantile(degrees: number): number {
  const density = (t: number) => (1 + (t * t) / degrees) ** (-(degrees + 1) / 2);
  // ∫ density over the whole line by the substitution t = tan u.
  const integral = (to: number) => {
    const steps = 20_000;
    const end = Math.atan(to);
    const height = (u: number) => density(Math.tan(u)) / Math.cos(u) ** 2;
    let sum = height(0) + height(end);
    for (let i = 1; i < steps; i++) sum += height((end * i) / steps) * (i % 2 === 1 ? 4 : 2);
    return (sum * end) / steps / 3;
  };
  const whole = integral(1e9);
  let [low, high] = [0, 100];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (integral(middle) / whole < 0.95) low = middle;
    else high = middle;
  }
  return low;
}
