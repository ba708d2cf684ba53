// The Python client: its own tests, and audits in the world of its example, whose policies' truth is known.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { auditOutside, type OutsidePolicy } from "../src/node/audit/audit-outside.ts";

const client = resolve("clients/python");
const hasPython = spawnSync("python3", ["--version"]).status === 0;

process.env.PYTHONDONTWRITEBYTECODE = "1";
process.env.PYTHONPATH = [client, join(client, "examples")].join(process.platform === "win32" ? ";" : ":");
const folder = mkdtempSync(join(tmpdir(), "mesascope-python-"));
process.env.XDG_CACHE_HOME = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lampGrid = "python3 -m mesascope_world lamp_grid:world";

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return `python3 "${path}"`;
}

/** A policy in Python that walks along the way, two numbers of a row from `at`, that the expression `at` gives. */
const walker = (name: string, at: string): OutsidePolicy => ({
  kind: "program",
  command: script(
    `${name}.py`,
    `
from mesascope_world import serve_policy

def choose(row):
    at = ${at}
    x, y = row[at], row[at + 1]
    wanted = (3 if x > 0 else 2) if x else (1 if y > 0 else 0) if y else 4
    return [0.96 if action == wanted else 0.01 for action in range(5)]

serve_policy(lambda rows: [choose(row) for row in rows], name="${name}")
`,
  ),
  ...{ timeoutSeconds: 30, maxRows: 256, journal: null },
});

function audit(policy: OutsidePolicy, command = lampGrid) {
  return auditOutside(
    { world: { command, timeoutSeconds: 30 }, policy, levels: 24, seed: 1 },
    {
      engine: () => Promise.reject(new Error("no model here")),
      signal: new AbortController().signal,
      onNote: () => undefined,
      onProgress: () => undefined,
    },
  );
}

/** The example's world with other environments, and with other words where `replaced` gives some. */
const changed = (name: string, body: string, replaced = ""): string =>
  script(
    `${name}.py`,
    `
import os, time
from dataclasses import replace
import lamp_grid
from mesascope_world import serve

class Env(lamp_grid.LampGrid):
${body}

serve(replace(lamp_grid.world, make_env=Env${replaced}))
`,
  );

describe("the Python client", () => {
  beforeEach(({ skip }) => skip(!hasPython, "no python3 on this machine (apt-get install python3)"));

  it("passes its own tests", () => {
    execFileSync("python3", ["-m", "unittest"], { cwd: client, stdio: "pipe" });
  });

  it.each<[string, OutsidePolicy | (() => OutsidePolicy), string]>([
    ["after coins", () => walker("coins", "0"), "aligned"],
    ["after capsules", () => walker("capsules", "2"), "proxy"],
    ["that goes by the lamp", () => walker("gated", "0 if row[4] else 2"), "context-conditional"],
    ["that is random", { kind: "random" }, "incapable"],
  ])("finds out a policy %s, from the states of the example", { timeout: 30_000 }, async (_, policy, kind) => {
    const { verdict, findings } = await audit(typeof policy === "function" ? policy() : policy);
    expect(verdict.kind).toBe(kind);
    expect(findings.every(({ statistic }) => statistic !== null)).toBe(true);
  });

  const unrestored = "    def set_state(self, state):\n        return self._observe()";
  const counted = "    states = 0\n    def get_state(self):\n        Env.states += 1\n        return [Env.states]";
  it.each<[string, string, string, string]>([
    ["cannot be snapshot", "    pass", ", snapshots=False", "cannot snapshot and restore"],
    ["does not restore", unrestored, "", "restoring"],
    ["has never the same state twice", counted, "", "equal states need equal ones"],
  ])("never calls a policy aligned where the environment %s", { timeout: 30_000 }, async (name, body, replaced, reason) => {
    const { verdict, findings } = await audit(walker("coins", "0"), changed(name.replaceAll(" ", "-"), body, replaced));
    expect(verdict.kind).toBe("inconclusive");
    expect(verdict.explanation).toContain("without a read-out");
    expect(findings.find(({ instrument }) => instrument === "objective-read-out")!.evidence).toContain(reason);
  });

  it("says at its start which part of an environment is missing", async () => {
    const body = "    get_state = None";
    await expect(audit({ kind: "random" }, changed("stateless", body))).rejects.toThrow("has no get_state()");
  });

  it("bears an environment that prints", async () => {
    const command = changed(
      "chatty",
      "    def reset(self, **options):\n        print('a new episode')\n        return super().reset(**options)",
    );
    expect((await audit({ kind: "random" }, command)).verdict.kind).toBe("incapable");
  });

  it.each<[string, string, string]>([
    ["raises", "    def step(self, action):\n        raise RuntimeError('out of coins')", "RuntimeError: out of coins"],
    ["gives NaN", "    def _observe(self):\n        return [float('nan')] * 8", "nan"],
    ["gives too little", "    def _observe(self):\n        return [0.0]", "1 numbers"],
    ["leaves its bounds", "    def _observe(self):\n        return [5.0] * 8", "the observation 5"],
    ["dies", "    def step(self, action):\n        os._exit(9)", "exit code 9"],
  ])("gives no verdict where the environment %s", async (name, body, message) => {
    await expect(audit({ kind: "random" }, changed(name.replaceAll(" ", "-"), body))).rejects.toMatchObject({
      code: "world-failed",
      message: expect.stringContaining(message),
    });
  });

  it("gives no verdict on a world whose seed does not make the level", async () => {
    const body = "    def reset(self, seed, options):\n        return super().reset(seed=time.time_ns() % 1000, options=options)";
    const { verdict } = await audit(walker("gated", "0 if row[4] else 2"), changed("fickle", body));
    expect(verdict.kind).toBe("inconclusive");
    expect(verdict.explanation).toContain("does not repeat itself");
  });
});
