// A level's text as something to paint on: its lines of `name: value`, and rows of characters. Nothing here knows what a character means.

export interface BoardText {
  /** `name: value`, as they stand. */
  readonly head: readonly string[];
  readonly rows: readonly string[];
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The longest sides of a board that can be painted. */
export const mostSide = 15;

/** Takes a text apart as the worlds' parsers do: empty lines are skipped. */
export function splitLevel(text: string): BoardText {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const isHead = (line: string) => /^\s*[A-Za-z]+\s*:/.test(line);
  return { head: lines.filter(isHead), rows: lines.filter((line) => line !== "" && !isHead(line)) };
}

export function joinLevel({ head, rows }: BoardText): string {
  return `${[...head, ...rows].join("\n")}\n`;
}

/** The character there; undefined outside of the board. */
export function glyphAt({ rows }: BoardText, { row, column }: Cell): string | undefined {
  return rows[row]?.[column];
}

/** The board with another character at a cell; as it was for a cell outside of it. */
export function withGlyph(board: BoardText, { row, column }: Cell, glyph: string): BoardText {
  const line = board.rows[row];
  if (line?.[column] === undefined || line[column] === glyph) return board;
  const changed = `${line.slice(0, column)}${glyph}${line.slice(column + 1)}`;
  return { ...board, rows: board.rows.map((text, r) => (r === row ? changed : text)) };
}

/** Every cell that holds one of `glyphs`. */
export function cellsOf(board: BoardText, glyphs: readonly string[]): readonly Cell[] {
  return board.rows.flatMap((text, row) =>
    [...text].flatMap((glyph, column) => (glyphs.includes(glyph) ? [{ row, column }] : [])),
  );
}

/** The cells of a straight line after `from`, up to and with `to`; that one alone where they are the same. */
export function lineOfCells(from: Cell, to: Cell): readonly Cell[] {
  const [down, right] = [to.row - from.row, to.column - from.column];
  const steps = Math.max(1, Math.abs(down), Math.abs(right));
  return Array.from({ length: steps }, (_, step) => ({
    row: from.row + Math.round((down * (step + 1)) / steps),
    column: from.column + Math.round((right * (step + 1)) / steps),
  }));
}

/** How wide the board is; of rows of different length the longest. */
export function columnsOf({ rows }: BoardText): number {
  return Math.max(0, ...rows.map((row) => row.length));
}

/** Cut off, or filled up with `filling`, at the right and below. */
export function resized(
  board: BoardText,
  { columns, rows, filling }: { readonly columns: number; readonly rows: number; readonly filling: string },
): BoardText {
  const lines = Array.from({ length: rows }, (_, r) => (board.rows[r] ?? "").slice(0, columns).padEnd(columns, filling));
  return { ...board, rows: lines };
}
