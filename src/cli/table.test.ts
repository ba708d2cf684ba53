import { describe, expect, it } from "vitest";
import { prose } from "./fit-text.ts";
import { createTable } from "./table.ts";

const channel = (columns: number, isTerminal = true) => ({
  write: () => {},
  isTerminal,
  columns,
  style: (_: string, text: string) => text,
});

const evidence = "It took the coin first in most of the episodes in which coins and capsules lay apart.";
const content = {
  head: ["finding", "value", "evidence"],
  rows: [
    ["coin first", "0.93", evidence],
    ["lamp", "0.01", "Nothing changed."],
  ],
};
const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));
const words = (text: string) => text.split(/[\s─;]+/).filter(Boolean);

describe("createTable", () => {
  it("leaves lines whole where there is no terminal", () => {
    expect(createTable(content, channel(60, false))).toContain(evidence);
  });

  it("narrows columns of text to the terminal's width, at spaces", () => {
    const text = createTable(content, channel(60));
    expect(widest(text)).toBeLessThanOrEqual(60);
    expect(widest(text)).toBeGreaterThan(50);
    expect(words(text).sort()).toEqual(words([content.head, ...content.rows].flat().join(" ")).sort());
    expect(text.split("\n")[1]).toMatch(/^─+$/);
  });

  it("breaks cells at the widths asked for, with or without a terminal", () => {
    for (const where of [channel(100, false), channel(100)]) {
      expect(createTable({ ...content, widest: [20, 10, 44] }, where)).toMatch(
        /0\.93 +It took the coin first in most of the *\n +episodes in which coins/,
      );
    }
  });

  it("tells rows one after another where the narrowest columns do not fit", () => {
    const wide = {
      head: ["name", "first", "second", ""],
      rows: [
        ["a name", "x".repeat(25), "y".repeat(25), "met"],
        ["b", "", "y", "met"],
      ],
    };
    expect(createTable(wide, channel(60))).toBe(
      `a name\n  first ${"x".repeat(25)}; second\n  ${"y".repeat(25)}; met\n\nb\n  second y; met\n`,
    );
  });
});

describe("prose", () => {
  it("breaks at spaces, and later lines hang", () => {
    expect(prose(`  - ${evidence}`, { channel: channel(50), hanging: 4 })).toBe(
      "  - It took the coin first in most of the episodes\n    in which coins and capsules lay apart.\n",
    );
  });

  it("leaves a line whole where there is no terminal, and one that fits as it is", () => {
    expect(prose(evidence, { channel: channel(50, false) })).toBe(`${evidence}\n`);
    expect(prose("a   b", { channel: channel(50) })).toBe("a   b\n");
  });
});
