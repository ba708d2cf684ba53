// What keeps a worker from its work for a while.

import { MesascopeError } from "../../../core/base/errors.ts";

/** An outage of the database as one trouble, whatever words its calls fail by: refused, ended, too late. */
const outage = "database";
const ofCommands = ", then run the command again.";
const ofWorkers = ". This worker waits, and tries again every few seconds.";

/** The same failure again and again, told once, and of a database that was away also its return; how long to wait doubles. */
export class Trouble {
  readonly #onWarning: (text: string) => void;
  text: string | null = null;
  readonly #longest: number;
  #isOutage = false;
  #times = 0;

  constructor(onWarning: (text: string) => void, longest: number) {
    this.#onWarning = onWarning;
    this.#longest = longest;
  }

  /** Seconds. */
  get wait(): number {
    return this.#times === 0 ? 0 : Math.min(this.#longest, 2 ** (this.#times - 1));
  }

  tell(error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    const isOutage = error instanceof MesascopeError && error.code === outage;
    const text = isOutage ? said.replace(ofCommands, ofWorkers) : said;
    if (this.text !== text && !(isOutage && this.#isOutage)) this.#onWarning(text);
    this.text = text;
    this.#isOutage = isOutage;
    this.#times++;
  }

  end(): void {
    if (this.#isOutage) this.#onWarning("the lab's database answers again.");
    this.text = null;
    this.#isOutage = false;
    this.#times = 0;
  }
}
