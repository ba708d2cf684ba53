import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { checkArchitecture, type Rule } from "./architecture.ts";
import { importsOf, maskSource } from "./source-text.ts";

const root = join(import.meta.dirname, "..");

function readSources(): Record<string, string> {
  const names = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  return Object.fromEntries(
    names.map((name) => [`src/${name.split(sep).join("/")}`, readFileSync(join(root, "src", name), "utf8")]),
  );
}

describe("the architecture", () => {
  it("is kept by every source file", () => {
    const sources = readSources();
    expect(Object.keys(sources)).toContain("src/core/base/errors.ts");
    const violations = checkArchitecture(sources).map(({ path, rule, message }) => `${path} [${rule}] ${message}`);
    expect(violations).toEqual([]);
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these strings are source text
/** Each line breaks one rule once, alone in a file. */
const planted: readonly (readonly [string, Rule, string, string])[] = [
  ["an import upwards", "order", "src/core/base/a.ts", 'import { x } from "../graph/x.ts";'],
  ["a type import upwards", "order", "src/core/graph/a.ts", 'import type { X } from "../nets/x.ts";'],
  ["an export from above", "order", "src/core/agents/a.ts", 'export * from "../audit/x.ts";'],
  ["an import for its effect from above", "order", "src/core/audit/a.ts", 'import "../../node/x.ts";'],
  ["a dynamic import upwards", "order", "src/report/a.ts", 'const x = await import("../cli/x.ts");'],
  ["an import type upwards", "order", "src/node/a.ts", 'let x: import("../studio/x.ts").X;'],
  ["a worker from above", "order", "src/lab/a.ts", 'new Worker(new URL("../node/x-worker.ts", import.meta.url));'],
  ["an import over several lines", "order", "src/core/nets/a.ts", 'import {\n  x,\n  type Y,\n} from "../optimizers/x.ts";'],
  ["the core's index from the core", "order", "src/core/audit/a.ts", 'import { x } from "../index.ts";'],
  ["an import from outside src", "order", "src/node/a.ts", 'import { x } from "../../test/x.ts";'],
  ["the package's own description from the core", "order", "src/core/base/a.ts", 'import p from "../../../package.json";'],
  ["folders of one rank", "siblings", "src/core/instruments/a.ts", 'import { x } from "../organisms/x.ts";'],
  ["graphs and worlds", "siblings", "src/core/graph/a.ts", 'import { x } from "../worlds/x.ts";'],
  ["node and browser", "siblings", "src/browser/a.ts", 'import { x } from "../node/x.ts";'],
  ["the studio and node", "siblings", "src/studio/a.tsx", 'import { x } from "../node/x.ts";'],
  ["a world that knows another", "list", "src/core/worlds/maze.ts", 'import { x } from "./arcade/arcade.ts";'],
  ["a world's part that knows another", "list", "src/core/worlds/keys/level.ts", 'import { x } from "../arcade/level.ts";'],
  ["a contract that knows an entry", "list", "src/core/worlds/world.ts", 'import { x } from "./arcade/arcade.ts";'],
  ["an entry that knows the list", "list", "src/core/worlds/maze.ts", 'import { worlds } from "./index.ts";'],
  ["an instrument that knows another", "list", "src/core/instruments/a.ts", 'export { x } from "./context-test.ts";'],
  ["Node's modules in the core", "package", "src/core/base/a.ts", 'import { readFileSync } from "node:fs";'],
  ["Node's modules without prefix", "package", "src/core/base/a.ts", 'import { readFileSync } from "fs";'],
  ["a platform's package in the core", "package", "src/core/engine/a.ts", 'import * as ort from "onnxruntime-node";'],
  ["a computed import in the core", "computed-import", "src/core/base/a.ts", "export const load = (x: string) => import(x);"],
  [
    "a template import in the core",
    "computed-import",
    "src/core/base/a.ts",
    "export const load = (x: string) => import(`./${x}.ts`);",
  ],
  ["a folder without a rank", "unknown-folder", "src/helpers/a.ts", "export const x = 1;"],
  ["an import from a folder without a rank", "unknown-folder", "src/cli/a.ts", 'import { x } from "../helpers/x.ts";'],
  ["an import of a test", "test-import", "src/core/base/a.ts", 'import { x } from "./prng.test.ts";'],
  ["the console", "platform", "src/core/base/a.ts", 'console.log("x");'],
  ["chance of its own", "platform", "src/core/base/a.ts", "export const x = () => Math.random();"],
  ["the clock", "platform", "src/core/base/a.ts", "export const x = () => Date.now();"],
  ["the date", "platform", "src/core/base/a.ts", "export const x = () => new Date();"],
  ["the timer", "platform", "src/core/base/a.ts", "export const x = () => performance.now();"],
  ["the document", "platform", "src/core/base/a.ts", 'export const x = () => document.createElement("p");'],
  ["the window", "platform", "src/core/base/a.ts", 'export const x = typeof window === "undefined";'],
  ["the global object", "platform", "src/core/base/a.ts", "export const x = globalThis.setTimeout;"],
  ["the process", "platform", "src/core/base/a.ts", "export const x = process.env.HOME;"],
  ["the network", "platform", "src/core/base/a.ts", "export const x = `${await fetch(address)}`;"],
  ["a buffer", "platform", "src/core/base/a.ts", "export const x = Buffer.from(bytes);"],
];

describe("the check of the architecture", () => {
  for (const [name, rule, path, source] of planted) {
    it(`finds ${name}`, () => {
      expect(checkArchitecture({ [path]: source }).map((violation) => violation.rule)).toEqual([rule]);
    });
  }

  it("takes for entries what the list imports, so that what several share may stand beside them", () => {
    const sources = {
      "src/core/worlds/index.ts":
        'import { a } from "./a.ts";\nimport { b } from "./b.ts";\nimport type { World } from "./world.ts";',
      "src/core/worlds/a.ts": 'import { x } from "./shared.ts";\nimport type { World } from "./world.ts";',
      "src/core/worlds/b.ts": 'import { x } from "./shared.ts";\nimport { a } from "./a.ts";',
      "src/core/worlds/shared.ts": "export const x = 1;",
    };
    expect(checkArchitecture(sources)).toMatchObject([{ rule: "list", path: "src/core/worlds/b.ts" }]);
    const shared = 'import { a } from "./a.ts";';
    expect(checkArchitecture({ ...sources, "src/core/worlds/shared.ts": shared })).toHaveLength(2);
  });

  it("lets through what keeps the order", () => {
    const kept: Record<string, string> = {
      "src/core/worlds/index.ts": 'import { createArcade } from "./arcade/arcade.ts";\nexport * from "./maze.ts";',
      "src/core/worlds/maze.ts": 'import type { World } from "./world.ts";\nimport { paths } from "./grid/paths.ts";',
      "src/core/worlds/arcade/arcade.ts": 'import { x } from "./level.ts";\nimport { y } from "../../base/errors.ts";',
      "src/core/audit/a.ts": 'import { z } from "zod";\nimport { sha256 } from "@noble/hashes/sha2.js";\nimport "../base/x.ts";',
      "src/core/index.ts": 'export * from "./league/x.ts";',
      "src/node/a.ts": 'import { readFileSync } from "node:fs";\nconsole.log(Date.now(), await import(path));',
      "src/node/b.ts": 'readFileSync(new URL("../../package.json", import.meta.url));',
      "src/core/nets/a.test.ts": 'import { engine } from "../../node/onnx-engine.ts";\nMath.random();',
      "bench/a.ts": 'import { x } from "../src/cli/main.ts";',
    };
    expect(checkArchitecture(kept)).toEqual([]);
  });

  it("does not mistake comments, strings, patterns, members and own names for uses", () => {
    const innocent = `
      // import { x } from "../cli/x.ts"; Math.random() and console.log
      /* document.title */
      const text = "window.open()" + 'Date.now()' + \`process.env \${count({ a: "}" })} fetch("x")\`;
      const pattern = text.replace(/["'\`]document.(x)\\//g, "");
      const half = total / 2; const third = total / 3; // "
      export function describe(document: Verdict, location: Place) { return document.kind + location.x; }
      const process = (x: number) => x; process(1);
      const rows = batch.document.rows; batch.fetch(1);
      interface Shape { readonly location: string; readonly window: number }
      const { self } = options; self.run();
      const verdictDocument = 1; const randomized = Math.max(1, 2);
      const date: { readonly Date: number } = { Date: 1 };
    `;
    expect(checkArchitecture({ "src/core/base/a.ts": innocent })).toEqual([]);
  });
});

describe("importsOf", () => {
  it("finds imports after anything that could hide them", () => {
    const source = 'const a = `\\`${`"${1}"`}`; const b = /[/"]/; const c = "\\""; /* " */ import { d } from "./d.ts"; // "';
    expect(importsOf(maskSource(source))).toEqual({ specifiers: ["./d.ts"], computed: false });
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these strings are source text
