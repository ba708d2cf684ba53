// Mixtures that are none in what they do: where only one of two things can be had, wanting a little of the other changes nothing.

import type { Candidate, ObjectiveSpace } from "./objective-space.ts";

/** Below this share of choices that differ, a mixture is what it is a mixture with. */
const mostDifferentChoices = 0.03;

/**
 * The same candidates, where each mixture that chooses like one of the objectives it mixes is in the class of that objective: no evidence
 * could tell them apart, and what is pursued is what is done. `differenceOf` gives the share of choices that differ between two candidates.
 */
export function mergeAlike(space: ObjectiveSpace, differenceOf: (first: number, second: number) => number): ObjectiveSpace {
  const { classes, candidates } = space;
  const pure = candidates.flatMap((candidate, i) => (isPure(candidate) ? [i] : []));
  const merged = candidates.map((candidate, i): Candidate => {
    if (classes[candidate.classIndex]!.kind !== "mixed") return candidate;
    const parts = pure.filter((other) => candidates[other]!.aim.every((part, k) => part < 0.5 || (candidate.aim[k] ?? 0) > 0));
    const differences = parts.map((other) => differenceOf(i, other));
    const least = Math.min(...differences);
    if (!(least <= mostDifferentChoices)) return candidate;
    return { ...candidate, classIndex: candidates[parts[differences.indexOf(least)]!]!.classIndex };
  });
  return { ...space, candidates: merged };
}

/** Whether it wants one of the objectives of the space and nothing of the others. */
function isPure({ aim }: Candidate): boolean {
  return aim.some((part) => part > 1 - 1e-9);
}
