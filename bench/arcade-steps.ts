// Speed of the arcade on one core: steps with observations and auto-reset from a pool, and levels drawn. Run: npm run measure -- arcade-steps

import { Prng } from "../src/core/base/prng.ts";
import { createArcade } from "../src/core/worlds/arcade/arcade.ts";

const numEnvs = 128;
const steps = 40_000;
const poolSize = 4096;

for (const preset of ["standard", "quick"] as const) {
  const base = createArcade();
  const world = base.withParameters(base.presets[preset]);
  const prng = Prng.fromSeed(1);
  const pool = Array.from({ length: poolSize }, () => world.sampleLevel(world.training, prng));
  const encoder = world.encoders[0]!;
  const batch = world.createBatch(numEnvs);
  const out = new Int32Array(numEnvs * encoder.maxActive);
  const actions = Int32Array.from({ length: numEnvs * 64 }, () => prng.integer(world.actions.length));
  let episodes = 0;
  for (let env = 0; env < numEnvs; env++) batch.reset(env, pool[episodes++ % poolSize]!);
  const run = (count: number, observe: boolean): number => {
    const start = performance.now();
    for (let t = 0; t < count; t++) {
      batch.step(actions.subarray((t & 63) * numEnvs, ((t & 63) + 1) * numEnvs));
      for (let env = 0; env < numEnvs; env++) if (batch.done[env] !== 0) batch.reset(env, pool[episodes++ % poolSize]!);
      if (observe) encoder.writeActive(batch, out);
    }
    return (count * numEnvs) / ((performance.now() - start) / 1000);
  };
  run(4000, true);
  const both = run(steps, true);
  const alone = run(steps, false);
  process.stdout.write(`${preset}: ${millions(both)} M steps/s with observations, ${millions(alone)} M steps/s without\n`);
  for (const name of ["training", "deployment"] as const) {
    const count = 200_000;
    const start = performance.now();
    for (let i = 0; i < count; i++) world.sampleLevel(world[name], prng);
    const rate = count / ((performance.now() - start) / 1000);
    process.stdout.write(`${preset}: ${Math.round(rate / 1000)} k levels/s, ${name}\n`);
  }
}

function millions(rate: number): string {
  return (rate / 1e6).toFixed(1);
}
