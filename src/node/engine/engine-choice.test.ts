import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../core/engine/engine.ts";
import { Graph } from "../../core/graph/graph.ts";
import { add } from "../../core/graph/ops/arithmetic.ts";
import { serialize } from "../../core/graph/serialize.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { createNativeEngine } from "./native-engine.ts";
import { chooseEngine, createOnnxEngine, type EngineChoice } from "./onnx-engine.ts";
import { createWasmEngine } from "./wasm-engine.ts";

const unused: Pick<Engine, "compile"> = { compile: () => Promise.reject(new Error("not to be compiled")) };

function choice(parts: Partial<EngineChoice>): EngineChoice & { readonly said: string[] } {
  const said: string[] = [];
  return {
    wanted: undefined,
    native: async () => ({ name: "native", ...unused }),
    wasm: async () => ({ name: "wasm", ...unused }),
    tell: (text) => said.push(text),
    said,
    ...parts,
  };
}

function failing(message: string, code: string): () => Promise<Engine> {
  return () => Promise.reject(Object.assign(new Error(message), { code }));
}

describe("the choice of an engine", () => {
  it.each([
    [undefined, "native"],
    ["", "native"],
    ["native", "native"],
    ["wasm", "wasm"],
  ])("with MESASCOPE_ENGINE=%s is %s, without a word", async (wanted, name) => {
    const given = choice({ wanted });
    expect((await chooseEngine(given)).name).toBe(name);
    expect(given.said).toEqual([]);
  });

  it("falls back to WebAssembly and says why: the native package is missing, or has no binary here", async () => {
    const missing = choice({ native: failing("Cannot find package 'onnxruntime-node'", "ERR_MODULE_NOT_FOUND") });
    expect((await chooseEngine(missing)).name).toBe("wasm");
    expect(missing.said).toEqual([
      "native engine not installed: running on WebAssembly, about 4× slower; npm install onnxruntime-node.",
    ]);
    const withoutBinary = choice({ native: failing("Cannot find module '../bin/x.node'\nRequire stack", "MODULE_NOT_FOUND") });
    expect((await chooseEngine(withoutBinary)).name).toBe("wasm");
    expect(withoutBinary.said[0]).toMatch(
      /^native engine cannot be loaded on \S+ \S+ \(Cannot find module '..\/bin\/x.node'\): running/,
    );
    expect(withoutBinary.said[0]).not.toContain("npm install");
  });

  it("does not fall back from what was forced, nor from nothing to nothing", async () => {
    const broken = failing("gone", "ERR_MODULE_NOT_FOUND");
    await expect(chooseEngine(choice({ wanted: "native", native: broken }))).rejects.toMatchObject({ code: "engine" });
    await expect(chooseEngine(choice({ wanted: "wasm", wasm: broken }))).rejects.toMatchObject({ code: "engine" });
    const neither = choice({ native: broken, wasm: broken });
    await expect(chooseEngine(neither)).rejects.toMatchObject({
      code: "engine",
      message: expect.stringContaining("onnxruntime-web"),
    });
    expect(neither.said).toEqual([]);
  });

  it("refuses another value of MESASCOPE_ENGINE", async () => {
    await expect(chooseEngine(choice({ wanted: "gpu" }))).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("MESASCOPE_ENGINE=gpu"),
    });
  });

  it("takes what MESASCOPE_ENGINE says", async () => {
    const before = process.env.MESASCOPE_ENGINE;
    try {
      process.env.MESASCOPE_ENGINE = "wasm";
      expect((await createOnnxEngine()).name).toMatch(/^onnxruntime-web \d.*\(wasm, 1 thread\)$/);
      process.env.MESASCOPE_ENGINE = "native";
      expect((await createOnnxEngine()).name).toMatch(/^onnxruntime-node \d/);
    } finally {
      if (before === undefined) delete process.env.MESASCOPE_ENGINE;
      else process.env.MESASCOPE_ENGINE = before;
    }
  });
});

describe("the WebAssembly engine in Node", () => {
  it("trains to the weights of the native engine, and answers observations as it does, to 1e-4", async () => {
    const recipe = findOrganism("A").recipe({ preset: "quick", seed: 3 });
    const optimizer = { ...recipe.optimizer, numEnvs: 32, numSteps: 16, minibatchSize: 256 };
    const models: Uint8Array[] = [];
    for (const create of [createNativeEngine, createWasmEngine]) {
      const run = await TrainingRun.create(await create(), { ...recipe, optimizer });
      for (let update = 0; update < 3; update++) await run.update();
      models.push(run.export().model);
      await run.release();
    }
    const [onNative, onWasm] = [
      await logitsOf(await createNativeEngine(), models[0]!),
      await logitsOf(await createWasmEngine(), models[1]!),
    ];
    expect(onNative.some((logit) => Math.abs(logit) > 0.01)).toBe(true);
    onNative.forEach((logit, i) => {
      expect(Math.abs(onWasm[i]! - logit)).toBeLessThan(1e-4);
    });
  });

  it("computes calls that overlap as if one came after the other", async () => {
    const engine = await createWasmEngine();
    const graph = new Graph("double");
    const x = graph.input("x", "float32", ["N"]);
    graph.output("y", add(x, x));
    const model = serialize(graph);
    const sessions = await Promise.all([engine.compile(model), engine.compile(model)]);
    const runs = Array.from({ length: 60 }, (_, i) =>
      sessions[i % 2]!.run({ x: { dtype: "float32", dims: [i + 1], data: new Float32Array(i + 1).fill(i) } }),
    );
    runs.push(sessions[0].run({ z: { dtype: "float32", dims: [1], data: Float32Array.of(1) } }));
    const results = await Promise.allSettled(runs);
    expect(results.pop()).toMatchObject({ status: "rejected", reason: { code: "engine" } });
    results.forEach((result, i) => {
      expect(result).toMatchObject({ status: "fulfilled", value: { y: { data: new Float32Array(i + 1).fill(2 * i) } } });
    });
    for (const session of sessions) await session.release();
  });

  it("runs in worker threads, several at a time", async () => {
    const url = new URL("./onnx-engine.ts", import.meta.url).href;
    const graph = new Graph("double");
    const x = graph.input("x", "float32", ["N"]);
    graph.output("y", add(x, x));
    const program = `
      import { parentPort, workerData } from "node:worker_threads";
      const { createOnnxEngine } = await import(${JSON.stringify(url)});
      const engine = await createOnnxEngine();
      const session = await engine.compile(workerData);
      const { y } = await session.run({ x: { dtype: "float32", dims: [2], data: Float32Array.of(1, 2) } });
      parentPort.postMessage({ name: engine.name, y: [...y.data] });`;
    const source = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    const env = { ...process.env, MESASCOPE_ENGINE: "wasm" };
    const workers = [1, 2].map(() => new Worker(source, { workerData: serialize(graph), env }));
    const answers = await Promise.all(workers.map((worker) => once(worker, "message")));
    for (const [answer] of answers) expect(answer).toEqual({ name: expect.stringContaining("wasm"), y: [2, 4] });
    await Promise.all(workers.map((worker) => worker.terminate()));
  });
});

/** The logits of eight made-up binary observations. */
async function logitsOf(engine: Engine, model: Uint8Array): Promise<readonly number[]> {
  const session = await engine.compile(model);
  const size = session.inputShapes.observation![1] as number;
  const data = Float32Array.from({ length: 8 * size }, (_, i) => (i % 7 === i % 3 ? 1 : 0));
  const { logits } = await session.run({ observation: { dtype: "float32", dims: [8, size], data } });
  await session.release();
  return [...(logits!.data as Float32Array)];
}
