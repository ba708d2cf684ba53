// A training step of the transformer beside PyTorch, in alternating bursts, for several numbers of slices; one thread each.
// Run it with: npm run measure -- transformer-train [quick] [1 8 16]   (the numbers of slices; default 1 4 8 16)

import { transformerTrainWorkload } from "../src/cli/bench/engine/transformer-workload.ts";
import { ratioToPyTorch } from "../src/cli/bench/engine/workload.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const given = process.argv.slice(2).map(Number).filter(Number.isInteger);
const engine = await createOnnxEngine();
const options = {
  engine,
  isQuick: process.argv.includes("quick"),
  seed: 1,
  signal: new AbortController().signal,
  onProgress: () => undefined,
};
for (const slices of given.length > 0 ? given : [1, 4, 8, 16]) {
  const create: typeof transformerTrainWorkload = (chosen) => transformerTrainWorkload(chosen, slices);
  const { value, low, high, note, skipped } = await ratioToPyTorch({ create, script: "transformer_train.py" }, options);
  const ratio = value === null ? skipped : `${value.toFixed(2)} × PyTorch (${low?.toFixed(2)} to ${high?.toFixed(2)}); ${note}`;
  process.stdout.write(`${slices} slices: ${ratio}\n`);
}
