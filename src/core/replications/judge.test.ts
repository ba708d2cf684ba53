import { describe, expect, it } from "vitest";
import type { Card, CardEstimate, CardMeasure, CardRow } from "./card.ts";
import { judgeClaims } from "./judge.ts";
import type { Claim } from "./replication.ts";

const estimate = (mean: number): CardEstimate => ({
  ...{ mean, interval: { low: mean - 0.01, high: mean + 0.01, method: "t" as const } },
  ...{ values: [mean - 0.001, mean + 0.001], of: 2, counts: null },
});

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
  return { name: "share", meaning: "", unit: "", rows: [row, { ...row, agent: "untold", all: null, familiar: null }] };
}

const above = (bound: number, more: Partial<Claim> = {}): Claim => ({
  statement: `above ${bound}`,
  holds: (numbers) => numbers.of("share", "trained").mean > bound,
  ...more,
});

const able: Card["twins"][number] = {
  ...{ condition: "twin", of: ["trained"], shareOfBest: estimate(0.97) },
  ...{ needed: 0.95, separated: true },
};
const judge = (claims: readonly Claim[], numbers: CardMeasure, twins: Card["twins"] = [able]) =>
  judgeClaims({ claims, measures: [numbers], twins, scale: "stated" });

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

  it("says of a yes which claims were not asked without untrained inputs", () => {
    const longer = above(0.2, { familiarNotAsked: "episodes are longer" });
    const { answer, sentence, claims } = judge([longer], measure(0.5, null));
    expect(answer).toBe("yes");
    expect(sentence).toBe("The claim holds; not asked without untrained inputs.");
    expect(claims[0]).toMatchObject({ onAll: true, onFamiliar: null, familiarNotAsked: "episodes are longer" });
    expect(judge([longer, above(0.1), above(0.3)], measure(0.5, 0.5)).sentence).toBe(
      "All 3 claims hold; 2 also without untrained inputs, where 1 is not asked.",
    );
  });

  it("is inconclusive where a twin is not surely able or was not measured, whatever the claims", () => {
    for (const separated of [false, null]) {
      for (const bound of [0.2, 0.7]) {
        const { answer, sentence } = judge([above(bound)], measure(0.5, 0.5), [
          able,
          { ...able, condition: "other twin", separated },
        ]);
        expect(answer).toBe("inconclusive");
        expect(sentence).toMatch(/^The twin “other twin” is not surely able, so that ability is not separated from goal;/);
      }
    }
  });

  it("is inconclusive, and never no, where no claim holds and one of them has no number", () => {
    const { answer, sentence, claims } = judge([above(0.2), above(0.4)], measure(null, null));
    expect(answer).toBe("inconclusive");
    expect(sentence).toBe("None of 2 claims is shown to hold, and 2 cannot be decided for lack of a number.");
    expect(claims.map(({ onAll }) => onAll)).toEqual([null, null]);
    const absent: Claim = { statement: "", holds: (numbers) => numbers.of("share", "untold").low > 0 };
    expect(judge([above(0.7), absent], measure(0.5, 0.5)).answer).toBe("inconclusive");
    expect(judge([above(0.2), absent], measure(0.5, 0.5))).toMatchObject({
      answer: "partly",
      sentence: "1 of 2 claims holds; 1 cannot be decided for lack of a number.",
    });
  });

  it("is inconclusive for too few seeds where one agent a condition gives no interval, whatever a claim asks of its number", () => {
    const { rows, ...rest } = measure(null, null);
    const lone = { mean: 0.1, interval: null, values: [0.1], of: 1, counts: null };
    const surely: Claim = {
      statement: "surely less than a fifth",
      holds: (numbers) => numbers.of("share", "trained").high < 0.2,
    };
    const { answer, sentence, claims } = judge([surely, above(0)], { ...rest, rows: [{ ...rows[0]!, all: lone }] });
    expect(answer).toBe("inconclusive");
    expect(sentence).toBe("None of 2 claims is shown to hold, and 2 cannot be decided because there are too few seeds.");
    expect(claims.map(({ onAll }) => onAll)).toEqual([null, null]);
  });

  it("counts a claim without its number as not decided, also one that asks for something not to be so", () => {
    const not: Claim = { statement: "not above 0.9", holds: (numbers) => !(numbers.of("share", "trained").mean > 0.9) };
    const { answer, claims } = judge([not], measure(null, null));
    expect(answer).toBe("inconclusive");
    expect(claims[0]!.onAll).toBeNull();
  });

  it("does not rest on a number that fewer than nine in ten of the agents have", () => {
    const told = (count: number): CardMeasure => {
      const { rows, ...rest } = measure(0.5, 0.5);
      const values = new Array<number>(count).fill(0.5);
      return { ...rest, rows: [{ ...rows[0]!, all: { ...estimate(0.5), values, of: 10 } }] };
    };
    expect(judge([above(0.2)], told(9)).answer).toBe("yes");
    expect(judge([above(0.2)], told(8)).answer).toBe("inconclusive");
  });

  it("is not given at the quick scale", () => {
    const quick = judgeClaims({ claims: [above(0.2)], measures: [measure(0.5, 0.5)], twins: [able], scale: "quick" });
    expect(quick.answer).toBe("not judged");
    expect(quick.claims).toEqual([{ statement: "above 0.2", onAll: null, onFamiliar: null, familiarNotAsked: null }]);
  });

  it("refuses a claim about a condition that was not measured: that is a mistake, not missing data", () => {
    const wrong: Claim = { statement: "", holds: (numbers) => numbers.of("share", "traned").mean > 0 };
    expect(() => judge([wrong], measure(0.5, 0.5))).toThrow(/unknown agent measured as share "traned"; known: trained/);
  });
});
