// How long work that is told in steps will take, from the pace at which they come.

/** Stretches between two tellings before there is a pace to speak of. */
const fewestStretches = 4;
/** Share of all steps after which what was slower or faster before counts for a third. */
const memory = 1 / 4;

/** Told of each step count as it comes. The first only sets the clock: what was loaded and compiled before it comes but once. */
export class TimeLeft {
  readonly #total: number;
  #last: { readonly at: number; readonly steps: number } | null = null;
  #stretches = 0;
  /** Seconds and steps, the older the less they count. */
  #seconds = 0;
  #steps = 0;

  constructor(total: number) {
    this.#total = total;
  }

  /** `at`: the time, in seconds. Seconds that are left; null until there is a pace. */
  told({ at, steps }: { readonly at: number; readonly steps: number }): number | null {
    const last = this.#last;
    if (last === null || steps > last.steps) this.#last = { at, steps };
    if (last !== null && steps > last.steps) {
      const done = steps - last.steps;
      const kept = Math.exp(-done / (this.#total * memory));
      this.#seconds = this.#seconds * kept + (at - last.at);
      this.#steps = this.#steps * kept + done;
      this.#stretches++;
    }
    if (this.#stretches < fewestStretches) return null;
    return (Math.max(0, this.#total - steps) * this.#seconds) / this.#steps;
  }
}
