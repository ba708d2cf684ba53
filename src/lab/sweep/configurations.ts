// The configurations of one entry of a sweep's runs: what is chosen on each axis but the seed, by grid or at random. Nothing is checked here.

import { Prng } from "../../core/base/prng.ts";
import type { NetworkKind, OptimizerKind } from "../../core/organisms/variants.ts";
import type { FieldDistribution, SweepFile, SweepRuns } from "./sweep-file.ts";

/** What recipes are made from: one of the user's own by its place in `recipes`, or an organism's. */
export type Base =
  | { readonly kind: "recipe"; readonly index: number }
  | { readonly kind: "organism"; readonly organism: string; readonly preset: "standard" | "quick" };

export interface Configuration {
  readonly base: Base;
  /** Null where none was asked for. */
  readonly network: NetworkKind | null;
  readonly optimizer: OptimizerKind | null;
  /** Of the world, in the order of their names. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Value by path, in the order of the paths, so that a field comes before what it holds. */
  readonly fields: readonly (readonly [string, unknown])[];
}

/** Numbers drawn are kept to so many digits: libraries of mathematics differ in the last ones. */
const digits = 6;

type Axis =
  | { readonly kind: "list"; readonly name: string; readonly values: readonly unknown[] }
  | { readonly kind: "distribution"; readonly name: string; readonly distribution: FieldDistribution };

/** The axes of an entry of runs, always in the same order, whatever the order of its fields in the file. */
export class RunAxes {
  readonly #bases: readonly Base[];
  readonly #networks: readonly (NetworkKind | null)[];
  readonly #optimizers: readonly (OptimizerKind | null)[];
  readonly #axes: readonly Axis[];
  readonly #parameters: readonly string[];
  readonly #paths: readonly string[];

  /** `organisms` are those that the entry's patterns stand for. */
  constructor(runs: SweepRuns, organisms: readonly string[]) {
    const { presets = ["standard"], networks = [null], optimizers = [null], parameters = {}, fields = {} } = runs;
    this.#bases = [
      ...organisms.flatMap((organism) => unique(presets).map((preset): Base => ({ kind: "organism", organism, preset }))),
      ...(runs.recipes ?? []).map((_, index): Base => ({ kind: "recipe", index })),
    ];
    this.#networks = unique(networks);
    this.#optimizers = unique(optimizers);
    this.#parameters = Object.keys(parameters).sort();
    this.#paths = Object.keys(fields).sort();
    this.#axes = [
      list("base", this.#bases),
      list("network", this.#networks),
      list("optimizer", this.#optimizers),
      ...this.#parameters.map((name) => list(`parameter ${name}`, parameters[name]!)),
      ...this.#paths.map((path): Axis => {
        const given = fields[path]!;
        const name = `field ${path}`;
        if (Array.isArray(given)) return list(name, given);
        return "choice" in given ? list(name, given.choice) : { kind: "distribution", name, distribution: given };
      }),
    ];
  }

  /** How many combinations there are; infinite where an axis is a distribution. */
  get size(): number {
    return this.#axes.reduce((size, axis) => size * (axis.kind === "list" ? axis.values.length : Number.POSITIVE_INFINITY), 1);
  }

  /** Every combination, the last axis varying fastest. Only where `size` is finite. */
  *grid(): Generator<Configuration> {
    const lists = this.#axes.map((axis) => (axis.kind === "list" ? axis.values : []));
    for (let index = 0; index < this.size; index++) {
      let rest = index;
      const chosen = lists.map(() => undefined as unknown);
      for (let a = lists.length - 1; a >= 0; a--) {
        chosen[a] = lists[a]![rest % lists[a]!.length];
        rest = Math.floor(rest / lists[a]!.length);
      }
      yield this.#configurationOf(chosen);
    }
  }

  /**
   * The `attempt`-th try for the `index`-th configuration drawn with `prng`. What is drawn on an axis depends on neither the other axes nor on how
   * many are drawn, so that a sweep that is made larger keeps what it had.
   */
  draw(prng: Prng, { index, attempt }: { readonly index: number; readonly attempt: number }): Configuration {
    const own = prng.fork(`configuration ${index} attempt ${attempt}`);
    return this.#configurationOf(
      this.#axes.map((axis) => {
        const fork = own.fork(axis.name);
        return axis.kind === "list" ? axis.values[fork.integer(axis.values.length)] : drawn(axis.distribution, fork);
      }),
    );
  }

  #configurationOf(chosen: readonly unknown[]): Configuration {
    const [base, network, optimizer, ...others] = chosen;
    const fields = others.slice(this.#parameters.length);
    return {
      base: base as Base,
      network: network as NetworkKind | null,
      optimizer: optimizer as OptimizerKind | null,
      parameters: Object.fromEntries(this.#parameters.map((name, i) => [name, others[i] as number])),
      fields: this.#paths.map((path, i) => [path, fields[i]] as const),
    };
  }
}

/** The generator that a random sweep draws an entry of its runs with; null for a grid. */
export function generatorOf(method: SweepFile["method"], entry: number): Prng | null {
  return typeof method === "object" ? Prng.fromSeed(method.random.seed).fork(`runs ${entry}`) : null;
}

function list(name: string, values: readonly unknown[]): Axis {
  return { kind: "list", name, values };
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

function drawn(distribution: FieldDistribution, prng: Prng): unknown {
  if ("choice" in distribution) return distribution.choice[prng.integer(distribution.choice.length)];
  if ("integers" in distribution) {
    const [low, high] = distribution.integers;
    return low + prng.integer(high - low + 1);
  }
  if ("uniform" in distribution) {
    const [low, high] = distribution.uniform;
    return within(low + prng.uniform() * (high - low), distribution.uniform);
  }
  const [low, high] = distribution.logUniform;
  return within(Math.exp(Math.log(low) + prng.uniform() * (Math.log(high) - Math.log(low))), distribution.logUniform);
}

function within(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(digits))));
}
