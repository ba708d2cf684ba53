import { describe, expect, it } from "vitest";
import { createListTable } from "./list-table.ts";

const channel = (columns: number, isTerminal = true) => ({
  write: () => {},
  isTerminal,
  columns,
  style: (_: string, text: string) => text,
});

const list = {
  columns: [
    { name: "key" },
    { name: "kind", rank: 1 },
    { name: "name", least: 12 },
    { name: "network", least: 6, rank: 2 },
    { name: "seed" },
    { name: "result", least: 12 },
  ],
  rows: [
    ["3f9a0c1d2e", "train", "corner/conditional-cue", "conv-gru", "12345", "return 0.94, 98.6% of the oracle"],
    ["c01d2e3f9a", "measure", "corner/aligned", "mlp", "2", "3 points measured"],
  ],
};
const linesOf = (text: string) => text.trimEnd().split("\n");

describe("a table of a list", () => {
  it("shows all cells whole where nobody looks at it on a terminal, and where there is room", () => {
    for (const where of [channel(60, false), channel(120)]) {
      const { text, leftOut } = createListTable(list, where);
      expect(leftOut).toEqual([]);
      expect(list.rows.flat().filter((cell) => !text.includes(cell))).toEqual([]);
    }
  });

  it("cuts cells first, and then leaves out the columns that matter least", () => {
    const at = (columns: number) => createListTable(list, channel(columns));
    expect([96, 80, 60, 50].map((columns) => at(columns).leftOut)).toEqual([[], [], ["network"], ["network", "kind"]]);
    expect(at(80).text).toContain("corner/cond");
    expect(at(80).text).toContain("…");
  });

  it("stays a table of one line a row within the terminal's width, keys whole", () => {
    for (let columns = 46; columns <= 130; columns++) {
      const lines = linesOf(createListTable(list, channel(columns)).text);
      expect(lines).toHaveLength(2 + list.rows.length);
      expect(lines[1]).toMatch(/^─+$/);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(lines[2]).toContain("3f9a0c1d2e");
    }
  });

  it("tells rows one after another where the columns that must stay do not fit", () => {
    const { text, leftOut } = createListTable(
      { columns: [{ name: "a" }, { name: "b" }], rows: [["x".repeat(30), "y".repeat(30)]] },
      channel(50),
    );
    expect(leftOut).toEqual([]);
    expect(text).toBe(`${"x".repeat(30)}\n  b ${"y".repeat(30)}\n`);
  });

  it("keeps letters of several characters whole where it cuts", () => {
    const rows = [["3f9a", `${"🍎".repeat(30)}`, "👩‍🔬".repeat(10)]];
    for (const columns of [40, 41, 42, 43]) {
      const { text } = createListTable(
        { columns: [{ name: "key" }, { name: "name", least: 6 }, { name: "result", least: 6 }], rows },
        channel(columns),
      );
      expect(text).toContain("…");
      expect(text.isWellFormed()).toBe(true);
      expect(text.replace(/🍎|👩‍🔬|…|[ ─\n]|key|name|result|3f9a/gu, "")).toBe("");
    }
  });
});
