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

it("a server that is asked to end by the script that runs it ends well, and leaves its lab", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mesascope-script-"));
  const env = { ...cleanEnvironment(folder), INIT_CWD: folder };
  expect(runProgram(["lab", "init", "lab"], { folder, env }).code).toBe(0);
  const served = spawn(process.execPath, [script, "mesascope", "serve", "--port", "0", "--lab", "lab"], { cwd: folder, env });
  try {
    const [said] = (await once(served.stdout, "data")) as [Buffer];
    const address = /http:\/\/\S+:\d+/.exec(said.toString())![0];
    expect((await fetch(`${address}/health`)).ok).toBe(true);
    served.kill("SIGTERM");
    expect(await once(served, "exit")).toEqual([0, null]);
    await expect(fetch(`${address}/health`)).rejects.toThrow();
    expect(runProgram(["lab", "status", "lab"], { folder, env }).code).toBe(0);
  } finally {
    served.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
