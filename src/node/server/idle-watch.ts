// Whether anybody works in a lab that others have open: who waits for jobs there should know when nobody does.

/** Milliseconds. A worker that begins, or that was away for a moment, is shown soon. */
const patience = 10_000;

export class IdleWatch {
  readonly #onIdle: () => void;
  #since: number | null = null;
  #isTold = false;

  /** `onIdle` is called once for each time that nobody works for a while. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  /** To be told now and then how many workers there are; `now` in milliseconds of a clock that never goes back. */
  saw(workers: number, now = performance.now()): void {
    if (workers > 0) {
      this.#since = null;
      this.#isTold = false;
      return;
    }
    this.#since ??= now;
    if (this.#isTold || now - this.#since < patience) return;
    this.#isTold = true;
    this.#onIdle();
  }
}

/** What there is to say then. */
export const idleNote =
  'Nobody works in this lab: the jobs wait. "mesascope serve" without --workers 0 works in a lab\'s folder, "mesascope worker" in a shared one.';
