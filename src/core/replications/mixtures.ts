// Conditions over doses: agents of one recipe whose training holds none, a little, or more of the levels that take goal and proxy apart.

import type { ShiftPoint } from "../worlds/world.ts";
import { recipeLike } from "./like.ts";
import type { Condition } from "./replication.ts";

export interface MixtureOptions {
  /** Id of the organism whose recipe all conditions have. */
  readonly like: string;
  /** Name of the condition without such levels. */
  readonly without: string;
  /** Shares of such levels, a condition each. */
  readonly alphas: readonly number[];
}

/** The studied conditions, their doses the shares; the one without first. */
export function mixtureConditions({ like, without, alphas }: MixtureOptions): readonly Condition[] {
  const condition = (name: string, dose: number, point: ShiftPoint): Condition => {
    const recipe = recipeLike(like, { distribution: { kind: "shift", point } });
    return { name, role: "studied", dose, recipe };
  };
  return [condition(without, 0, {}), ...alphas.map((alpha) => condition(mixtureName(alpha), alpha, { alpha }))];
}

/** Name of the condition with this share of such levels. */
export function mixtureName(alpha: number): string {
  return `α = ${alpha}`;
}
