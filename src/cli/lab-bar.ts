// How far a command is that reads all of a lab: a line on a terminal, nothing elsewhere.

import { count } from "./format.ts";
import { ProgressBoard } from "./progress-board.ts";
import type { Terminal } from "./terminal.ts";

/** Owns the line below the cursor from the first `show` until `close`. */
export class LabBar {
  readonly #terminal: Terminal;
  #board: ProgressBoard | null = null;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** `total`: null where nobody knows yet. `what`: such as "records read". */
  show(done: number, total: number | null, what: string): void {
    const { err } = this.#terminal;
    if (!err.isTerminal) return;
    this.#board ??= new ProgressBoard(err);
    this.#board.update("lab", {
      share: total === null || total === 0 ? null : done / total,
      text: `${what}: ${count(done)}${total === null ? "" : ` of ${count(total)}`}`,
    });
  }

  /** Draws the last state and leaves it standing: what is written from now on stands below it. */
  close(): void {
    this.#board?.close();
    this.#board = null;
  }
}
