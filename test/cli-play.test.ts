// mesascope play in a terminal: keys, the score, and how it ends. Python makes the terminal; without it these tests are skipped.

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { builtProgram } from "./program.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) process.stderr.write("python3 is not there: the tests of mesascope play are skipped.\n");

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

function play(keys: string): { readonly code: number | null; readonly seen: string } {
  const command = [process.execPath, builtProgram, "play", "corner", "--preset", "quick"];
  const { status, stdout } = spawnSync("python3", ["-c", inTerminal, keys, ...command], { encoding: "utf8" });
  return { code: status, seen: stdout };
}

describe.skipIf(!hasPython)("a game in a terminal", () => {
  it("goes on by keys and ends with its score at q", () => {
    const { code, seen } = play("  q");
    expect(seen).toMatch(/base\s+return\s+\d,\s+stopped\s+after\s+2\s+steps/);
    expect(code).toBe(0);
  });

  it("exits with 130 at Ctrl-C, as every command does, and without a score", () => {
    const { code, seen } = play(" \u0003");
    expect(seen).toContain("mesascope: interrupted; a game is not kept.");
    expect(seen).not.toContain("base return");
    expect(code).toBe(130);
  });
});
