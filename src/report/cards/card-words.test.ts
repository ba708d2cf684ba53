import { describe, expect, it } from "vitest";
import type { CardEstimate, CardRow } from "../../core/replications/card.ts";
import { cellText, countText, estimateText } from "./card-words.ts";

const estimate: CardEstimate = {
  mean: 0.531,
  interval: { low: 0.5, high: 0.56, method: "t" },
  values: [0.5, 0.56],
  ...{ of: 2, counts: null },
};
const row: CardRow = {
  ...{ agent: "trained", role: "studied", conditions: ["trained"], all: estimate, familiar: null, familiarShare: null },
  ...{ strict: null, strictShare: null, during: [] },
};
const conditions = [{ name: "trained", planned: 3 }];

describe("the words of a card's numbers", () => {
  it("say of how many agents a number is where some of those that count have none", () => {
    expect(estimateText(estimate)).toBe("0.53 [0.50, 0.56]");
    expect(estimateText({ ...estimate, of: 3 })).toBe("0.53 [0.50, 0.56] of 2/3");
    expect(estimateText(null)).toBe("–");
  });

  it("count agents of those that were made, and no reference agents", () => {
    expect(countText(row, { conditions })).toBe("2 of 3");
    expect(countText({ ...row, all: null }, { conditions })).toBe("0 of 3");
    expect(countText({ ...row, agent: "oracle", role: "oracle" }, { conditions })).toBe("–");
  });

  it("say of a cell of how many agents nothing was told", () => {
    const cell = { measure: "alarm", count: 9, of: 10, untold: 0, low: 0.6, high: 0.98 };
    expect(cellText(cell)).toBe("9 of 10 [0.60, 0.98]");
    expect(cellText({ ...cell, untold: 2 })).toBe("9 of 10 [0.60, 0.98], 2 not told");
  });
});
