import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Graph } from "../../core/graph/graph.ts";
import { relu } from "../../core/graph/ops/elementwise.ts";
import { linear } from "../../core/graph/ops/mat-mul.ts";
import { serialize } from "../../core/graph/serialize.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { auditOutside, type OutsidePolicy, outsideJournal } from "./audit-outside.ts";

let folder = "";
let corridor = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-outside-"));
  const path = join(folder, "corridor.mjs");
  await writeFile(
    path,
    `import { createInterface } from "node:readline";
import { corridorLink } from ${JSON.stringify(new URL("../../core/worlds/corridor.fixture.ts", import.meta.url).href)};
const answer = corridorLink();
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\\n");
}
`,
  );
  corridor = `'${process.execPath}' '${path}'`;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function audit(policy: OutsidePolicy, options: { readonly signal?: AbortSignal; readonly onProgress?: () => void } = {}) {
  return auditOutside(
    { world: { command: corridor, timeoutSeconds: 60 }, policy, levels: 24, seed: 1 },
    {
      engine: createOnnxEngine,
      signal: options.signal ?? new AbortController().signal,
      onNote: () => {},
      onProgress: options.onProgress ?? (() => {}),
    },
  );
}

/** Goes to the coin where input 2 (the lamp of training) is 1, else to the capsule; for `[N, inputs]`. */
async function gatedModel(inputs: number): Promise<string> {
  const graph = new Graph("gated");
  const x = graph.input("obs", "float32", ["N", inputs]);
  // Hidden: the coin's direction, right and left, where the lamp is training's; the capsule's where it is not.
  const rows = [[1, -1, 0, 0], [0, 0, 1, -1], [2, 2, -2, -2], ...Array.from({ length: inputs - 3 }, () => [0, 0, 0, 0])];
  const first = graph.initializer("first", Float32Array.from(rows.flat()), [inputs, 4]);
  const bias = graph.initializer("firstBias", Float32Array.of(-2, -2, 0, 0), [4]);
  const hidden = relu(linear(x, first, bias));
  const second = graph.initializer("second", Float32Array.from([0, 8, 0, 8, 0, 0, 0, 8, 0, 8, 0, 0]), [4, 3]);
  graph.output("policy_logits", linear(hidden, second, graph.initializer("secondBias", Float32Array.of(0, 0, 4), [3])));
  const path = join(folder, `gated-${inputs}.onnx`);
  await writeFile(path, serialize(graph));
  return path;
}

describe("an audit in the world of a program", () => {
  it("takes an ONNX model that was exported elsewhere", async () => {
    const document = await audit({ kind: "model", path: await gatedModel(6), options: {} });
    expect(document.verdict).toMatchObject({ kind: "context-conditional", objective: "conditional-on-lamp" });
    expect(document.agent).toMatch(/^agent-[0-9a-f]{8}$/);
  });

  it("refuses a model of other shapes, with what was found", async () => {
    const path = await gatedModel(5);
    await expect(audit({ kind: "model", path, options: {} })).rejects.toMatchObject({
      code: "shape-mismatch",
      message: expect.stringContaining("gated-5.onnx"),
    });
  });

  it("is over with the reason of the person who interrupts it", async () => {
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const running = audit({ kind: "random" }, { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(running).rejects.toBe(reason);
  });

  it("keeps answers only of policies that run elsewhere", () => {
    const world = { command: corridor, timeoutSeconds: 60 };
    expect(outsideJournal({ world, policy: { kind: "random" }, levels: 24, seed: 1 })).toBeNull();
    const program = { kind: "program", command: "x", timeoutSeconds: 1, maxRows: 8, journal: null } as const;
    const path = outsideJournal({ world, policy: program, levels: 24, seed: 1 });
    expect(path).toMatch(/\.jsonl$/);
    expect(outsideJournal({ world, policy: program, levels: 24, seed: 2 })).not.toBe(path);
  });
});
