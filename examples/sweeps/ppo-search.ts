// Twenty draws of PPO's hyper-parameters in three worlds, two seeds each. What is searched is written once and given to every world.
//   mesascope sweep examples/sweeps/ppo-search.ts --price

const fields = {
  "optimizer.learningRate": { logUniform: [5e-4, 1e-2] },
  "optimizer.entCoef": { logUniform: [1e-3, 3e-2] },
  "optimizer.gamma": { uniform: [0.95, 0.99] },
  "optimizer.updateEpochs": { integers: [1, 4] },
  "network.hidden": [[32], [64, 64], [128, 64]],
};

const worlds: readonly string[] = ["corner", "dish", "keys"];

// biome-ignore lint/style/noDefaultExport: a sweep file is what its module exports by default
export default {
  schema: "mesascope/sweep@1",
  name: "ppo-search",
  description: "Which hyper-parameters of PPO train the wild agents of three worlds.",
  priority: 30,
  method: { random: { runs: 20, seed: 11 } },
  runs: worlds.map((world) => ({
    organisms: [`${world}/wild`],
    presets: ["quick"],
    fields,
    seeds: [1, 2],
  })),
};
