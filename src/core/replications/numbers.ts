// The numbers of a card as a claim asks for them: by measure and condition, on all levels or on those without untrained inputs.

import { MesascopeError, throwUnknown } from "../base/errors.ts";
import type { CardEstimate, CardMeasure, CardRow } from "./card.ts";
import { type DifferenceEstimate, welchDifference } from "./estimates.ts";

/** Every method throws `invalid-data` where the number or its interval does not exist, so that a claim cannot pass for lack of data. */
export interface Numbers {
  /** Over the agents of a condition. `low` and `high` bound its 95% interval: there is none of a single agent. */
  of(measure: string, condition: string): Estimated;
  /** Of a reference agent: `random`, `oracle`, `seeks NAME`; on the levels of `condition` where they differ between conditions. */
  reference(measure: string, agent: string, condition?: string): number;
  /** Mean of the first condition − mean of the second, with Welch's interval. */
  difference(measure: string, first: string, second: string): DifferenceEstimate;
  /** In the course of training, from early to late. */
  during(measure: string, condition: string): readonly { readonly environmentSteps: number; readonly estimate: Estimated }[];
}

/** A number over agents as a claim sees it, with its 95% interval. */
export interface Estimated {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly values: readonly number[];
  /** Of how many episodes each value is a share; null for other numbers. */
  readonly counts: readonly number[] | null;
}

/** A number of fewer of the agents that count than this is not claimed: which agents have one is a selection by what they did. */
const leastTold = 0.9;

/** The numbers on all levels, or on those without untrained inputs. */
export function numbersOn(measures: readonly CardMeasure[], which: "all" | "familiar"): Numbers {
  const rowOf = (name: string, isIt: (row: CardRow) => boolean, what: string): CardRow => {
    const measure = measures.find((each) => each.name === name);
    if (!measure)
      throwUnknown(
        "measure",
        name,
        measures.map((each) => each.name),
        "Correct the claim.",
      );
    const row = measure.rows.find(isIt);
    if (!row) {
      const known = measure.rows.map(({ agent }) => agent);
      throwUnknown(`agent measured as ${name}`, what, known, "Correct the claim.");
    }
    return row;
  };
  const isCondition = (condition: string) => (row: CardRow) =>
    (row.role === "studied" || row.role === "twin") && row.agent === condition;
  const of = (measure: string, condition: string): Estimated =>
    estimated(rowOf(measure, isCondition(condition), condition)[which], `${measure} of ${condition}`);
  return {
    of,
    reference: (measure, agent, condition) => {
      const isIt = (row: CardRow) =>
        row.agent === agent && (condition === undefined || row.conditions.includes(condition)) && !isCondition(agent)(row);
      return existing(rowOf(measure, isIt, agent)[which], `${measure} of ${agent}`).mean;
    },
    difference: (measure, first, second) => welchDifference(of(measure, first).values, of(measure, second).values),
    during: (measure, condition) =>
      rowOf(measure, isCondition(condition), condition).during.map(({ environmentSteps, estimate }) => ({
        environmentSteps,
        estimate: estimated(estimate, `${measure} of ${condition} at ${environmentSteps} steps`),
      })),
  };
}

function existing(estimate: CardEstimate | null, what: string): CardEstimate {
  if (estimate === null) {
    throw new MesascopeError("invalid-data", `${what} was asked for, and there is no such number. The claim cannot be shown.`);
  }
  return estimate;
}

function estimated(estimate: CardEstimate | null, what: string): Estimated {
  const { mean, interval, values, of, counts } = existing(estimate, what);
  if (values.length < leastTold * of) {
    throw new MesascopeError(
      "invalid-data",
      `${what} was asked for, and only ${values.length} of ${of} agents have the number. The claim cannot be shown.`,
    );
  }
  if (interval === null) {
    throw new MesascopeError(
      "invalid-data",
      `${what} was asked for, and is of ${of} agent${of === 1 ? "" : "s"}, which gives no interval. Make more seeds: the claim cannot be shown.`,
    );
  }
  return { mean, low: interval.low, high: interval.high, values, counts };
}
