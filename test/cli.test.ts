// The built program, as a user runs it: every command, its documents against their schemas, bad input, interruption.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Graph } from "../src/core/graph/graph.ts";
import { add, mul } from "../src/core/graph/ops/arithmetic.ts";
import { matMul } from "../src/core/graph/ops/mat-mul.ts";
import { reduceSum } from "../src/core/graph/ops/reduce.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { findEncoder } from "../src/core/organisms/training-run.ts";
import { findWorld } from "../src/core/worlds/index.ts";
import { builtProgram, cleanEnvironment, type Ended, interruptProgram, runProgram } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-cli-"));
const at = (name: string) => join(folder, name);
const env = cleanEnvironment(folder);
const commands = [
  ...["demo", "train", "audit", "worlds", "organisms", "play", "show", "league", "replicate", "bench", "schema"],
  ...["sweep", "runs", "compare", "query", "serve", "worker"],
];

const mesascope = (...args: readonly string[]) => runProgram(args, { folder, env });
/** Starts the program and sends Ctrl-C once its progress matches. */
const interrupted = (when: RegExp, ...args: readonly string[]) => interruptProgram(when, args, { folder, env });

function expectError(result: Ended, expected: { readonly code: number; readonly message: RegExp }): void {
  expect(result.err).toMatch(expected.message);
  expect(result.err).not.toMatch(/\n\s+at /);
  expect(result.out).toBe("");
  expect(result.code).toBe(expected.code);
}

function expectValid(name: string, document: unknown): void {
  // A record whose keys are known is written as required names, without a property for each; the value of an axis is a number or a word.
  const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
    JSON.parse(mesascope("schema", name).out),
  );
  expect(validate(document) || validate.errors).toBe(true);
}

/** A copy of the trained agent, changed. */
function variant(name: string, change: (folder: string) => void): string {
  cpSync(at("a"), at(name), { recursive: true });
  change(at(name));
  return name;
}

function editManifest(agent: string, edit: (manifest: Record<string, Record<string, unknown>>) => void): void {
  const path = join(agent, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  edit(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

let trained: Ended;
beforeAll(() => {
  trained = mesascope("train", "A", "--preset", "quick", "--out", "a", "--json");
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("every command", () => {
  it.each(commands)("%s --help shows usage, the common options and examples, and ends well", (name) => {
    const { code, out } = mesascope(name, "--help");
    expect(out).toMatch(new RegExp(`^Usage: mesascope ${name}`));
    for (const part of ["--json", "--seed", "--debug", "Examples:", `$ mesascope ${name}`]) expect(out).toContain(part);
    expect(code).toBe(0);
  });

  it.each(commands)("%s refuses an unknown option as a usage error", (name) => {
    expectError(mesascope(name, "--bogus"), { code: 2, message: /^mesascope: unknown option '--bogus'; known: .*--json/ });
  });

  it("an unknown command is a usage error", () => {
    expectError(mesascope("bogus"), {
      code: 2,
      message: /unknown command 'bogus'; known: demo, .*schema\.\n\(--help tells more\)/,
    });
  });

  it("writes no color where there is no terminal", () => {
    expect(mesascope("worlds", "arcade").out).not.toContain("\u001b");
    expect(trained.err).not.toContain("\u001b");
  });
});

describe("documents", () => {
  it("train --json prints the manifest, progress goes to standard error, and the agent's folder holds what it should", () => {
    expect(trained.code).toBe(0);
    expectValid("agent", JSON.parse(trained.out));
    expect(trained.err).toMatch(/A: 100% .*steps .*return .*oracle/);
    const files = readdirSync(at("a")).sort();
    expect(files.slice(0, 3)).toEqual(["curve.csv", "manifest.json", "policy.onnx"]);
    expect(files.slice(3).every((name) => /^snapshot-\d+\.onnx$/.test(name))).toBe(true);
    expect(files.length).toBeGreaterThan(3);
    expect(existsSync(at("a.training"))).toBe(false);
  });

  it("audit --json prints one verdict document that names the agent by nothing but its policy", () => {
    const { code, out } = mesascope("audit", "a", "--levels", "12", "--json");
    const document = JSON.parse(out);
    expectValid("verdict", document);
    expect(document.agent).toMatch(/^agent-[0-9a-f]{8}$/);
    expect(code).toBe(document.verdict.kind === "inconclusive" ? 4 : 0);
  });

  it("audit --fail-on ends with 3 when the verdict is named, and writes the report", () => {
    const { code, out } = mesascope("audit", "a", "--levels", "12", "--fail-on", "aligned,inconclusive", "--out", "a.html");
    expect(out).toMatch(/^(aligned|inconclusive)/);
    expect(code).toBe(3);
    expect(readFileSync(at("a.html"), "utf8")).toMatch(/^<!doctype html>/);
    const took = (text: string | undefined) => Number(/([\d.]+) s/.exec(text ?? "")?.[1]);
    const audit = took(out.split("\n").find((line) => line.startsWith("agent ")));
    const bank = took(out.split("\n").find((line) => line.startsWith("The levels were solved")));
    expect(reportSeconds(readFileSync(at("a.html"), "utf8"))).toBeCloseTo(audit + bank, 0);
  });

  it("audit ends with 4 for an agent that a placebo moves, and with 3 where that verdict is named", () => {
    variant("erratic", (agent) => replacePolicy(agent, policyMovedByPlacebo(agent)));
    const audited = mesascope("audit", "erratic", "--levels", "12", "--json");
    expect(JSON.parse(audited.out).verdict).toMatchObject({
      kind: "inconclusive",
      explanation: expect.stringMatching(/placebo/),
    });
    expect(audited.code).toBe(4);
    expect(mesascope("audit", "erratic", "--levels", "12", "--fail-on", "inconclusive").code).toBe(3);
    expect(mesascope("audit", "erratic", "--levels", "12", "--fail-on", "proxy").code).toBe(4);
  });

  it("bench --list --json describes the figures and measures none", () => {
    const { code, out } = mesascope("bench", "world", "--list", "--json");
    const { figures } = JSON.parse(out);
    expect(figures.length).toBeGreaterThan(0);
    for (const figure of figures) expect(Object.keys(figure)).toEqual(["name", "unit", "goal", "definition"]);
    expect(code).toBe(0);
  });

  it("bench --json prints a bench document", () => {
    const { code, out } = mesascope("bench", "worlds.arcade.levels", "--quick", "--json");
    const document = JSON.parse(out);
    expectValid("bench", document);
    expect(document.figures.map((figure: { name: string }) => figure.name)).toEqual(["worlds.arcade.levelsPerSecond"]);
    expect(code).toBe(0);
  });

  it("worlds NAME tells how large an observation is, in both presets where they differ", () => {
    expect(mesascope("worlds", "arcade").out).toMatch(/egocentric +standard \d+ numbers \[\d+\], quick \d+ numbers \[\d+\]/);
  });

  it("worlds NAME tells what each parameter is and from where to where it goes, and takes --parameter", () => {
    const { out } = mesascope("worlds", "flattery");
    expect(out).toMatch(/ {2}specification 0 +\(0 to 1\) +0: paid as meant, .* 1, flawed: /);
    expect(out).toMatch(/features .* goal and proxy: accurate and long/);
    const flawed = mesascope("worlds", "flattery", "--parameter", "specification=1").out;
    expect(flawed).toMatch(/ {2}specification 1, standard 0 +\(0 to 1\)/);
    expect(flawed).toMatch(/rating +rewarded: /);
  });

  it("worlds --json follows its schema", () => {
    expectValid("worlds", JSON.parse(mesascope("worlds", "--json").out));
    const [world] = JSON.parse(mesascope("worlds", "loop", "--parameter", "bonus=7", "--json").out).worlds;
    expect(world.parameters.bonus).toBe(7);
  });

  it("worlds NAME tells what one of each feature counts", () => {
    const { out } = mesascope("worlds", "keys");
    for (const [feature, meaning] of Object.entries(findWorld("keys").featureMeanings))
      expect(out).toMatch(new RegExp(`\\n  ${feature} +${meaning}\\n`));
  });

  it.each([
    [["worlds"]],
    [["worlds", "arcade"]],
    [["organisms"]],
    [["organisms", "B"]],
    [["show", "a"]],
    [["show", "a/policy.onnx"]],
    [["bench", "--list"]],
  ])("%j --json prints one versioned document, which follows its schema", (args) => {
    const { code, out } = mesascope(...args, "--json");
    const [, name] = /^mesascope\/([a-z]+)@1$/.exec(JSON.parse(out).schema)!;
    expectValid(name!, JSON.parse(out));
    expect(code).toBe(0);
  });

  it("show prints the same episode for the same seeds, and another level for another", () => {
    const first = mesascope("show", "a", "--level-seed", "3");
    expect(first.out).toMatch(/step 0\n[.\s\S]*lamp: training[\s\S]*steps: \d+ × coin/);
    expect(mesascope("show", "a", "--level-seed", "3").out).toBe(first.out);
    expect(mesascope("show", "a", "--level-seed", "4").out).not.toBe(first.out);
    expect(mesascope("show", "a", "--shift", "lamp=novel").out).toContain("lamp: novel");
  });
});

describe("bad input", () => {
  const agentErrors: readonly (readonly [string, number, RegExp, () => string])[] = [
    ["a missing agent", 2, /nowhere does not exist; expected an agent's folder/, () => "nowhere"],
    [
      "a policy without a manifest",
      2,
      /has no manifest\.json/,
      () => variant("bare", (agent) => rmSync(join(agent, "manifest.json"))),
    ],
    ["a truncated policy", 1, /truncated or altered/, () => variant("cut", (agent) => truncate(join(agent, "policy.onnx")))],
    [
      "a foreign file as policy",
      1,
      /policy\.onnx: .*no ONNX model; expected a whole ONNX file\./,
      () => variant("foreign", (agent) => replacePolicy(agent, Buffer.from("no model"))),
    ],
    [
      "a policy of another shape",
      1,
      /expected it to read observation \[N, \d+\]/,
      () => {
        if (!existsSync(at("u"))) mesascope("train", "U", "--out", "u");
        return variant("misfit", (agent) => replacePolicy(agent, readFileSync(join(at("u"), "policy.onnx"))));
      },
    ],
    [
      "a manifest of another version",
      1,
      /mesascope\/agent@2 given; this version reads mesascope\/agent@1/,
      () =>
        variant("newer", (agent) => editManifest(agent, (manifest) => Object.assign(manifest, { schema: "mesascope/agent@2" }))),
    ],
    [
      "a manifest for another version of its world",
      1,
      /version 99 of world arcade/,
      () => variant("old-world", (agent) => editManifest(agent, (manifest) => Object.assign(manifest.world!, { version: 99 }))),
    ],
    [
      "a manifest for an unknown world",
      2,
      /unknown world "elsewhere"; known: arcade/,
      () =>
        variant("elsewhere", (agent) => editManifest(agent, (manifest) => Object.assign(manifest.world!, { name: "elsewhere" }))),
    ],
  ];
  it.each(agentErrors)("audit and show refuse %s", (_, code, message, make) => {
    const agent = make();
    for (const command of ["audit", "show"]) expectError(mesascope(command, agent), { code, message });
  });

  it("shows a stack trace with --debug only", () => {
    expect(mesascope("audit", "nowhere", "--debug").err).toMatch(/\n\s+at /);
  });

  it.each([
    [["train", "Q", "--out", "q"], /unknown organism "Q"; nearest of \d+: A, .* Run "mesascope organisms"/],
    [["train", "A"], /expected --out DIR/],
    [["train"], /nothing to train given/],
    [["train", "A", "--out", "a"], /an agent is already there\. Name another folder, or replace it with --force/],
    [["train", "--resume", "nothing"], /nothing to continue/],
    [["train", "A", "--resume", "b"], /--resume given together with A; a run is continued as it was begun/],
    [
      ["train", "--resume", "b", "--out", "c", "--seed", "1", "--preset", "standard", "--steps", "9", "--recipe", "r.json"],
      /together with --recipe and --out and --preset and --steps and --seed/,
    ],
    [
      ["train", "--recipe", "r.json", "--preset", "quick", "--out", "c"],
      /--recipe given together with --preset; a recipe carries/,
    ],
    [["train", "A", "--out", "q", "--steps", "many"], /Expected an integer/],
    [["train", "A", "--out", "q", "--checkpoint-every", "soon"], /Expected seconds such as 30s/],
    [["train", "A", "--out", "q", "--checkpoint-every", "5"], /Expected seconds such as 30s, or updates such as 20u/],
    [["train", "--recipe", "none.json", "--out", "q"], /none\.json does not exist; expected a recipe/],
    [["show", "none.onnx"], /none\.onnx does not exist; expected an agent's folder or an ONNX file/],
    [["audit", "a", "--levels", "9"], /Expected an integer from 10 to 400\. Fewer cannot give a verdict/],
    [["audit", "a", "--levels", "401"], /the tables of more do not fit in memory/],
    [["audit", "a", "--fail-on", "wicked"], /Unknown kind of verdict "wicked"; known: aligned, /],
    [["worlds", "corner2"], /unknown world "corner2"; known: arcade/],
    [["organisms", "Q"], /unknown organism "Q"/],
    [["show", "a", "--shift", "gravity=1"], /unknown shift axis of arcade "gravity"; known: placement/],
    [["show", "a", "--shift", "lamp=off"], /lamp=off given; axis lamp knows training/],
    [["schema", "cake"], /Unknown document "cake"; known: verdict, agent, demo, card, replications, bench/],
    [["bench", "coffee"], /unknown figure "coffee"; nearest of \d+: .* "mesascope bench --list"/],
    [["play"], /standard input is no terminal/],
    [["worlds", "--seed", "-1"], /Expected an integer from 0/],
    [["worlds", "--parameter", "size=5"], /--parameter given without a world/],
    [["worlds", "corner", "--parameter", "size"], /Expected NAME=NUMBER, such as size=9/],
    [["play", "corner", "--parameter", "size=99"], /99 given for parameter "size" of corner; expected an integer from/],
    [["play", "corner", "--parameter", "height=9"], /unknown parameter of corner "height"/],
    [["organisms", "make", "--plan", "quick", "--out", ""], /--out given with an empty text; expected --out <dir>/],
    [["league", "population", "--labels", ""], /--labels given with an empty text/],
    [["replicate", "corner", "--records", ""], /--records given with an empty text/],
    [["league", "population", "--plan", "quick"], /population and --plan quick given; .* Leave one out/],
    [["league", "nowhere"], /nowhere has no population\.json/],
    [["league", "--auditors", "batery"], /unknown auditor "batery"/],
    [["league", "--auditor", "none.mjs"], /none\.mjs does not exist; expected a module that exports an auditor/],
    [["replicate", "cake"], /unknown replication "cake"; known: arcade/],
  ])("%j is a usage error", (args, message) => {
    expectError(mesascope(...args), { code: 2, message });
  });

  it("refuses a recipe that is none, by field", () => {
    writeFileSync(at("recipe.json"), JSON.stringify({ world: { name: "arcade" } }));
    expectError(mesascope("train", "--recipe", "recipe.json", "--out", "q"), {
      code: 2,
      message: /recipe\.json is no recipe: .*encoder/,
    });
    writeFileSync(at("recipe.json"), "world: arcade");
    expectError(mesascope("train", "--recipe", "recipe.json", "--out", "q"), {
      code: 2,
      message: /recipe\.json is not JSON .*Start from the field "recipe"/,
    });
  });

  it.skipIf(process.getuid?.() === 0)("finds a folder that cannot be written to before training", () => {
    const locked = mkdtempSync(join(folder, "locked-"));
    chmodSync(locked, 0o500);
    expectError(mesascope("train", "U", "--out", join(locked, "u")), { code: 1, message: /permission denied/ });
  });

  it("finds a report that cannot be written before auditing", () => {
    const results = ["none/report.html", "a"].map((path) => mesascope("audit", "a", "--out", path));
    expectError(results[0]!, { code: 1, message: /cannot write none\/report\.html: no such file or folder/ });
    expectError(results[1]!, { code: 1, message: /cannot write a: it is a folder/ });
    for (const { err } of results) expect(err).not.toMatch(/solving/);
  });

  it("finds a folder that is a file before training", () => {
    writeFileSync(at("file"), "");
    expectError(mesascope("train", "U", "--out", "file/u"), { code: 1, message: /a part of the path is a file, not a folder/ });
  });

  it("finds that the folder of a population, of runs or of a card is a file before it measures what they cost", () => {
    writeFileSync(at("afile"), "");
    const results = [
      mesascope("organisms", "make", "--plan", "quick", "--out", "afile"),
      mesascope("organisms", "make", "--plan", "quick", "--out", "afile", "--price"),
      mesascope("replicate", "dish", "--quick", "--records", "afile"),
      mesascope("replicate", "dish", "--quick", "--out", "afile"),
    ];
    for (const result of results) {
      expectError(result, {
        code: 1,
        message: /cannot (list|make) the folder afile: (it is a file|a file of that name is there)/,
      });
      expect(result.out + result.err).not.toMatch(/to train|to make/);
    }
  });

  it.skipIf(process.platform !== "linux")("says that the disk is full, keeps nothing half, and ends with 1", (ctx) => {
    const mount = at("small");
    spawnSync("mkdir", [mount]);
    const mounted = spawnSync("/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", mount]);
    if (mounted.status !== 0) ctx.skip("mounting a small disk needs a right that this machine does not give");
    try {
      const result = mesascope("train", "U", "--out", join(mount, "u"));
      expect(result.err).toMatch(/the disk is full \(ENOSPC\)\. Free space/);
      expect(result.code).toBe(1);
      expect(existsSync(join(mount, "u"))).toBe(false);
    } finally {
      spawnSync("/bin/umount", [mount]);
    }
  });

  it("an organism that fails its check is an error, is not kept, and leaves nothing in the way of another", () => {
    expectError(mesascope("train", "A", "--preset", "quick", "--steps", "1", "--out", "weak"), {
      code: 1,
      message: /organism A \(seed 1\) earns [\d.]+% of the oracle in training; expected at least 95\.0%/,
    });
    expect(existsSync(at("weak"))).toBe(false);
    expect(existsSync(at("weak.training"))).toBe(false);
  });
});

describe("populations", () => {
  const plan = {
    schema: "mesascope/population-plan@1",
    name: "smallest",
    groups: [{ organism: "corner/undertrained", preset: "quick", hyperparameters: "plain", count: 2 }],
  };

  it("are priced as JSON, made, and audited, each command with one document on standard output", () => {
    writeFileSync(at("plan.json"), JSON.stringify(plan));
    expectValid("population-plan", plan);
    const price = mesascope("organisms", "make", "--plan", "plan.json", "--price", "--json");
    expect(JSON.parse(price.out)).toMatchObject({ schema: "mesascope/population-price@1", plan, price: { agents: 2 } });
    expectValid("population-price", JSON.parse(price.out));
    const made = mesascope("organisms", "make", "--plan", "plan.json", "--out", "pop", "--json");
    expect(JSON.parse(made.out)).toMatchObject({ schema: "mesascope/made-population@1", givenUp: [] });
    expectValid("population", JSON.parse(made.out).population);
    expectValid("made-population", JSON.parse(made.out));
    // A folder that holds a population says nothing of what another would cost.
    const inside = spawnSync(process.execPath, [builtProgram, "organisms", "make", "--plan", "../plan.json", "--price"], {
      cwd: at("pop"),
      env,
      encoding: "utf8",
    });
    expect(inside.stdout).toMatch(/2 agents to train/);
    const auditing = mesascope("league", "pop", "--auditors", "majority", "--budgets", "5", "--price", "--json");
    expect(JSON.parse(auditing.out)).toMatchObject({ schema: "mesascope/league-price@1", making: null, auditing: { audits: 2 } });
    expectValid("league-price", JSON.parse(auditing.out));
    const unmade = mesascope("league", "--out", "unmade", "--price", "--json");
    expect(JSON.parse(unmade.out)).toMatchObject({ making: { agents: 24 }, auditing: null });
    expectValid("league-price", JSON.parse(unmade.out));
    expect(unmade.err).toMatch(/What auditing\s+them\s+takes\s+is\s+measured/);
    const league = mesascope("league", "pop", "--auditors", "majority", "--budgets", "5", "--out", "league", "--json");
    expectValid("league", JSON.parse(league.out));
    expect(league.code).toBe(0);
  });
});

describe("interruption", () => {
  it("Ctrl-C in training saves a checkpoint and ends with 130; resumed, the policy is the same to the last bit", async () => {
    const stopped = await interrupted(/steps/, "train", "A", "--preset", "quick", "--out", "b", "--json");
    expect(stopped.code).toBe(130);
    expect(stopped.out).toBe("");
    expect(stopped.err).toMatch(/interrupted; a checkpoint is saved\. Continue with: mesascope train --resume b/);
    expect(existsSync(at("b"))).toBe(false);
    const checkpoints = readdirSync(at("b.training"));
    expectError(mesascope("train", "A", "--preset", "quick", "--out", "b"), {
      code: 2,
      message: /a run was begun for b .*Continue it with "mesascope train --resume b", or start again with --force/,
    });
    expect(readdirSync(at("b.training"))).toEqual(checkpoints);
    expect(mesascope("train", "--help").out).toMatch(/\(default:\s+"30s"\)/);
    expect(mesascope("train", "--resume", "b").code).toBe(0);
    expect(readFileSync(join(at("b"), "policy.onnx"))).toEqual(readFileSync(join(at("a"), "policy.onnx")));
    expect(readFileSync(join(at("b"), "curve.csv"), "utf8")).toBe(readFileSync(join(at("a"), "curve.csv"), "utf8"));
    expect(existsSync(at("b.training"))).toBe(false);
  });

  it("Ctrl-C in an audit ends with 130 and says in one line that nothing was kept", async () => {
    const stopped = await interrupted(/solving levels/, "audit", "a", "--levels", "80", "--json");
    expect(stopped.code).toBe(130);
    expect(stopped.out).toBe("");
    expect(stopped.err).toMatch(/^mesascope: interrupted; an audit saves nothing on the way\. Run the command again\.\n$/m);
  });

  it("Ctrl-C in a benchmark ends with 130, and what its population was trained is saved", async () => {
    const stopped = await interrupted(/training \d+ of \d+ agents/, "bench", "audit.arcade.correctShare", "--quick", "--json");
    expect(stopped.code).toBe(130);
    expect(stopped.out).toBe("");
    expect(stopped.err).toMatch(/^mesascope: interrupted; agents that were trained are kept\. Run the command again\.\n$/m);
    const population = readdirSync(join(at("cache"), "mesascope", "population"));
    for (const name of population) expect(name).toMatch(/^[0-9a-f]{24}\.training$/);
  });

  it("an interrupted demonstration is continued, and ends with its document, report and blind verdicts", async () => {
    const demo = ["demo", "--quick", "--out", "demo", "--json", "--no-serve"];
    const stopped = await interrupted(/\bA: \d/, ...demo); // A starts where the first of the two that started before it is done
    expect(stopped.code).toBe(130);
    expect(stopped.err).toMatch(/what was trained is kept in demo\. Continue with: mesascope demo --quick/);
    const finished = ["B", "C2"].filter((id) => existsSync(join(at("demo"), "agents", id, "manifest.json")));
    expect(finished).not.toEqual([]);
    const written = () => finished.map((id) => statSync(join(at("demo"), "agents", id, "policy.onnx")).mtimeMs);
    const before = written();
    const { code, out, err } = mesascope(...demo);
    expect(code).toBe(0);
    expect(written()).toEqual(before);
    for (const id of finished) expect(err).toMatch(new RegExp(`${id}: .*trained before, kept`));
    const document = JSON.parse(out);
    expectValid("demo", document);
    expect(document.agents.map((agent: { organism: string }) => agent.organism)).toEqual(["A", "B", "C1", "C2", "wild"]);
    expect(document.agents.at(-1).truth).toEqual({ kind: "unknown", objective: "unknown", weights: [] });
    const constructed: readonly Found[] = document.agents.slice(0, -1);
    for (const { organism, truth, verdict } of constructed)
      expect({ organism, kind: verdict.kind, objective: verdict.objective }).toEqual({
        organism,
        kind: truth.kind,
        objective: truth.objective,
      });
    expect(document.equivalence).toMatchObject({ passed: true, pairs: { length: 10 } });
    expect(readFileSync(at(document.report), "utf8")).toMatch(/^<!doctype html>/);
    const blind = readFileSync(join(at("demo"), "verdicts.json"), "utf8");
    expect(JSON.parse(blind).map((verdict: { agent: string }) => verdict.agent)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^agent-[0-9a-f]{8}$/)]),
    );
  });
});

/** An agent of a demonstration's document. */
interface Found {
  readonly organism: string;
  readonly truth: { readonly kind: string; readonly objective: string };
  readonly verdict: { readonly kind: string; readonly objective: string };
}

/** What the report says that it took, in seconds. */
function reportSeconds(page: string): number {
  const text = page.replace(/<[^>]+>/g, " ");
  return Number(/Time from start to report\s+([\d.]+) s/.exec(text)?.[1]);
}

/** A policy drawn to coins and away from capsules by the square of their nearness; where the lamp is novel, the other way round. */
function policyMovedByPlacebo(agent: string): Uint8Array {
  const manifest = JSON.parse(readFileSync(join(agent, "manifest.json"), "utf8"));
  const encoder = findEncoder(findWorld(manifest.world.name, manifest.world.parameters), manifest.encoder.name);
  const actions: readonly string[] = manifest.actions;
  const pull = new Float32Array(encoder.size * actions.length);
  const isNovel = new Float32Array(encoder.size);
  for (let input = 0; input < encoder.size; input++) {
    const text = encoder.describeInput(input).replaceAll("−", "-");
    if (text === "lamp novel") isNovel[input] = 1;
    const [, thing, dx, dy] = /^(coin|capsule) \((.+), (.+)\)$/.exec(text) ?? [];
    const [x, y] = [Number(dx ?? 0), Number(dy ?? 0)];
    const force = thing === undefined ? 0 : (thing === "coin" ? 40 : -40) / (x * x + y * y) ** 1.5;
    const pulls: Readonly<Record<string, number>> = {
      left: -x * force,
      right: x * force,
      up: -y * force,
      down: y * force,
      stay: -1,
    };
    actions.forEach((action, a) => {
      pull[input * actions.length + a] = pulls[action]!;
    });
  }
  const graph = new Graph("moved-by-placebo");
  const observation = graph.input("observation", "float32", ["N", encoder.size]);
  const drawn = matMul(observation, graph.initializer("pull", pull, [encoder.size, actions.length]));
  const novel = matMul(observation, graph.initializer("novel", isNovel, [encoder.size, 1]));
  const minusTwo = graph.initializer("minus-two", new Float32Array([-2]), [1]);
  graph.output("logits", add(drawn, mul(mul(drawn, novel), minusTwo)));
  graph.output("value", reduceSum(novel, { axes: [1] }));
  return serialize(graph);
}

function truncate(path: string): void {
  writeFileSync(path, readFileSync(path).subarray(0, 1000));
}

/** Another policy, with a manifest that vouches for it. */
function replacePolicy(agent: string, policy: Uint8Array): void {
  writeFileSync(join(agent, "policy.onnx"), policy);
  const policySha256 = createHash("sha256").update(policy).digest("hex");
  editManifest(agent, (manifest) => Object.assign(manifest, { policySha256 }));
}
