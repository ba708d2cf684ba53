// Time of one exact solution of a 7 × 7 level with six items, per objective. Run: npm run measure -- collection-solver

import { Prng } from "../src/core/base/prng.ts";
import { ActionValueBuffers, solveActionValues } from "../src/core/objectives/action-values.ts";
import { HorizonBuffers, optimalReturn, solveFiniteHorizon } from "../src/core/objectives/finite-horizon.ts";
import { createArcade } from "../src/core/worlds/arcade/arcade.ts";

const world = createArcade();
const prng = Prng.fromSeed(1);
const problems = Array.from({ length: 40 }, () => world.collection(world.sampleLevel(world.deployment, prng)));
const out = new Float32Array(64 * 49 * 5);
const buffers = new ActionValueBuffers();
const horizonBuffers = new HorizonBuffers();

function time(label: string, solve: (index: number) => unknown, count: number): void {
  for (let i = 0; i < count / 4; i++) solve(i);
  const start = performance.now();
  for (let i = 0; i < count; i++) solve(i);
  process.stdout.write(`${label}: ${((performance.now() - start) / count).toFixed(3)} ms\n`);
}

for (const gamma of [0.97, 0.85, 0.7]) {
  for (const red of [-0.3, 0, 0.12]) {
    const weights = { coin: 1, capsule: -0.5, red };
    const solve = (i: number) => solveActionValues(problems[i % problems.length]!, { weights, gamma, buffers, out });
    time(`action values, gamma ${gamma}, red ${red}`, solve, 4000);
  }
}
const weights = { coin: 1 };
time("best return in 32 steps", (i) => optimalReturn(problems[i % problems.length]!, { weights, buffers: horizonBuffers }), 200);
time(
  "the same with a policy",
  (i) => solveFiniteHorizon(problems[i % problems.length]!, { weights, buffers: horizonBuffers }),
  200,
);
