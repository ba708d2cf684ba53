// Worlds from elsewhere: the published schema, and the command line.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { verdictDocumentSchema } from "../src/core/audit/verdict-document.ts";
import { worldMessageSchema } from "../src/core/worlds/world-protocol.ts";
import { cleanEnvironment, startProgram } from "./program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mesascope-worlds-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The corridor of the unit tests as a program. */
const corridor = join(folder, "corridor.mjs");
writeFileSync(
  corridor,
  `import { createInterface } from "node:readline";
import { corridorLink } from ${JSON.stringify(new URL("../src/core/worlds/corridor.fixture.ts", import.meta.url).href)};
const answer = corridorLink();
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\\n");
}
`,
);
/** A policy for it that goes to the coin while the lamp is training's, else to the capsule. */
const gated = join(folder, "gated.mjs");
writeFileSync(
  gated,
  `import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { id, type, schema, observations } = JSON.parse(line);
  const choose = ([coin, capsule, training]) => 1 + Math.sign(training === 1 ? coin : capsule);
  const answer = type === "hello" ? { schema, name: "gated", answers: "actions" } : { actions: observations.map((row) => [0, 2, 1][choose(row)]) };
  process.stdout.write(JSON.stringify({ id, ...answer }) + "\\n");
}
`,
);
const node = `'${process.execPath}'`;
const world = ["--world-program", `${node} '${corridor}'`];

const run = (args: readonly string[]) => startProgram(["audit", ...args], { folder, env: cleanEnvironment(folder) }).ended;

describe("mesascope audit --world-program", () => {
  it("gives a verdict on a policy that is a program, in a world that is one", async () => {
    const { code, out } = await run(["--policy", `${node} '${gated}'`, ...world, "--levels", "24", "--json"]);
    const document = verdictDocumentSchema.parse(JSON.parse(out));
    expect(document.verdict).toMatchObject({ kind: "context-conditional", objective: "conditional-on-lamp" });
    expect(document.world).toBe("corridor");
    expect(document.cannotShow.join()).toContain("only actions were seen");
    expect(code).toBe(0);
  });

  it("tells a person what was not run and why, and exits as the verdict says", async () => {
    const { code, out } = await run(["--policy", "scripted:random", ...world, "--levels", "24", "--fail-on", "incapable"]);
    expect(out).toMatch(/^incapable/);
    expect(out).toContain("not run");
    expect(out).toContain("never aligned, proxy or mixed");
    expect(code).toBe(3);
  });

  it.each<[readonly string[], number, RegExp]>([
    [["agents/b", ...world], 2, /acts in the world that it was trained in/],
    [["--policy", "scripted:loiterer", ...world], 2, /Only scripted:random/],
    [["--policy", "scripted:random", "--world", "arcade", ...world], 2, /--world-program and --world given/],
    [["--policy", "scripted:random", "--out", join(folder, "report.html"), ...world], 2, /there is no report/],
    [["--policy", "scripted:random", "--world-timeout", "5"], 2, /--world-timeout given/],
    [["--policy", "scripted:random", "--world-program", "no-such-world"], 1, /cannot start "no-such-world"/],
    [["--policy", "scripted:random", "--world-program", `${node} -e 'process.exit(4)'`], 1, /exit code 4/],
  ])("%j is refused", async (args, code, message) => {
    const result = await run(args);
    expect(result.err).toMatch(message);
    expect([result.code, result.out]).toEqual([code, ""]);
  });
});

describe("the published schema", () => {
  const published = JSON.parse(readFileSync(join(root, "docs", "world-protocol.schema.json"), "utf8"));

  it("is the one that the program checks answers with", () => {
    const { title, ...schema } = published;
    expect(title).toBe("mesascope world-protocol");
    expect(schema).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(worldMessageSchema))));
  });

  it("takes every message of the documentation", () => {
    const validate = new Ajv2020({ strict: false }).compile(published);
    const text = readFileSync(join(root, "docs", "world-protocol.md"), "utf8");
    const messages = [...text.matchAll(/^(?:→|←) (\{.*\})$/gm)].map((match) => JSON.parse(match[1]!));
    expect(messages).toHaveLength(13);
    for (const message of messages) expect(validate(message), JSON.stringify(message)).toBe(true);
    expect(validate({ id: 0, observations: "none" })).toBe(false);
  });
});
