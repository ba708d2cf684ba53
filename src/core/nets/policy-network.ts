// The list of architectures: from what a recipe says of its network to the network.

import { type MlpOptions, mlp } from "./mlp.ts";
import type { PolicyNetwork, PolicyShape } from "./policy-shape.ts";

/** Plain data: what a recipe says of its network. */
export type NetworkOptions = MlpOptions;

export function policyNetwork(options: NetworkOptions, shape: PolicyShape): PolicyNetwork {
  switch (options.kind) {
    case "mlp":
      return mlp(options, shape);
    default:
      return options.kind satisfies never;
  }
}
