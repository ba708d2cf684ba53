// Nothing is told to the maker of the engine: it keeps no count of its use, in no thread, and does not read the command line.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cleanEnvironment, runProgram, type Surroundings } from "./program.ts";

const policy = fileURLToPath(new URL("../src/studio/pages/home/recording/A.onnx", import.meta.url));
const engineModule = new URL("../dist/node/engine/onnx-engine.js", import.meta.url);

describe("the native engine", () => {
  let home: string;
  let surroundings: Surroundings;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "mesascope-home-"));
    const env: NodeJS.ProcessEnv = { ...cleanEnvironment(home), HOME: home, MESASCOPE_ENGINE: "native" };
    delete env.ORT_DISABLE_TELEMETRY;
    surroundings = { folder: home, env };
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const counts = () =>
    readdirSync(home, { recursive: true, encoding: "utf8" }).filter((path) => /microsoft|onnxruntime/i.test(path));

  it("counts nothing of an agent that is audited", () => {
    const asked = ["audit", policy, "--world", "arcade", "--preset", "quick", "--levels", "10", "--json"];
    expect(JSON.parse(runProgram(asked, surroundings).out)).toMatchObject({ schema: expect.any(String) });
    expect(counts()).toEqual([]);
  });

  it("counts nothing of agents that are trained in a thread of a lab", () => {
    expect(runProgram(["lab", "init", "lab"], surroundings).code).toBe(0);
    const asked = ["train", "wild", "--preset", "quick", "--steps", "4096", "--lab", "lab"];
    // It has become nothing in so few steps, which is found by the engine.
    expect(runProgram(asked, surroundings).err).toContain("of the oracle in training");
    expect(counts()).toEqual([]);
  });

  it("works however long the command line is", async () => {
    const program = `
      import { readFileSync } from "node:fs";
      const { createOnnxEngine } = await import(${JSON.stringify(engineModule.href)});
      await (await createOnnxEngine()).compile(readFileSync(${JSON.stringify(policy)}));
      console.log("compiled");`;
    const file = join(home, "program.mjs");
    await writeFile(file, program);
    const ended = spawnSync(process.execPath, [file, "x".repeat(60_000)], { cwd: home, env: surroundings.env, encoding: "utf8" });
    expect([ended.signal, ended.status, ended.stdout]).toEqual([null, 0, "compiled\n"]);
    expect(counts()).toEqual([]);
  });
});
