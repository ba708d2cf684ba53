// Speed of the compute engine: the lab's kinds of network side by side with PyTorch in one run.

import { mlpInferenceWorkload, mlpTrainWorkload } from "./engine/mlp-workloads.ts";
import { comparedFigure } from "./engine/workload.ts";
import type { Figure } from "./figure.ts";

export const engineFigures: readonly Figure[] = [
  comparedFigure({
    name: "engine.mlp.train",
    what: "a PPO gradient step on an MLP 676-256-256, 1024 dense observations",
    goal: { reach: 1, aim: 1.1 },
    comparison: { create: mlpTrainWorkload, script: "mlp_train.py" },
  }),
  comparedFigure({
    name: "engine.mlp.inference",
    what: "logits and value of an MLP 676-256-256 for 256 dense observations",
    goal: { reach: 1.2, aim: 1.3 },
    comparison: { create: mlpInferenceWorkload, script: "mlp_inference.py" },
  }),
];
