// Progress of several things at once on standard error: a bar each, redrawn, on a terminal; a line now and then elsewhere.

import { type Channel, withoutSteering } from "./terminal.ts";

export interface BarState {
  /** 0 to 1. */
  readonly share: number;
  /** What stands beside the bar. */
  readonly text: string;
  /** What follows where there is room for it. */
  readonly extra?: string;
}

const redrawMilliseconds = 100;
const plainMilliseconds = 5000;
/** Widths of the bars, the first one that leaves room for all text; then without what is extra. */
const barWidths = [24, 12, 0] as const;

const percentWidth = 4;

/** Owns the lines below the cursor until `close`. */
export class ProgressBoard {
  readonly #channel: Channel;
  readonly #rows = new Map<string, BarState>();
  readonly #told = new Map<string, number>();
  #drawnRows = 0;
  #drawnAt = 0;

  /** With a row for each name, in order; other names get theirs when first updated. */
  constructor(channel: Channel, names: readonly string[] = []) {
    this.#channel = channel;
    for (const name of names) this.#rows.set(name, { share: 0, text: "waiting" });
  }

  /** Sets the state of a row. Drawn at most ten times a second, but always when it is complete. */
  update(name: string, { share, text, extra = "" }: BarState): void {
    const state = { share, text: withoutSteering(text), extra: withoutSteering(extra) };
    const isNews = state.share >= 1 && (this.#rows.get(name)?.share ?? 0) < 1;
    this.#rows.set(name, state);
    const now = performance.now();
    if (this.#channel.isTerminal) {
      if (isNews || now - this.#drawnAt >= redrawMilliseconds) this.#redraw();
    } else if (isNews || now - (this.#told.get(name) ?? Number.NEGATIVE_INFINITY) >= plainMilliseconds) {
      this.#told.set(name, now);
      this.#channel.write(`${name}: ${Math.floor(state.share * 100)}%  ${joined(state, true)}\n`);
    }
  }

  /** Takes a row away, with the next drawing. */
  remove(name: string): void {
    this.#rows.delete(name);
    this.#told.delete(name);
  }

  /** Writes a line above the bars. */
  note(text: string): void {
    this.#erase();
    this.#channel.write(`${withoutSteering(text)}\n`);
    if (this.#channel.isTerminal) this.#redraw();
  }

  /** Draws the last state and leaves it standing. */
  close(): void {
    if (this.#channel.isTerminal) this.#redraw();
    this.#drawnRows = 0;
  }

  #redraw(): void {
    this.#erase();
    const nameWidth = Math.max(...[...this.#rows.keys()].map((name) => name.length), 1);
    const columns = Math.max(1, this.#channel.columns - 1);
    const { barWidth, withExtra } = this.#layout(columns - nameWidth);
    for (const [name, state] of this.#rows) {
      const full = Math.round(Math.min(1, Math.max(0, state.share)) * barWidth);
      const bar = barWidth === 0 ? "" : `${"█".repeat(full)}${"░".repeat(barWidth - full)} `;
      const line = `${name.padEnd(nameWidth)} ${bar}${percent(state.share)}  ${joined(state, withExtra)}`;
      this.#channel.write(`${line.slice(0, columns)}\n`);
    }
    this.#drawnRows = this.#rows.size;
    this.#drawnAt = performance.now();
  }

  /** How all rows are drawn beside their names so that the longest fits in `room`. */
  #layout(room: number): { readonly barWidth: number; readonly withExtra: boolean } {
    const layouts = [true, false].flatMap((withExtra) => barWidths.map((barWidth) => ({ barWidth, withExtra })));
    const fits = ({ barWidth, withExtra }: (typeof layouts)[number]) =>
      [...this.#rows.values()].every(
        (state) => 1 + (barWidth && barWidth + 1) + percentWidth + 2 + joined(state, withExtra).length <= room,
      );
    return layouts.find(fits) ?? layouts.at(-1)!;
  }

  #erase(): void {
    if (this.#drawnRows > 0) this.#channel.write(`\r\u001b[${this.#drawnRows}A\u001b[0J`);
    this.#drawnRows = 0;
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`.padStart(percentWidth);
}

function joined({ text, extra = "" }: BarState, withExtra: boolean): string {
  return withExtra && extra !== "" ? `${text}  ${extra}` : text;
}
