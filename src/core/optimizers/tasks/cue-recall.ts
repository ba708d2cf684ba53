// A task that nothing but a memory solves: a symbol is shown at the first step and asked for at the last, with other symbols in between.
// Not a world to audit agents in, but a measure of what networks with memory and their optimizers can do.

import { z } from "zod";
import type { Environment, EpisodeTotals } from "../../agents/environment.ts";
import { MesascopeError } from "../../base/errors.ts";
import { Prng } from "../../base/prng.ts";
import { prngStateSchema } from "../../base/prng-state.ts";

export interface CueRecallOptions {
  readonly numEnvs: number;
  /** How many symbols there are, and actions: chance is right in one of so many episodes. */
  readonly symbols: number;
  /** Length of every episode, at least 2. */
  readonly steps: number;
  readonly prng: Prng;
}

/** An observation: which symbol, and one of `show`, `ask` or neither. */
const maxActive = 2;

/**
 * Episodes of `steps` steps. Each shows one symbol: at the first step the cue, together with the input `show`; at all others one drawn anew,
 * which may be the cue by chance, at the last together with `ask`. The action at the last step is rewarded with 1 where it is the cue, no
 * other with anything. Inputs: the symbols one-hot, `show`, `ask`.
 */
export class CueRecall implements Environment {
  readonly numEnvs: number;
  readonly inputSize: number;
  readonly actionCount: number;
  readonly maxActive = maxActive;
  readonly rewards: Float32Array;
  readonly ended: Uint8Array;
  readonly beyond: Int32Array;
  readonly #options: CueRecallOptions;
  readonly #cues: Int32Array;
  readonly #shown: Int32Array;
  /** All episodes go side by side. */
  #elapsed = 0;
  #prng: Prng;
  #totals = { episodes: 0, returnSum: 0 };

  /** Throws `usage` for fewer than two steps or symbols. */
  constructor(options: CueRecallOptions) {
    const { numEnvs, symbols, steps } = options;
    if (steps < 2 || symbols < 2) {
      throw new MesascopeError("usage", `${steps} steps and ${symbols} symbols given; expected at least two of each.`);
    }
    this.#options = options;
    this.numEnvs = numEnvs;
    this.inputSize = symbols + 2;
    this.actionCount = symbols;
    this.rewards = new Float32Array(numEnvs);
    this.ended = new Uint8Array(numEnvs);
    this.beyond = new Int32Array(numEnvs * maxActive);
    this.#cues = new Int32Array(numEnvs);
    this.#shown = new Int32Array(numEnvs);
    this.#prng = options.prng;
    this.#begin();
  }

  observe(out: Int32Array): void {
    const { symbols, steps } = this.#options;
    const sign = this.#elapsed === 0 ? symbols : this.#elapsed === steps - 1 ? symbols + 1 : this.inputSize;
    for (let env = 0; env < this.numEnvs; env++) {
      out[env * maxActive] = this.#shown[env]!;
      out[env * maxActive + 1] = sign;
    }
  }

  step(actions: Int32Array): void {
    const { symbols, steps } = this.#options;
    this.#elapsed++;
    const isOver = this.#elapsed === steps;
    for (let env = 0; env < this.numEnvs; env++) {
      this.rewards[env] = isOver && actions[env] === this.#cues[env] ? 1 : 0;
      this.ended[env] = isOver ? 1 : 0;
      this.#totals.returnSum += this.rewards[env]!;
      this.#shown[env] = this.#prng.integer(symbols);
    }
    if (!isOver) return;
    this.#totals.episodes += this.numEnvs;
    this.#begin();
  }

  takeTotals(): EpisodeTotals {
    const totals = this.#totals;
    this.#totals = { episodes: 0, returnSum: 0 };
    return totals;
  }

  snapshot(): unknown {
    return { cues: [...this.#cues], shown: [...this.#shown], elapsed: this.#elapsed, prng: this.#prng.state() };
  }

  restore(snapshot: unknown): void {
    const read = snapshotSchema.safeParse(snapshot);
    if (!read.success || read.data.cues.length !== this.numEnvs || read.data.shown.length !== this.numEnvs) {
      throw new MesascopeError(
        "invalid-checkpoint",
        `something else than the snapshot of ${this.numEnvs} episodes of cue recall given. Start the run again.`,
      );
    }
    this.takeTotals();
    this.#cues.set(read.data.cues);
    this.#shown.set(read.data.shown);
    this.#elapsed = read.data.elapsed;
    this.#prng = Prng.fromState(read.data.prng);
  }

  #begin(): void {
    this.#elapsed = 0;
    for (let env = 0; env < this.numEnvs; env++) {
      this.#cues[env] = this.#prng.integer(this.#options.symbols);
      this.#shown[env] = this.#cues[env]!;
    }
  }
}

const snapshotSchema = z.strictObject({
  cues: z.array(z.int().min(0)),
  shown: z.array(z.int().min(0)),
  elapsed: z.int().min(0),
  prng: prngStateSchema,
});
