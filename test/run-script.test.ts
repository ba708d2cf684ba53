// What npm runs passes on what it is asked: a server that was started from the repository ends with the script that started it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { cleanEnvironment, runProgram } from "./program.ts";

const script = fileURLToPath(new URL("../scripts/run.mjs", import.meta.url));

const asked = [script, "mesascope", "serve", "--port", "0", "--lab", "lab"];
/** npm starts a shell, which asks nobody when it is asked. */
const shell = `"${process.execPath}" ${asked.map((word) => `"${word}"`).join(" ")}; true`;

it.each([
  ["the script", process.execPath, asked, {}],
  ["npm's shell", "sh", ["-c", shell], { npm_lifecycle_event: "mesascope" }],
])(
  "a server ends well when %s that runs it is asked to end, and leaves its lab",
  async (_, command, words, more) => {
    const folder = await mkdtemp(join(tmpdir(), "mesascope-script-"));
    const env = { ...cleanEnvironment(folder), INIT_CWD: folder };
    expect(runProgram(["lab", "init", "lab"], { folder, env }).code).toBe(0);
    const served = spawn(command, words, { cwd: folder, env: { ...env, ...more } });
    try {
      const [said] = (await once(served.stdout, "data")) as [Buffer];
      const address = /http:\/\/\S+:\d+/.exec(said.toString())![0];
      expect((await fetch(`${address}/health`)).ok).toBe(true);
      served.kill("SIGTERM");
      const ended = await once(served, "exit");
      if (command === process.execPath) expect(ended).toEqual([0, null]);
      const answers = () =>
        fetch(`${address}/health`).then(
          () => true,
          () => false,
        );
      await expect.poll(answers, { timeout: 20_000 }).toBe(false);
      expect(runProgram(["lab", "status", "lab"], { folder, env }).code).toBe(0);
    } finally {
      served.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
