import { expect, it } from "vitest";
import type { CardMeasure, CardRow } from "../../core/replications/card.ts";
import { drawLinePanel } from "./line-panel-svg.ts";

const row = (agent: string, role: CardRow["role"], mean: number): CardRow => ({
  ...{ agent, role, conditions: [agent], familiar: null, familiarShare: null, strict: null, strictShare: null, during: [] },
  all: { mean, interval: null, values: [mean], of: 1, counts: null },
});

it("A panel over doses draws every studied condition without a dose and every twin as a line of its own", () => {
  const conditions = [
    { name: "size 1", dose: 1 },
    { name: "size 2", dose: 2 },
    ...["α = 0.01", "α = 0.1", "near twin", "far twin"].map((name) => ({ name, dose: null })),
  ];
  const measure: CardMeasure = {
    ...{ name: "return", meaning: "What is earned.", unit: "share" },
    rows: [
      ...["size 1", "size 2", "α = 0.01", "α = 0.1"].map((name, i) => row(name, "studied", i / 10)),
      ...["near twin", "far twin"].map((name, i) => row(name, "twin", 0.8 + i / 10)),
    ],
  };
  const chart = { kind: "doses", measures: ["return"], axis: "size", scale: "linear" } as const;
  const { svg } = drawLinePanel({ chart: { ...chart, measures: ["return"] }, conditions }, measure);
  for (const label of ["trained here", "α = 0.01", "α = 0.1", "near twin", "far twin"]) expect(svg).toContain(`>${label}</text>`);
  expect(svg.match(/stroke-width="1.6"/g)).toHaveLength(5);
});
