// Where convolutional networks begin: planes from an observation in either form.

import { MesascopeError } from "../base/errors.ts";
import type { Tensor } from "../graph/graph.ts";
import { mul } from "../graph/ops/arithmetic.ts";
import { cast } from "../graph/ops/cast.ts";
import { gather, scatterElements } from "../graph/ops/gather.ts";
import { expand, expandLike, reshape, split } from "../graph/ops/layout.ts";
import type { PolicyShape } from "./policy-shape.ts";

/** Sizes of an observation in planes. */
export interface PlanesShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** The planes `[channels, height, width]` that a network of `kind` is to read. Throws `usage` for an observation that has none. */
export function planesShape(kind: string, { observationShape, inputSize }: PolicyShape): PlanesShape {
  const [channels, height, width] = observationShape;
  if (observationShape.length !== 3 || channels! * height! * width! !== inputSize) {
    throw new MesascopeError(
      "usage",
      `a network of kind "${kind}" given with observations of shape [${observationShape}]; expected planes [channels, height, width]. ` +
        'Choose an encoder that gives planes (the arcade has "planes"), or a network for flat observations, such as "mlp".',
    );
  }
  return { channels: channels!, height: height!, width: width! };
}

/** Planes `[N, channels, height, width]` from flat observations `[N, inputSize]`. */
export function planesOnDense(observation: Tensor, { channels, height, width }: PlanesShape): Tensor {
  return reshape(observation, [0, channels, height, width]);
}

/** The same planes from the places of their ones, int32 `[N, K]` padded with the input size. */
export function planesOnActive(active: Tensor, planes: PlanesShape): Tensor {
  const { graph } = active;
  const size = planes.channels * planes.height * planes.width;
  // One column more takes the padding. The first place of each row tells the number of rows, which may be symbolic.
  const first = cast(gather(active, graph.constant([0], [1], "int32"), 1), "float32");
  const base = expand(mul(first, graph.constant(0)), [active.shape[0]!, size + 1]);
  const counts = scatterElements({ base, indices: active, updates: expandLike(graph.constant(1), active), axis: 1 });
  return planesOnDense(split(counts, [size, 1], 1)[0]!, planes);
}
