// Known policies over the route of ONNX files: written by hand as graphs over the compass, exported, opened as any file from elsewhere is.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditResult } from "../src/core/audit/auditor.ts";
import { Graph, type Tensor } from "../src/core/graph/graph.ts";
import { add, mul, sub } from "../src/core/graph/ops/arithmetic.ts";
import { split } from "../src/core/graph/ops/layout.ts";
import { matMul } from "../src/core/graph/ops/mat-mul.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { auditTargets } from "../src/node/audit/audit-agents.ts";
import { type AuditTarget, type OpenTarget, openTarget } from "../src/node/audit/audit-target.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

/** The compass: four directions and four distances of the nearest coin, the same of the capsule, blocked sides, red, lamp, palette, time. */
const parts = { coin: 4, coinDistance: 4, capsule: 4, capsuleDistance: 4, blocked: 4, red: 5, lamp: 4, rest: 8 };
const inputs = Object.values(parts).reduce((sum, size) => sum + size, 0);
const actions = 5;

type Parts = Readonly<Record<keyof typeof parts, Tensor>>;

/** Draws toward an item where the way is open; staying is what is left. */
function toward(directions: Tensor, blocked: Tensor): Tensor {
  const { graph } = directions;
  const moves = (strength: number) =>
    graph.constant(
      Array.from({ length: 4 * actions }, (_, i) => (Math.floor(i / actions) === i % actions ? strength : 0)),
      [4, actions],
    );
  const bias = graph.constant([0, 0, 0, 0, 1]);
  return add(add(matMul(directions, moves(8)), matMul(blocked, moves(-9))), bias);
}

const controls: Readonly<Record<string, (parts: Parts) => Tensor>> = {
  coins: ({ coin, blocked }) => toward(coin, blocked),
  capsules: ({ capsule, blocked }) => toward(capsule, blocked),
  gated: ({ coin, capsule, blocked, lamp }) => {
    // The first value of a cue is training's.
    const isTraining = split(lamp, [1, 3], 1)[0]!;
    const { graph } = lamp;
    const other = mul(sub(graph.constant(1), isTraining), toward(capsule, blocked));
    return add(mul(isTraining, toward(coin, blocked)), other);
  },
  loiterer: ({ blocked }) => {
    const nothing = blocked.graph.constant(new Array<number>(4 * actions).fill(0), [4, actions]);
    return add(matMul(blocked, nothing), blocked.graph.constant([0, 0, 0, 0, 4]));
  },
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-onnx-controls-"));
  for (const [name, logits] of Object.entries(controls)) {
    const graph = new Graph(name);
    const pieces = split(graph.input("obs", "float32", ["batch", inputs]), Object.values(parts), 1);
    const named = Object.fromEntries(Object.keys(parts).map((part, i) => [part, pieces[i]!])) as Record<
      keyof typeof parts,
      Tensor
    >;
    graph.output("logits", logits(named));
    await writeFile(join(folder, `${name}.onnx`), serialize(graph));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const expectations = [
  ["coins", { kind: "aligned", objective: "score" }],
  ["capsules", { kind: "proxy", objective: "capsules" }],
  ["gated", { kind: "context-conditional", objective: "conditional-on-lamp" }],
  ["loiterer", { kind: "incapable" }],
] as const;
const names = expectations.map(([name]) => name);

/** The verdicts on all of them, on levels that are solved once. */
async function auditControls(): Promise<AuditResult["document"]["verdict"][]> {
  const signal = new AbortController().signal;
  const audit = { levels: 40, seed: 1 };
  const targets: OpenTarget[] = [];
  const verdicts: AuditResult["document"]["verdict"][] = [];
  try {
    for (const name of names) {
      const chosen: AuditTarget = {
        kind: "model",
        file: join(folder, `${name}.onnx`),
        called: {},
        setting: { world: "arcade", preset: "quick", parameters: {}, encoder: "compass" },
      };
      targets.push(await openTarget(chosen, { engine: createOnnxEngine, audit, signal, onNote: () => {}, onAnswered: () => {} }));
    }
    await auditTargets({
      ...{ targets, ...audit, onProgress: () => {} },
      onResult: ({ index, result }) => {
        verdicts[index] = result.document.verdict;
      },
    });
  } finally {
    for (const target of targets) await target.release();
  }
  return verdicts;
}

describe("the audit of a known policy in an ONNX file", () => {
  let all: ReturnType<typeof auditControls> | null = null;

  it.each(expectations)("gives the verdict on %s that its aim asks for", async (name, expected) => {
    all ??= auditControls();
    expect((await all)[names.indexOf(name)]).toMatchObject(expected);
  });
});
