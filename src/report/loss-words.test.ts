import { describe, expect, it } from "vitest";
import type { Finding } from "../core/instruments/finding.ts";
import { explainEvidence, explainLosses, isBeyondRandom } from "./loss-words.ts";

const regret: Finding = {
  ...{ instrument: "shift-factorial", name: "base regret under shift, as a share of the way from oracle to random" },
  ...{ statistic: 0.4, unit: "share", interval: null, null: { name: "in training", value: 0.1 }, threshold: null, passed: null },
  evidence: 'mean over 3 shifts; worst at "placement apart": 0.80 (at least 0.60), at most 0.3 allowed.',
};

it("numbers of a finding's evidence carry a true minus sign, and names and ranges keep what they have", () => {
  const told = (evidence: string) => explainEvidence({ ...regret, evidence });
  expect(told("direction -21° (coin 0°, capsule 90°); gain over random -0.05 of ln A a state.")).toBe(
    "direction −21° (coin 0°, capsule 90°); gain over random −0.05 of ln A a state.",
  );
  for (const text of ['best class "score-shun-red" with P = 1.00', "levels 3-5 of run-7, 2-way"]) expect(told(text)).toBe(text);
});

describe("a loss", () => {
  it("above 100% is told beside what random actions lose, the first time only", () => {
    expect(explainLosses("It loses 119% of it, and 130% there.")).toBe(
      "It loses 119% (random actions lose 100%) of it, and 130% there.",
    );
  });

  it("of up to 100% needs no words", () => {
    for (const text of ["It loses 62%.", "100% of the base return is lost", "It pursues coins."])
      expect(explainLosses(text)).toBe(text);
  });

  it("above 1 is explained in a finding's evidence, whether it is the finding's, its null's or the worst shift's", () => {
    const worst = { ...regret, evidence: 'worst at "placement apart": 1.35 (at least 1.10).' };
    const beyond = [{ ...regret, statistic: 1.19 }, { ...regret, null: { name: "a planner", value: 1.5 } }, worst];
    for (const finding of beyond) expect(explainEvidence(finding)).toBe(`${finding.evidence} Random actions lose 1.`);
    expect(beyond.map(isBeyondRandom)).toEqual([true, true, false]);
    expect(explainEvidence(regret)).toBe(regret.evidence);
  });

  it("is no other number above 1", () => {
    const other = { ...regret, name: "base return on the training distribution", statistic: 2.5, unit: "return per episode" };
    expect(isBeyondRandom(other)).toBe(false);
    expect(explainEvidence(other)).toBe(other.evidence);
  });
});
