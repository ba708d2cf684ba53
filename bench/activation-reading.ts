// What reading activations costs: the same model with and without its hook points as outputs, called in turn, one call each, so that what
// else the machine does meets all of them alike; quantiles over the calls and their ratio to the session alone.
// The goal is at most 1.15 on the network of the arcade and on 676-256-256. Run it with: npm run measure -- activation-reading

import { HookedPolicy } from "../src/core/agents/activations.ts";
import { Prng } from "../src/core/base/prng.ts";
import { initializeParameters } from "../src/core/nets/parameters.ts";
import { exportPolicy } from "../src/core/nets/policy-graph.ts";
import { policyNetwork } from "../src/core/nets/policy-network.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const seconds = 8;
const engine = await createOnnxEngine();

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]!;
}

for (const { inputSize, hidden } of [
  { inputSize: 849, hidden: [64, 64] },
  { inputSize: 676, hidden: [256, 256] },
]) {
  const network = policyNetwork({ kind: "mlp", hidden }, { inputSize, observationShape: [inputSize], actionCount: 5 });
  const { model, hooks } = exportPolicy(network, initializeParameters(network.parameters, Prng.fromSeed(1)));
  const posts = hooks.filter((name) => name.endsWith(".post"));
  for (const rows of [256, 1]) {
    const prng = Prng.fromSeed(2);
    const observations = Float32Array.from({ length: rows * inputSize }, () => (prng.uniform() < 0.03 ? 1 : 0));
    const feeds = { observation: { dtype: "float32", dims: [rows, inputSize], data: observations } } as const;
    const session = await engine.compile(model);
    const bare = await HookedPolicy.create({ engine, model });
    const edit = posts.map((tensor) => ({ tensor, kind: "add" }) as const);
    const reading: [string, HookedPolicy][] = [
      ["no hook point", bare],
      ["the layers' outputs", await HookedPolicy.create({ engine, model, read: posts })],
      ["all hook points", await HookedPolicy.create({ engine, model, read: hooks })],
    ];
    const editing = await HookedPolicy.create({ engine, model, edit });
    const vectors = edit.map((slot, layer) => ({ ...slot, vector: new Float32Array(hidden[layer]!).fill(0.1) }));
    const calls: [string, () => Promise<unknown>][] = [
      ["session alone", () => session.run(feeds)],
      ...reading.map(([name, hooked]) => [`read ${name}`, () => hooked.run(observations)] as [string, () => Promise<unknown>]),
      ["add at each layer", () => editing.run(observations, { edits: vectors })],
    ];
    for (const [, call] of calls) for (let i = 0; i < 200; i++) await call();
    const times = calls.map((): number[] => []);
    const started = performance.now();
    while (performance.now() - started < seconds * 1000) {
      for (const [i, [, call]] of calls.entries()) {
        const start = performance.now();
        await call();
        times[i]!.push((performance.now() - start) * 1000);
      }
    }
    const text = calls.map(([name], i) => {
      const shown = [0.25, 0.5].map((share) => {
        const [own, alone] = [quantile(times[i]!, share), quantile(times[0]!, share)];
        return `${own.toFixed(1).padStart(8)} µs (${(own / alone).toFixed(3)})`;
      });
      return `  ${name.padEnd(26)} quartile ${shown[0]}  median ${shown[1]}`;
    });
    process.stdout.write(`${inputSize}-${hidden.join("-")}, ${rows} rows a call\n${text.join("\n")}\n`);
    await session.release();
    await editing.release();
    for (const [, hooked] of reading) await hooked.release();
  }
}
