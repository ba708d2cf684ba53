// Which runs of an entry are left out, and whether what leaves them out was written as it was meant.

import { canonicalJson } from "../../core/base/canonical-json.ts";
import { MesascopeError, throwUnknown } from "../../core/base/errors.ts";
import { matchesWildcards } from "../wildcards.ts";
import type { Draft } from "./make-recipes.ts";
import { fieldOf } from "./recipe-fields.ts";
import type { SweepExclude, SweepRuns } from "./sweep-file.ts";

/** Whether a run, or with null every run of a configuration, is left out. */
export type Excludes = (draft: Draft, seed: number | null) => boolean;

/** Throws `usage` for an exclusion that names something that the entry's axes do not hold: it would leave nothing out, unseen. */
export function exclusionsOf(runs: SweepRuns, organisms: readonly string[]): Excludes {
  const exclusions = runs.exclude ?? [];
  for (const exclusion of exclusions) requireMeant(exclusion, runs, organisms);
  const tests = exclusions.map((exclusion) => ({
    matches: matcherOf(exclusion),
    seeds: exclusion.seeds && new Set(exclusion.seeds),
  }));
  return (draft, seed) =>
    tests.some(({ matches, seeds }) => (seeds ? seed !== null && seeds.has(seed) : seed === null) && matches(draft));
}

function matcherOf({
  organisms,
  presets,
  networks,
  optimizers,
  parameters = {},
  fields = {},
}: SweepExclude): (draft: Draft) => boolean {
  const wanted = [
    ...(networks ? [["network.kind", networks] as const] : []),
    ...(optimizers ? [["optimizer.kind", optimizers] as const] : []),
    ...Object.entries(parameters).map(([name, values]) => [`world.parameters.${name}`, values] as const),
    ...Object.entries(fields),
  ].map(([path, values]) => ({ path, values: new Set(values.map((value) => canonicalJson(value))) }));
  return ({ organism, preset, recipe }) =>
    (!organisms || (organism !== null && organisms.some((pattern) => matchesWildcards(organism, pattern)))) &&
    (!presets || (preset !== null && presets.includes(preset))) &&
    wanted.every(({ path, values }) => {
      const value = fieldOf(recipe, path);
      return value !== undefined && values.has(canonicalJson(value));
    });
}

function requireMeant(exclusion: SweepExclude, runs: SweepRuns, organisms: readonly string[]): void {
  const advice = 'Name in "exclude" what this entry of "runs" has.';
  const nobody = exclusion.organisms?.find((pattern) => !organisms.some((id) => matchesWildcards(id, pattern)));
  if (nobody !== undefined) throwUnknown("organism to exclude", nobody, organisms, advice);
  const presets = runs.presets ?? ["standard"];
  const preset = exclusion.presets?.find((name) => !presets.includes(name));
  if (preset !== undefined) throwUnknown("preset to exclude", preset, presets, advice);
  for (const [what, excluded, given] of [
    ["parameter", exclusion.parameters, runs.parameters],
    ["field", exclusion.fields, runs.fields],
  ] as const) {
    for (const [name, values] of Object.entries<readonly unknown[]>(excluded ?? {})) {
      const axis: unknown = given && Object.hasOwn(given, name) ? given[name] : undefined;
      if (axis === undefined) throwUnknown(`${what} to exclude`, name, Object.keys(given ?? {}), advice);
      if (!Array.isArray(axis)) {
        throw new MesascopeError(
          "usage",
          `the ${what} "${name}" given to exclude, which is drawn from a distribution; expected one with listed values. Change the distribution's bounds.`,
        );
      }
      const known = new Set(axis.map((value) => canonicalJson(value)));
      const unknown = values.find((value) => !known.has(canonicalJson(value)));
      if (unknown !== undefined) {
        throwUnknown(`value of ${name} to exclude`, canonicalJson(unknown), [...known], advice);
      }
    }
  }
}
