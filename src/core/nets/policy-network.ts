// The list of architectures: from what a recipe says of its network to the network.

import { type ConvNetOptions, conv } from "./conv.ts";
import { type ConvGruOptions, convGru } from "./conv-gru.ts";
import { type GruOptions, gru } from "./gru.ts";
import { type ImpalaOptions, impala } from "./impala.ts";
import { type LstmOptions, lstm } from "./lstm.ts";
import { type MlpOptions, mlp } from "./mlp.ts";
import type { PolicyNetwork, PolicyShape } from "./policy-shape.ts";

/** Plain data: what a recipe says of its network. */
export type NetworkOptions = MlpOptions | GruOptions | LstmOptions | ConvNetOptions | ConvGruOptions | ImpalaOptions;

/** The network of the kind that `options` name. Throws `usage` when a convolutional one is to read observations that are no planes. */
export function policyNetwork(options: NetworkOptions, shape: PolicyShape): PolicyNetwork {
  switch (options.kind) {
    case "mlp":
      return mlp(options, shape);
    case "gru":
      return gru(options, shape);
    case "lstm":
      return lstm(options, shape);
    case "conv":
      return conv(options, shape);
    case "conv-gru":
      return convGru(options, shape);
    case "impala":
      return impala(options, shape);
    default:
      return options satisfies never;
  }
}
