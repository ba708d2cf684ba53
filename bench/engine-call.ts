// Times the fixed cost of one EngineSession.run on onnxruntime-node: five vectors in, five out, one addition each.
// Run it with: npm run measure -- engine-call

import type { Feeds } from "../src/core/engine/engine.ts";
import { Graph } from "../src/core/graph/graph.ts";
import { add } from "../src/core/graph/ops/arithmetic.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const NAMES = ["a", "b", "c", "d", "e"];

function vectors(length: number): Feeds {
  return Object.fromEntries(NAMES.map((name) => [name, { dtype: "float32", dims: [length], data: new Float32Array(length) }]));
}

const engine = await createOnnxEngine();
for (const length of [4, 60_000]) {
  const graph = new Graph("call");
  for (const name of NAMES) graph.output(`${name}+1`, add(graph.input(name, "float32", [length]), graph.constant(1)));
  const session = await engine.compile(serialize(graph));
  const same = vectors(length);
  for (const [label, feeds] of [
    ["the same arrays", () => same],
    ["new arrays", () => vectors(length)],
  ] as const) {
    const times: number[] = [];
    for (let i = 0; i < 3000; i++) {
      const start = performance.now();
      await session.run(feeds());
      if (i >= 500) times.push(performance.now() - start);
    }
    const median = times.sort((a, b) => a - b)[times.length >> 1]! * 1000;
    process.stdout.write(`5 vectors of ${length}, ${label}: ${median.toFixed(0)} µs a call\n`);
  }
  await session.release();
}
