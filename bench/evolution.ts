// Times one joint step of a population of policies on its observations, three ways: a call for each member, one graph that holds the
// network once for each member, and products of matrices batched over members. Prints member-observations per second. Then the cost of
// taking a full covariance apart, for CMA-ES. Run it with: npm run measure -- evolution

import { Prng } from "../src/core/base/prng.ts";
import { symmetricEigen } from "../src/core/base/symmetric-eigen.ts";
import type { Feeds } from "../src/core/engine/engine.ts";
import { Graph } from "../src/core/graph/graph.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { mlp } from "../src/core/nets/mlp.ts";
import { initializeParameters, parameterCount, splitParameters } from "../src/core/nets/parameters.ts";
import type { ReactiveNetwork } from "../src/core/nets/policy-shape.ts";
import { PopulationPolicy, readSearched, searchSpaceOf } from "../src/core/optimizers/population-policy.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

interface Case {
  readonly inputs: number;
  readonly maxActive: number;
  readonly hidden: readonly number[];
  readonly members: number;
  readonly rows: number;
}

const actionCount = 5;
const cases: readonly Case[] = [
  { inputs: 37, maxActive: 16, hidden: [8], members: 20, rows: 32 },
  { inputs: 37, maxActive: 16, hidden: [16], members: 64, rows: 8 },
  { inputs: 365, maxActive: 23, hidden: [16], members: 128, rows: 4 },
  { inputs: 365, maxActive: 23, hidden: [64, 64], members: 64, rows: 16 },
  { inputs: 725, maxActive: 25, hidden: [64, 64], members: 128, rows: 8 },
];

type Step = () => Promise<Float32Array>;
type Variant = (parts: Case) => Promise<Step>;

const engine = await createOnnxEngine();

function networkOf({ inputs, hidden }: Case): ReactiveNetwork {
  return mlp({ kind: "mlp", hidden }, { inputSize: inputs, observationShape: [inputs], actionCount });
}

/** A flat vector `[P]` for each member. */
function populationOf(parts: Case): Float32Array[] {
  const prng = Prng.fromSeed(1);
  const one = initializeParameters(networkOf(parts).parameters, prng);
  return Array.from({ length: parts.members }, () => one.map((value) => value + 0.05 * prng.normal()));
}

function observationsOf({ inputs, maxActive, members, rows }: Case): Int32Array {
  const prng = Prng.fromSeed(2);
  return Int32Array.from({ length: members * rows * maxActive }, () => prng.integer(inputs + 1));
}

const callPerMember: Variant = async (parts) => {
  const { members, rows, maxActive } = parts;
  const network = networkOf(parts);
  const count = parameterCount(network.parameters);
  const graph = new Graph("member");
  const parameters = graph.input("parameters", "float32", [count]);
  const active = graph.input("active", "int32", [rows, maxActive]);
  graph.output("logits", network.onActive(splitParameters(parameters, network.parameters), active).logits);
  const session = await engine.compile(serialize(graph));
  const observations = observationsOf(parts);
  const logits = new Float32Array(members * rows * actionCount);
  const feeds: Feeds[] = populationOf(parts).map((own, member) => ({
    parameters: { dtype: "float32", dims: [count], data: own },
    active: {
      dtype: "int32",
      dims: [rows, maxActive],
      data: observations.subarray(member * rows * maxActive, (member + 1) * rows * maxActive),
    },
  }));
  return async () => {
    for (let member = 0; member < members; member++) {
      const outputs = await session.run(feeds[member]!);
      logits.set(outputs.logits!.data as Float32Array, member * rows * actionCount);
    }
    return logits;
  };
};

function together(change: (network: ReactiveNetwork) => ReactiveNetwork): Variant {
  return async (parts) => {
    const network = change(networkOf(parts));
    const space = searchSpaceOf(network);
    const policy = await PopulationPolicy.create({ ...parts, engine, network, space });
    populationOf(parts).forEach((own, member) => {
      policy.setMember(member, readSearched(space, own));
    });
    const observations = observationsOf(parts);
    return () => policy.logits(observations.slice());
  };
}

const variants: Readonly<Record<string, Variant>> = {
  "a call for each member": callPerMember,
  "a network for each member": together(({ population: _, ...network }) => network),
  "batched over members": together((network) => network),
};

for (const parts of cases) {
  const { inputs, hidden, members, rows } = parts;
  process.stdout.write(`${inputs} inputs, hidden ${hidden.join("-")}, ${members} members × ${rows} observations\n`);
  let reference: Float32Array | undefined;
  for (const [name, variant] of Object.entries(variants)) {
    const step = await variant(parts);
    const first = (await step()).slice();
    reference ??= first;
    const error = Math.max(...first.map((value, i) => Math.abs(value - reference![i]!)));
    const milliseconds = await median(100, step);
    process.stdout.write(
      `  ${name.padEnd(26)} ${milliseconds.toFixed(2)} ms a step, ${((members * rows) / milliseconds).toFixed(0)} k observations/s, off by ${error.toExponential(0)}\n`,
    );
  }
}

for (const n of [100, 250, 500]) {
  const prng = Prng.fromSeed(n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = prng.normal();
  const milliseconds = await median(5, async () => symmetricEigen(matrix));
  process.stdout.write(`eigenvectors of a symmetric matrix of ${n} rows: ${milliseconds.toFixed(0)} ms\n`);
}

async function median(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b)[times >> 1]!;
}
