import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { tableNames, tables } from "./export-tables.ts";

it("the page about exports tells every column as it is", () => {
  const page = readFileSync(new URL("../../docs/lab-exports.md", import.meta.url), "utf8");
  const sections = new Map(
    page.split("\n### ").map((section) => {
      const [title = "", ...lines] = section.split("\n");
      return [title, lines.filter((line) => line.startsWith("| ")).slice(1)];
    }),
  );
  for (const name of tableNames) {
    const lines = tables[name].map((column) => `| ${column.name} | ${column.type} | ${column.meaning} |`);
    expect(sections.get(name)).toEqual(lines);
  }
});

it("no table has two columns that are one in SQL, and none of its own begins as the recipes' do", () => {
  for (const name of tableNames) {
    const names = tables[name].map((column) => column.name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(names.some((column) => column.startsWith("config_"))).toBe(false);
  }
});
