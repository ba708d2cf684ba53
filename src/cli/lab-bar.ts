// How far a command is that reads all of a lab: a bar on a terminal; elsewhere a line a minute, and none of what takes less.

import { count } from "./format.ts";
import { ProgressBoard } from "./progress-board.ts";
import type { Terminal } from "./terminal.ts";

/** Milliseconds between two lines where there is no terminal, and before the first. */
const plainEvery = 60_000;

/** Owns the line below the cursor from the first `show` until `close`. */
export class LabBar {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #toldAt: number;
  #board: ProgressBoard | null = null;

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(terminal: Terminal, now = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
    this.#toldAt = now();
  }

  /** `total`: null where nobody knows yet. `what`: such as "records read". */
  show(done: number, total: number | null, what: string): void {
    const { err } = this.#terminal;
    const text = `${what}: ${count(done)}${total === null ? "" : ` of ${count(total)}`}`;
    if (err.isTerminal) {
      this.#board ??= new ProgressBoard(err);
      this.#board.update("lab", { share: total === null || total === 0 ? null : done / total, text });
    } else if (this.#now() - this.#toldAt >= plainEvery) {
      this.#toldAt = this.#now();
      err.write(`lab: ${text}\n`);
    }
  }

  /** Draws the last state and leaves it standing: what is written from now on stands below it. */
  close(): void {
    this.#board?.close();
    this.#board = null;
  }
}
