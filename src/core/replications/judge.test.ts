import { describe, expect, it } from "vitest";
import type { Card, CardEstimate, CardMeasure, CardRow } from "./card.ts";
import { judgeClaims } from "./judge.ts";
import type { Claim } from "./replication.ts";

const estimate = (mean: number): CardEstimate => ({ mean, interval: null, values: [mean] });

function measure(all: number | null, familiar: number | null): CardMeasure {
  const row: CardRow = {
    agent: "trained",
    role: "studied",
    conditions: ["trained"],
    all: all === null ? null : estimate(all),
    familiar: familiar === null ? null : estimate(familiar),
    familiarShare: 1,
    ...{ strict: null, strictShare: null },
    during: [],
  };
  return { name: "share", meaning: "", unit: "", rows: [row] };
}

const above = (bound: number, more: Partial<Claim> = {}): Claim => ({
  statement: `above ${bound}`,
  holds: (numbers) => numbers.of("share", "trained").mean > bound,
  ...more,
});

const able: Card["twin"] = { condition: "twin", shareOfBest: estimate(0.97), needed: 0.95, separated: true };
const judge = (claims: readonly Claim[], numbers: CardMeasure, twin = able) =>
  judgeClaims({ claims, measures: [numbers], twin, scale: "stated" });

describe("the answer of a card", () => {
  it("is yes when every claim holds on all levels and on familiar ones, and the twin is able", () => {
    const { answer, sentence } = judge([above(0.2), above(0.4)], measure(0.5, 0.5));
    expect(answer).toBe("yes");
    expect(sentence).toBe("All 2 claims hold, also without untrained inputs.");
  });

  it("is no when no claim holds, and partly when some do", () => {
    expect(judge([above(0.6), above(0.7)], measure(0.5, 0.5)).answer).toBe("no");
    const partly = judge([above(0.2), above(0.7)], measure(0.5, 0.5));
    expect(partly.answer).toBe("partly");
    expect(partly.sentence).toBe("1 of 2 claims holds.");
  });

  it("is no more than partly when the claim fails, or cannot be asked, on levels without untrained inputs", () => {
    for (const familiar of [0.1, null]) {
      const { answer, sentence, claims } = judge([above(0.2)], measure(0.5, familiar));
      expect(answer).toBe("partly");
      expect(sentence).toMatch(/not shown on levels without untrained inputs/);
      expect(claims[0]!.onFamiliar).toBe(familiar === null ? null : false);
    }
  });

  it("does not ask a claim about untrained inputs on levels without them", () => {
    const { answer, sentence, claims } = judge([above(0.2, { aboutUntrainedInputs: "episodes are longer" })], measure(0.5, null));
    expect(answer).toBe("yes");
    expect(sentence).toBe("The claim holds.");
    expect(claims[0]).toMatchObject({ onAll: true, onFamiliar: null, aboutUntrainedInputs: "episodes are longer" });
  });

  it("is no more than partly when the twin falls short or was not measured", () => {
    for (const separated of [false, null]) {
      const { answer, sentence } = judge([above(0.2)], measure(0.5, 0.5), { ...able, separated });
      expect(answer).toBe("partly");
      expect(sentence).toMatch(/twin falls short/);
    }
  });

  it("counts a claim without its number as not shown, also one that asks for something not to be so", () => {
    const not: Claim = { statement: "not above 0.9", holds: (numbers) => !(numbers.of("share", "trained").mean > 0.9) };
    const { answer, claims } = judge([not], measure(null, null));
    expect(answer).toBe("no");
    expect(claims[0]!.onAll).toBeNull();
  });

  it("is not given at the quick scale", () => {
    const quick = judgeClaims({ claims: [above(0.2)], measures: [measure(0.5, 0.5)], twin: able, scale: "quick" });
    expect(quick.answer).toBe("not judged");
  });

  it("refuses a claim about a condition that was not measured: that is a mistake, not missing data", () => {
    const wrong: Claim = { statement: "", holds: (numbers) => numbers.of("share", "traned").mean > 0 };
    expect(() => judge([wrong], measure(0.5, 0.5))).toThrow(/unknown agent measured as share "traned"; known: trained/);
  });
});
