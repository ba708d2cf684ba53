// mesascope play in a terminal: keys, the score, and how it ends. Python makes the terminal; without it these tests are skipped.

import { spawnSync } from "node:child_process";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeEach, describe, expect, it } from "vitest";
import { builtProgram } from "./program.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** Runs a command in a terminal of its own, types the keys once the game tells them, prints all and exits as the command did. */
const inTerminal = `
import os, pty, sys
keys, command = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(command[0], command)
seen = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    seen += part
    if keys and b"q quit" in seen:
        os.write(terminal, keys.encode())
        keys = ""
sys.stdout.write(seen.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

function play(keys: string, more: readonly string[] = []): { readonly code: number | null; readonly seen: string } {
  const command = [process.execPath, builtProgram, "play", "corner", "--preset", "quick", ...more];
  const { status, stdout } = spawnSync("python3", ["-c", inTerminal, keys, ...command], { encoding: "utf8" });
  return { code: status, seen: stdout };
}

describe("a game in a terminal", () => {
  beforeEach(({ skip }) => skip(!hasPython, "no python3 on this machine (apt-get install python3)"));

  it("goes on by keys and ends with its score at q", () => {
    const { code, seen } = play("  q");
    expect(seen).toMatch(/base\s+return\s+\d,\s+stopped\s+after\s+2\s+steps/);
    expect(code).toBe(0);
  });

  it("draws over what it drew in a terminal that says it has no columns, as this one does", () => {
    const { seen } = play("  q");
    expect(seen).toMatch(/.\[\d+A.\[0J/);
    expect(seen).not.toContain("Infinity");
  });

  it("prints a score as JSON that follows its schema, in the variant that was asked for", () => {
    const { code, seen } = play("  q", ["--parameter", "size=4", "--json"]);
    expect(code).toBe(0);
    const document = JSON.parse(seen.slice(seen.search(/\{\r?\n {2}"schema"/)));
    expect(document).toMatchObject({ schema: "mesascope/play@1", steps: 2, end: "quit" });
    const { stdout } = spawnSync(process.execPath, [builtProgram, "schema", "play"], { encoding: "utf8" });
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(stdout));
    expect(validate(document) || validate.errors).toBe(true);
  });

  it("exits with 130 at Ctrl-C, as every command does, and without a score", () => {
    const { code, seen } = play(" \u0003");
    expect(seen).toContain("mesascope: interrupted; a game is not kept.");
    expect(seen).not.toContain("base return");
    expect(code).toBe(130);
  });
});
