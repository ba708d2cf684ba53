// How close linear self-attention comes to the best that one step of gradient descent can do in context, and how long it takes.
// Run it with: npm run measure -- in-context-regression [seeds=5] [steps=400] [unroll=1]

import { Prng } from "../src/core/base/prng.ts";
import { linearAttention } from "../src/core/nets/linear-attention.ts";
import { Supervised } from "../src/core/optimizers/supervised.ts";
import { inContextRegression, oneStepOptimum } from "../src/core/optimizers/tasks/in-context-regression.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

function flag(name: string, otherwise: number): number {
  const given = process.argv.find((argument) => argument.startsWith(`${name}=`));
  return given === undefined ? otherwise : Number(given.slice(name.length + 1));
}

const options = { dimensions: 10, examples: 10 };
const task = inContextRegression(options);
const network = linearAttention(
  { kind: "linear-attention", blocks: 1, heads: 1, questions: 1, deviation: 0.3 },
  { length: 11, input: { kind: "vectors", size: 11 }, outputSize: 1 },
);
const heldOut = { rows: 20_000, inputs: new Float32Array(20_000 * 121), targets: new Float32Array(20_000) };
task.draw(heldOut, Prng.fromSeed(20_021));
const { loss: best, zero, stepSize } = oneStepOptimum(options);
process.stdout.write(`optimum ${best.toFixed(4)} at step size ${stepSize.toFixed(3)}, predicting nothing ${zero.toFixed(4)}\n`);

const engine = await createOnnxEngine();
for (let seed = 1; seed <= flag("seeds", 5); seed++) {
  const start = performance.now();
  const run = await Supervised.create({
    engine,
    task,
    model: { parameters: network.parameters, outputs: (weights, inputs) => network.forward(weights, inputs).output },
    config: {
      totalSteps: flag("steps", 400),
      batchSize: 512,
      rule: { kind: "adam" },
      learningRate: 0.02,
      schedule: { kind: "cosine", final: 0.01, warmUp: 0.05 },
      maxGradNorm: 1,
      stepsPerUpdate: 50,
      unroll: flag("unroll", 1),
    },
    prng: Prng.fromSeed(seed),
  });
  while (!run.isDone) await run.update();
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(
    `seed ${seed}: ${(await run.evaluate(heldOut)).toFixed(5)} on 20,000 held-out rows, ${seconds.toFixed(1)} s\n`,
  );
  await run.release();
}
