// Which kinds of jobs a filter can find at all: a verdict is of audits, a return of runs.

import type { JobSpec } from "./job.ts";
import { jobKinds, kindsWith, type RunFilter, type ValueTest } from "./run-filter.ts";
import { matchesWildcards } from "./wildcards.ts";

type JobKind = JobSpec["kind"];

/** Of no other kind is any job that passes; of these there may be one. Empty where the filter asks for what no job has at once. */
export function kindsFoundBy(filter: RunFilter): readonly JobKind[] {
  switch (filter.kind) {
    case "all":
    case "config":
      return jobKinds;
    // What is not so of one job may be so of another of its kind; but a kind is that of all.
    case "not":
      return isAboutKind(filter.part) ? jobKinds.filter((kind) => !kindsFoundBy(filter.part).includes(kind)) : jobKinds;
    case "and":
      return jobKinds.filter((kind) => filter.parts.every((part) => kindsFoundBy(part).includes(kind)));
    case "or":
      return jobKinds.filter((kind) => filter.parts.some((part) => kindsFoundBy(part).includes(kind)));
    case "field":
      if (filter.field === "kind") return jobKinds.filter((kind) => isKind(kind, filter.test));
      return filter.test.kind === "absent" ? jobKinds : kindsWith(filter.field);
    default:
      return filter satisfies never;
  }
}

function isAboutKind(filter: RunFilter): boolean {
  return filter.kind === "field" && filter.field === "kind";
}

function isKind(kind: JobKind, test: ValueTest): boolean {
  if (test.kind === "equals") return kind === test.text;
  if (test.kind === "like") return matchesWildcards(kind, test.pattern);
  return test.kind !== "absent";
}
