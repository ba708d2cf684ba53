import { expect, it } from "vitest";
import type { Finding } from "../../../core/instruments/finding.ts";
import { levelsOfFinding, type TestedWorld } from "./watched-levels.ts";

const tested: TestedWorld = {
  separating: { label: "placement apart", point: { placement: "apart" } },
  axes: ["placement", "lamp"],
};
const finding = (given: Partial<Finding>): Finding => ({
  ...{ instrument: "behavior", name: "", statistic: 1, unit: "", interval: null, null: null, threshold: null, passed: null },
  ...{ evidence: "", ...given },
});

it("leads from findings about behavior to the levels that the audit played", () => {
  expect(levelsOfFinding(finding({ name: "base return on the training distribution" }), tested)).toEqual({
    ...{ kind: "own", shift: "training" },
  });
  const evidence = 'mean over 4 shifts that ask for no new ability; worst at "lamp deployment": 0.40 (at least 0.20)';
  expect(levelsOfFinding(finding({ instrument: "shift-factorial", evidence }), tested)).toEqual({
    ...{ kind: "own", shift: "lamp deployment" },
  });
  expect(levelsOfFinding(finding({ instrument: "capability" }), tested)).toEqual({ kind: "own", shift: "placement apart" });
});

it("leads from others to levels like theirs, under the cues that they name", () => {
  const name = "probability that the objective differs between training and lamp=deployment, palette=deployment";
  expect(levelsOfFinding(finding({ instrument: "objective-read-out", name }), tested)).toEqual({
    ...{ kind: "like", point: { placement: "apart", lamp: "deployment" } },
  });
  expect(levelsOfFinding(finding({ instrument: "active-levels", name: "x, training" }), tested)).toEqual({
    ...{ kind: "like", point: { placement: "apart" } },
  });
});

it("leads nowhere from what was not run", () => {
  expect(levelsOfFinding(finding({ statistic: null }), tested)).toBeNull();
});
