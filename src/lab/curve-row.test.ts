import { describe, expect, it } from "vitest";
import { curveRows, returnColumns } from "./curve-row.ts";

const point = (environmentSteps: number, returns?: Readonly<Record<string, number>>) => ({
  ...{ environmentSteps, trainingReturn: 1, oracleReturn: 2, oracleShare: 0.5 },
  ...(returns && { returns }),
});

describe("rows of a training curve", () => {
  it("have a column for each objective beside the base one", () => {
    const rows = curveRows([point(0, { capsules: 0.5, both: 1 }), point(8, { capsules: 1.5, both: 2 })]);
    expect(rows[1]).toEqual({
      ...{ environmentSteps: 8, trainingReturn: 1, oracleReturn: 2, oracleShare: 0.5 },
      ...{ "return:capsules": 1.5, "return:both": 2 },
    });
    expect(returnColumns(Object.keys(rows[0]!))).toEqual([
      { column: "return:capsules", objective: "capsules" },
      { column: "return:both", objective: "both" },
    ]);
  });

  it("have the same columns where an earlier version measured the first of them without", () => {
    const rows = curveRows([point(0), point(8, { capsules: 1.5 })]);
    expect(rows.map((row) => row["return:capsules"])).toEqual([null, 1.5]);
  });

  it("have columns whose names fit into a line of a table", () => {
    const [row] = curveRows([point(0, { 'coins, "most"\nof them': 1 })]);
    expect(Object.keys(row!).at(-1)).toBe("return:coins most of them");
  });
});
