// Whether a run passes a filter, without a database.

import type { FilterableRun, NumberRange, RunFilter, ValueTest } from "./run-filter.ts";
import { fieldOf } from "./sweep/recipe-fields.ts";
import { matchesWildcards } from "./wildcards.ts";

/** Whether a run passes; takes time in proportion to filter and values. */
export function matchesFilter(run: FilterableRun, filter: RunFilter): boolean {
  switch (filter.kind) {
    case "all":
      return true;
    case "and":
      return filter.parts.every((part) => matchesFilter(run, part));
    case "or":
      return filter.parts.some((part) => matchesFilter(run, part));
    case "not":
      return !matchesFilter(run, filter.part);
    case "field":
      return passes(run[filter.field], filter.test);
    case "config":
      return passes(fieldOf(run.recipe, filter.path.join(".")), filter.test);
    default:
      return filter satisfies never;
  }
}

function passes(value: unknown, test: ValueTest): boolean {
  const values = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
  switch (test.kind) {
    case "present":
      return values.length > 0;
    case "absent":
      return values.length === 0;
    case "equals":
      return values.some((each) => each === test.text);
    case "like":
      return values.some((each) => typeof each === "string" && matchesWildcards(each, test.pattern));
    case "within":
      return values.some((each) => typeof each === "number" && isWithin(each, test.range));
    case "is":
      return values.some((each) => each === test.value);
    default:
      return test satisfies never;
  }
}

function isWithin(value: number, { low, high, isLowIn, isHighIn }: NumberRange): boolean {
  const isAbove = low === null || (isLowIn ? value >= low : value > low);
  return isAbove && (high === null || (isHighIn ? value <= high : value < high));
}
