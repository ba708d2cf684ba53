// Progress of several things at once on standard error: a bar each, redrawn, on a terminal; a line now and then elsewhere.

import { type Channel, withoutSteering } from "./terminal.ts";

export interface BarState {
  /** 0 to 1; null where nobody knows how much there is, which has no bar. */
  readonly share: number | null;
  /** What stands beside the bar. */
  readonly text: string;
  /** What stands there instead where there is less room, each shorter than the one before. */
  readonly shorter?: readonly string[];
  /** What follows where there is room for it. */
  readonly extra?: string;
}

const redrawMilliseconds = 100;
const plainMilliseconds = 5000;
/** How rows are drawn: the first way in which all have room. What is extra goes last, after a bar that is short. */
const layouts: readonly Layout[] = [
  { barWidth: 24, isShort: false, withExtra: true },
  { barWidth: 12, isShort: false, withExtra: true },
  { barWidth: 12, isShort: true, withExtra: true },
  { barWidth: 6, isShort: true, withExtra: true },
  { barWidth: 0, isShort: true, withExtra: true },
  { barWidth: 24, isShort: true, withExtra: false },
  { barWidth: 12, isShort: true, withExtra: false },
  { barWidth: 0, isShort: true, withExtra: false },
];

interface Layout {
  readonly barWidth: number;
  /** Whether rows may take their shorter texts. */
  readonly isShort: boolean;
  readonly withExtra: boolean;
}

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

  /** Sets the state of a row. Drawn at most ten times a second, a line every five seconds, but always when it has begun and when it is complete. */
  update(name: string, { share, text, shorter = [], extra = "" }: BarState): void {
    const state = { share, text: withoutSteering(text), shorter: shorter.map(withoutSteering), extra: withoutSteering(extra) };
    const [before, after] = [this.#rows.get(name)?.share ?? 0, share ?? 0];
    const isNews = (after >= 1 && before < 1) || (after > 0 && before === 0);
    this.#rows.set(name, state);
    const now = performance.now();
    if (this.#channel.isTerminal) {
      if (isNews || now - this.#drawnAt >= redrawMilliseconds) this.#redraw();
    } else if (isNews || now - (this.#told.get(name) ?? Number.NEGATIVE_INFINITY) >= plainMilliseconds) {
      this.#told.set(name, now);
      const done = state.share === null ? "" : `${Math.floor(state.share * 100)}%  `;
      this.#channel.write(`${name}: ${done}${joined(state.text, state)}\n`);
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
    const rest = columns - nameWidth - 1;
    const layout = layouts.find((one) => [...this.#rows.values()].every((row) => fits(row, one, rest))) ?? layouts.at(-1)!;
    const { barWidth } = layout;
    for (const [name, state] of this.#rows) {
      const bar = state.share === null ? "" : `${barText(state.share, barWidth)}${percent(state.share)}  `;
      const line = `${name.padEnd(nameWidth)} ${bar}${textIn(state, layout, rest)}`;
      this.#channel.write(`${line.slice(0, columns)}\n`);
    }
    this.#drawnRows = this.#rows.size;
    this.#drawnAt = performance.now();
  }

  #erase(): void {
    if (this.#drawnRows > 0) this.#channel.write(`\r\u001b[${this.#drawnRows}A\u001b[0J`);
    this.#drawnRows = 0;
  }
}

function barText(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return width === 0 ? "" : `${"█".repeat(full)}${"░".repeat(width - full)} `;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`.padStart(percentWidth);
}

/** `room`: columns beside the name. */
function fits(state: BarState, layout: Layout, room: number): boolean {
  return textIn(state, layout, room).length <= textRoom(layout, room);
}

function textRoom({ barWidth }: Layout, room: number): number {
  return room - (barWidth && barWidth + 1) - percentWidth - 2;
}

/** The longest text that fits beside a bar, else the shortest. */
function textIn(state: BarState, layout: Layout, room: number): string {
  const { isShort, withExtra } = layout;
  const texts = [state.text, ...(isShort ? (state.shorter ?? []) : [])].map((text) => (withExtra ? joined(text, state) : text));
  return texts.find((text) => text.length <= textRoom(layout, room)) ?? texts.at(-1)!;
}

function joined(text: string, { extra = "" }: BarState): string {
  return extra === "" ? text : `${text}  ${extra}`;
}
