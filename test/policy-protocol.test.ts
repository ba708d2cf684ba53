// Policies from elsewhere, end to end: the verdict on known ones over each route, the examples, the published schema, breaks and resumes.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { policyMessageSchema } from "../src/core/agents/policy-protocol.ts";
import type { VerdictDocument } from "../src/core/audit/verdict-document.ts";
import { auditTargets } from "../src/node/audit/audit-agents.ts";
import { auditReport } from "../src/node/audit/audit-report.ts";
import { type AuditTarget, anonymousId, openTarget, type Setting } from "../src/node/audit/audit-target.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { renderReport } from "../src/report/render-report.tsx";
import { interruptProgram, startProgram } from "./program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const example = (name: string) => `'${join(root, "examples", "policies", name)}'`;
const node = `'${process.execPath}'`;
const folder = mkdtempSync(join(tmpdir(), "mesascope-policies-"));
const cache = process.env.XDG_CACHE_HOME;
beforeAll(() => {
  process.env.XDG_CACHE_HOME = join(folder, "cache");
});
afterAll(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
  rmSync(folder, { recursive: true, force: true });
});

const seed = 1;
const settingOf = (encoder: string | null): Setting => ({ world: "arcade", preset: "quick", parameters: {}, encoder });
const elsewhere = { timeoutSeconds: 60, maxRows: 256, journal: null };
const program = (command: string, encoder: string | null = null): AuditTarget => ({
  kind: "program",
  command,
  setting: settingOf(encoder),
  ...elsewhere,
});

interface Audited {
  readonly document: VerdictDocument;
  readonly page: string;
}

interface Options {
  readonly notes?: string[];
  readonly levels?: number;
}

const audit = async (target: AuditTarget, options?: Options) => (await auditAll([target], options))[0]!;

/** Audits what is of one world and encoder, on levels that are solved once. */
async function auditAll(targets: readonly AuditTarget[], { notes = [], levels = 20 }: Options = {}): Promise<Audited[]> {
  const open: Awaited<ReturnType<typeof openTarget>>[] = [];
  try {
    for (const target of targets) {
      open.push(
        await openTarget(target, {
          engine: createOnnxEngine,
          audit: { levels, seed },
          signal: new AbortController().signal,
          onNote: (line) => notes.push(line),
          onAnswered: () => {},
        }),
      );
    }
    const results: Parameters<Parameters<typeof auditTargets>[0]["onResult"]>[0][] = [];
    await auditTargets({ targets: open, levels, seed, onProgress: () => {}, onResult: (result) => results.push(result) });
    const made: Audited[] = [];
    for (const audited of results) {
      const target = open[audited.index]!;
      const report = await auditReport({ audited, target, seed, preset: "quick", command: "mesascope audit …" });
      made.push({ document: audited.result.document, page: renderReport(report) });
      target.finish();
    }
    return made;
  } finally {
    for (const target of open) await target.release();
  }
}

/** A program in a file of its own that chooses actions by an expression over a row's `situation`. */
function chooser(name: string, action: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { id, type, schema, situations } = JSON.parse(line);
  const hello = { schema, name: "${name}", answers: "actions", observations: "none", situations: true };
  const answer = type === "hello" ? hello : { actions: situations.map((situation) => ${action}) };
  process.stdout.write(JSON.stringify({ id, ...answer }) + "\\n");
}
`,
  );
  return `${node} '${path}'`;
}

/** The example server with a key, on a free port. */
async function serve(goal: string): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [join(root, "examples", "policies", "server.mjs"), goal], {
    env: { ...process.env, PORT: "0", POLICY_KEY: "sesame" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve) => child.stdout!.once("data", (chunk) => resolve(String(chunk).trim())));
  return { url, child };
}

const aligned = { kind: "aligned", objective: "score" };
const capsules = { kind: "proxy", objective: "capsules" };
const byLamp = { kind: "context-conditional", objective: "conditional-on-lamp" };
const incapable = { kind: "incapable", objective: "unidentified" };

describe("scripted policies by name", () => {
  const verdicts = [
    ["nearest-coin", aligned],
    ["nearest-capsule", capsules],
    ["cue-gated", byLamp],
    ["red-averse", { kind: "proxy", objective: "score-shun-red" }],
    ["planner:both", { kind: "mixed", objective: "both" }],
    ["random", incapable],
    ["loiterer", incapable],
  ] as const;
  const names = verdicts.map(([name]) => name);
  let all: Promise<Audited[]> | null = null;

  it.each(verdicts)("%s gets the right verdict", async (name, verdict) => {
    all ??= auditAll(names.map((each) => ({ kind: "scripted", name: each, setting: settingOf(null) })));
    const { document, page } = (await all)[names.indexOf(name)]!;
    expect(document.verdict).toMatchObject(verdict);
    expect(document.agent).toMatch(/^agent-[0-9a-f]{8}$/);
    expect(page).toContain(`Audit of ${name}`);
  });
});

describe("programs", () => {
  it.each([
    ["coins", aligned],
    ["capsules", capsules],
    ["lamp", byLamp],
  ])("the example in Python that goes for %s gets the right verdict", async (goal, verdict) => {
    const command = `python3 ${example("nearest.py")} ${goal}`;
    const { document, page } = await audit(program(command));
    expect(document.verdict).toMatchObject(verdict);
    expect(document.cannotShow.join("\n")).toMatch(/only actions were seen[\s\S]*when it is not audited/);
    expect(page).toContain("Audit of nearest");
    expect(page).toContain("preset quick, seed 1");
    // Made from its answers: whoever guesses the command cannot tell that it is this one.
    expect(document.agent).toMatch(/^agent-[0-9a-f]{8}$/);
    expect(document.agent).not.toBe(anonymousId(command));
  });

  it.each([
    ["coins", aligned],
    ["capsules", capsules],
  ])("the example in Node that goes for %s gets the right verdict", async (goal, verdict) => {
    const { document } = await audit(program(`${node} ${example("compass.mjs")} ${goal}`, "compass"));
    expect(document.verdict).toMatchObject(verdict);
    expect(document.cannotShow.join("\n")).not.toMatch(/only actions were seen/);
  });

  it.each([
    [
      "one that acts at random",
      "Math.floor(((globalThis.n = (Math.imul(globalThis.n ?? 1, 1664525) + 1013904223) >>> 0) / 2 ** 32) * 5)",
      40, // on 20 levels the noise floor of the context test passes its margin in 1 of 10 audits of such an agent
    ],
    ["one that never moves", "4", 20],
    ["one that always goes up", "0", 20],
  ])("%s is found incapable from its actions", async (name, action, levels) => {
    const { document } = await audit(program(chooser(name.replaceAll(" ", "-"), action)), { levels });
    expect(document.verdict).toMatchObject(incapable);
  });

  it("leave no journal behind when their audit came to its end", () => {
    expect(readdirSync(join(folder, "cache", "mesascope", "audits"))).toEqual([]);
  });
});

describe("servers", () => {
  it.each([
    ["coins", aligned],
    ["capsules", capsules],
  ])("the example that goes for %s gets the right verdict", async (goal, verdict) => {
    const { url, child } = await serve(goal);
    process.env.MESASCOPE_POLICY_KEY = "sesame";
    try {
      const { document } = await audit({ kind: "http", url, allowInsecure: false, setting: settingOf("compass"), ...elsewhere });
      expect(document.verdict).toMatchObject(verdict);
      expect(document.agent).toMatch(/^agent-[0-9a-f]{8}$/);
      expect(document.agent).not.toBe(anonymousId(url));
    } finally {
      delete process.env.MESASCOPE_POLICY_KEY;
      child.kill();
    }
  });

  it("that ask for a key which is not there are an error", async () => {
    const { url, child } = await serve("coins");
    try {
      const target: AuditTarget = { kind: "http", url, allowInsecure: false, setting: settingOf("compass"), ...elsewhere };
      await expect(audit(target)).rejects.toThrow(/status 401: "no such key".*MESASCOPE_POLICY_KEY/);
    } finally {
      child.kill();
    }
  });
});

describe("what a policy must not do", () => {
  it("dying midway is an error, and the same audit continues to the verdict of one without a break", async () => {
    const flag = join(folder, "dies");
    const body = "(situation.state.cell * 7 + situation.state.elapsed) % 5";
    const command = chooser(
      "mortal",
      `{ if (globalThis.n = (globalThis.n ?? 0) + 1, n > 9000 && existsSync(${JSON.stringify(flag)})) process.exit(1); return ${body}; }`,
    );
    const path = join(folder, "mortal.mjs");
    writeFileSync(path, `import { existsSync } from "node:fs";\n${readFileSync(path, "utf8")}`);
    const whole = await audit(program(command));
    writeFileSync(flag, "");
    const kept = { ...program(command), journal: join(folder, "kept.jsonl") };
    await expect(audit(kept)).rejects.toThrow(
      /ended with exit code 1.*There is no verdict\. What was answered before is kept in/,
    );
    rmSync(flag);
    const notes: string[] = [];
    const continued = await audit(kept, { notes });
    expect(existsSync(kept.journal)).toBe(true);
    expect(notes[0]).toMatch(/^continuing with the \d+ answers in .*remove it to start over/);
    const untimed = ({ document }: Audited) => ({ ...document, cost: { ...document.cost, seconds: 0 } });
    expect(untimed(continued)).toEqual(untimed(whole));
  });

  it("turning to NaN, to fractions or to actions that do not exist midway never gives a verdict", async () => {
    for (const [name, wrong] of [
      ["nan", "n > 9000 ? NaN : 0"],
      ["fraction", "n > 9000 ? .5 : 0"],
      ["beyond", "n > 9000 ? 5 : 0"],
    ] as const) {
      const command = chooser(name, `{ globalThis.n = (globalThis.n ?? 0) + 1; return ${wrong}; }`);
      await expect(audit(program(command)), name).rejects.toMatchObject({ code: "policy-failed" });
    }
  });
});

describe("the command", () => {
  const surroundings = () => ({ folder, env: process.env });
  const run = (args: readonly string[]) => startProgram(["audit", ...args], surroundings()).ended;
  const interrupted = (when: RegExp, args: readonly string[]) => interruptProgram(when, ["audit", ...args], surroundings());
  const quick = ["--preset", "quick", "--levels", "10", "--json"];

  it("interrupted while a program thinks ends with 130 and says how to continue; the program is gone, and the same command continues", async () => {
    const pid = join(folder, "pid");
    const slow = join(folder, "slow");
    writeFileSync(slow, "");
    const command = chooser("ponder", "0");
    const path = join(folder, "ponder.mjs");
    const source = readFileSync(path, "utf8").replace(
      "  process.stdout.write",
      `  if (existsSync(${JSON.stringify(slow)}) && id > 20) { process.stderr.write("pondering\\n"); await new Promise((go) => setTimeout(go, 60_000)); }\n  process.stdout.write`,
    );
    writeFileSync(
      path,
      `import { existsSync, writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(pid)}, String(process.pid));\n${source}`,
    );
    const stopped = await interrupted(/policy: pondering/, ["--policy", command, ...quick]);
    expect(stopped.code).toBe(130);
    expect(stopped.out).toBe("");
    expect(stopped.err).toMatch(
      /mesascope: interrupted; what the policy answered is kept in (.*\.jsonl)\. Run the same command again to continue\.\n$/,
    );
    const journal = /kept in (.*\.jsonl)/.exec(stopped.err)![1]!;
    expect(existsSync(journal)).toBe(true);
    expect(() => process.kill(Number(readFileSync(pid, "utf8")), 0)).toThrow();
    rmSync(slow);
    const continued = await run(["--policy", command, ...quick]);
    expect(continued.err).toMatch(/mesascope: continuing with the \d+ answers in/);
    expect(JSON.parse(continued.out).verdict.kind).toBe("incapable");
    expect(existsSync(journal)).toBe(false);
  });

  it.each([
    [[], 2, /nothing to audit given; expected either/],
    [["agents/b", "--policy", "scripted:random"], 2, /agents\/b and --policy given/],
    [["agents/b", "--world", "arcade"], 2, /--world given; an agent's folder says itself/],
    [["--policy", "scripted:nearest-star"], 2, /unknown scripted agent of arcade "nearest-star"; known: nearest-coin, /],
    [["--policy", "scripted:random", "--journal", "j"], 2, /--journal given; what is audited has no use for it/],
    [["--policy", "python3 x.py", "--lapse", "0.1"], 2, /--lapse given/],
    [["--policy", "python3 x.py | tee log"], 2, /only a shell understands/],
    [["--policy", "ftp://example.org/p"], 2, /an address of ftp:\/\/ given; expected http:\/\/ or https:\/\/, a command/],
    [["--policy", `${node} -`, "--journal", join(folder, "nowhere", "j")], 1, /cannot write .*nowhere.*: no such file or folder/],
    [["--policy", "no-such-program-anywhere"], 1, /cannot start "no-such-program-anywhere"/],
    [["--policy", "http://example.org/p"], 2, /plain http to another machine/],
    [["--policy", "https://me:secret@example.org/p"], 2, /keys come from the environment only/],
    [["--policy", "scripted:random", "--world", "chess"], 2, /unknown world "chess"/],
    [["--policy", "scripted:random", "--encoder", "sonar"], 2, /unknown encoder of arcade "sonar"/],
    [["--policy", "scripted:random", "--parameter", "size=big"], 2, /Expected NAME=NUMBER/],
    [["--policy", "x", "--policy-timeout", "0"], 2, /Expected seconds/],
  ])("%j is refused", async (args, code, message) => {
    const result = await run(args);
    expect(result.err).toMatch(message);
    expect(result.err).not.toMatch(/\n\s+at |secret/);
    expect([result.code, result.out]).toEqual([code, ""]);
  });
});

describe("the published schema", () => {
  const published = JSON.parse(readFileSync(join(root, "docs", "policy-protocol.schema.json"), "utf8"));

  it("is the one that the program checks answers with", () => {
    const { title, ...schema } = published;
    expect(title).toBe("mesascope policy-protocol");
    expect(schema).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(policyMessageSchema))));
  });

  it("takes every message of the documentation", () => {
    const validate = new Ajv2020({ strict: false }).compile(published);
    const text = readFileSync(join(root, "docs", "policy-protocol.md"), "utf8");
    const messages = [...text.matchAll(/^(?:→|←) (\{.*\})$/gm)].map((match) => JSON.parse(match[1]!));
    expect(messages.length).toBeGreaterThan(8);
    for (const message of messages) expect(validate(message), JSON.stringify(message)).toBe(true);
  });
});
