// Speed of the compute engine: the lab's kinds of network side by side with PyTorch in one run.

import { mlpInferenceWorkload, mlpTrainWorkload } from "./engine/mlp-workloads.ts";
import { convTrainWorkload, gruTrainWorkload } from "./engine/policy-workloads.ts";
import { transformerTrainWorkload } from "./engine/transformer-workload.ts";
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
  comparedFigure({
    name: "engine.conv.train",
    what: "a training step of 3 × 3 convolutions of 16 and 32 channels and a dense layer of 128 on 13 × 13 × 8 planes, 256 of them",
    goal: { reach: 0.7, aim: 0.9 },
    comparison: { create: convTrainWorkload, script: "conv_train.py" },
  }),
  comparedFigure({
    name: "engine.gru.train",
    what: "a training step of a GRU of 128 through 64 steps of 64 episodes",
    goal: { reach: 1.2, aim: 1.3 },
    comparison: { create: gruTrainWorkload, script: "gru_train.py" },
  }),
  comparedFigure({
    name: "engine.transformer.train",
    what: "a training step of a transformer of width 64, 2 blocks and 4 heads on 256 sequences of 40 tokens",
    goal: { reach: 1, aim: 1.1 },
    comparison: { create: transformerTrainWorkload, script: "transformer_train.py" },
  }),
];
