// Whether twins train as long as the conditions that they stand for; where one does not, its card says so.

import { twinOf } from "./plan.ts";
import type { ConditionOptions, Replication } from "./replication.ts";

/** A condition whose twin trains for another number of environment steps. */
export interface UnlikeTwin {
  readonly condition: string;
  readonly steps: number;
  readonly twin: string;
  readonly twinSteps: number;
}

/** The conditions whose twins do not train as long as they do, at that scale and seed. */
export function unlikeTwins({ conditions }: Pick<Replication, "conditions">, options: ConditionOptions): readonly UnlikeTwin[] {
  const stepsOf = new Map(conditions.map(({ name, recipe }) => [name, recipe(options).optimizer.totalTimesteps]));
  return conditions.flatMap((condition) => {
    const twin = twinOf({ conditions }, condition);
    const [steps, twinSteps] = [stepsOf.get(condition.name)!, stepsOf.get(twin ?? condition.name)!];
    return twin === null || steps === twinSteps ? [] : [{ condition: condition.name, steps, twin, twinSteps }];
  });
}

/** The same for a reader, a sentence for each twin. */
export function unlikeTwinSentences(unlike: readonly UnlikeTwin[]): readonly string[] {
  const twins = [...new Map(unlike.map(({ twin, twinSteps }) => [twin, twinSteps]))];
  return twins.map(([twin, twinSteps]) => {
    const others = unlike.filter((each) => each.twin === twin).map(({ condition, steps }) => `“${condition}” (${told(steps)})`);
    return `The twin “${twin}” trains for ${told(twinSteps)} environment steps, and not as long as those that it stands for: ${others.join(", ")}. What it can do after more or fewer steps than they had says less of their ability.`;
  });
}

function told(steps: number): string {
  return steps.toLocaleString("en-US");
}
