// Commands that the documents tell their readers are there: npm scripts, measurements, and commands of the program.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "./program.ts";

const root = join(import.meta.dirname, "..");
const pages = ["", "docs", "docs/decisions", "cards", "examples"].flatMap((folder) =>
  readdirSync(join(root, folder), { encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && name !== "CHANGELOG.md")
    .map((name) => join(folder, name)),
);
const measurements = readdirSync(join(root, "bench"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => basename(name, ".ts"));
const texts = [...pages, ...measurements.map((name) => `bench/${name}.ts`)].map((name) => ({
  name,
  text: readFileSync(join(root, name), "utf8"),
}));

/** What each match of the pattern names first, with the file that has it. */
const told = (pattern: RegExp) =>
  texts.flatMap(({ name, text }) => [...text.matchAll(pattern)].map((match) => ({ name, words: match.slice(1) })));

describe("a command in the documents", () => {
  it("of npm is a script of the package", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const missing = told(/npm run (?:--silent )?([a-z][a-z-]*)/g).filter(({ words }) => scripts[words[0]!] === undefined);
    expect(missing).toEqual([]);
  });

  it("that measures names a file of bench/, each of which says how it is run", () => {
    const named = told(/npm run measure -- ([a-z][a-z-]*)/g);
    expect(named.filter(({ words }) => !measurements.includes(words[0]!))).toEqual([]);
    const unsaid = measurements.filter(
      (measurement) => !named.some(({ name, words }) => name === `bench/${measurement}.ts` && words[0] === measurement),
    );
    expect(unsaid).toEqual([]);
  });

  it("of the program is a command of it, and of its group where it names one", () => {
    const surroundings = { folder: root, env: process.env };
    const commandsOf = (...group: readonly string[]) => {
      const { out } = runProgram([...group, "--help"], surroundings);
      const [, list = ""] = /^Commands:\n((?: .*\n)*)/m.exec(out) ?? [];
      return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name!);
    };
    const all = commandsOf();
    expect(all).toContain("sweep");
    const commands = told(/(?:^|`|\n\$ |npm run (?:--silent )?)mesascope (?:-- )?([a-z][a-z-]*)(?: ([a-z][a-z-]*)(?=[ `\n]))?/gm);
    expect(commands.length).toBeGreaterThan(100);
    expect(commands.filter(({ words }) => !all.includes(words[0]!))).toEqual([]);
    const groups = new Map(["lab", "organisms", "studio"].map((group) => [group, commandsOf(group)]));
    const unknown = commands.filter(({ words: [group, command] }) => {
      const known = groups.get(group!);
      return known !== undefined && command !== undefined && !known.includes(command);
    });
    expect(unknown).toEqual([]);
  });
});

describe("npm run measure", () => {
  const measure = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "run.mjs"), "measure", ...args], {
      encoding: "utf8",
    });
    return { status, stderr };
  };

  it.each([
    ["no name", []],
    ["a name that is none", ["lab-indexes"]],
    ["a path", ["../src/cli/main"]],
  ])("given %s says which there are, and ends with 2", (_, args) => {
    const { status, stderr } = measure(...args);
    expect(status).toBe(2);
    for (const name of measurements) expect(stderr).toContain(name);
  });
});
