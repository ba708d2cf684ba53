// The board that is painted: a grid of cells, by the pointer (a click, or drawn along), or by a cursor of keys.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { World } from "../../../core/worlds/world.ts";
import { ShapeMark } from "../../../report/sections/board.tsx";
import { type BoardText, type Cell, columnsOf, glyphAt } from "./board-text.ts";
import { type Paintbox, paint, type Tile } from "./tiles.ts";

interface BoardEditorProps {
  readonly world: World;
  readonly box: Paintbox;
  readonly board: BoardText;
  readonly tile: Tile;
  /** After a click, a stroke or a key. */
  readonly onPaint: (board: BoardText) => void;
  /** A tile was named by its key. */
  readonly onTile: (tile: Tile) => void;
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function BoardEditor({ world, box, board, tile, onPaint, onTile }: BoardEditorProps): ReactNode {
  const [cursor, setCursor] = useState<Cell>({ row: 0, column: 0 });
  /** What a stroke has painted so far; null between strokes. */
  const [stroke, setStroke] = useState<BoardText | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const tiles = useMemo(() => new Map(box.tiles.map((each) => [each.glyph, each])), [box]);
  const shown = stroke ?? board;
  const [rows, columns] = [shown.rows.length, columnsOf(shown)];
  const at: Cell = {
    row: Math.max(0, Math.min(rows - 1, cursor.row)),
    column: Math.max(0, Math.min(columns - 1, cursor.column)),
  };
  // A stroke ends wherever the pointer is let go.
  useEffect(() => {
    if (stroke === null) return;
    const end = () => {
      setStroke(null);
      onPaint(stroke);
    };
    window.addEventListener("pointerup", end, { once: true });
    window.addEventListener("pointercancel", end, { once: true });
    return () => {
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
    };
  }, [stroke, onPaint]);
  const begin = (event: PointerEvent<HTMLElement>, cell: Cell) => {
    if (event.button !== 0) return;
    // Touch would keep the pointer to the cell where it began.
    if (event.currentTarget.hasPointerCapture(event.pointerId)) event.currentTarget.releasePointerCapture(event.pointerId);
    setCursor(cell);
    setStroke(paint(world, board, { cell, tile }));
  };
  const goOn = (cell: Cell) => {
    if (stroke === null) return;
    setStroke(paint(world, stroke, { cell, tile }));
  };
  const goTo = (cell: Cell) => {
    const next = {
      row: Math.max(0, Math.min(rows - 1, cell.row)),
      column: Math.max(0, Math.min(columns - 1, cell.column)),
    };
    setCursor(next);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.row} ${next.column}"]`)?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves[event.key];
    const named = event.key.length === 1 ? tiles.get(event.key) : undefined;
    if (move !== undefined) goTo({ row: at.row + move[0], column: at.column + move[1] });
    else if (event.key === "Home") goTo({ ...at, column: 0 });
    else if (event.key === "End") goTo({ ...at, column: columns - 1 });
    else if (event.key === "Enter" || event.key === " ") onPaint(paint(world, board, { cell: at, tile }));
    else if (event.key === "Delete" || event.key === "Backspace") onPaint(paint(world, board, { cell: at, tile: box.floor }));
    else if (named !== undefined) {
      onTile(named);
      onPaint(paint(world, board, { cell: at, tile: named }));
    } else return;
    event.preventDefault();
  };
  return (
    <div className="editor-scroll">
      {/* biome-ignore lint/a11y/useSemanticElements: a grid of cells to move in, not a table to read */}
      <div
        ref={grid}
        role="grid"
        tabIndex={-1}
        aria-label={`Level, ${columns} by ${rows} cells`}
        aria-describedby="editor-keys"
        className="editor-board"
        style={{ gridTemplateColumns: `repeat(${columns}, minmax(var(--editor-cell), 1fr))` }}
        onKeyDown={press}
      >
        {shown.rows.map((line, row) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: its cells are
          <div key={row} role="row" className="editor-row">
            {Array.from({ length: columns }, (_, column) => (
              <CellView
                key={column}
                place={{ row, column }}
                glyph={line[column]}
                tile={tiles.get(glyphAt(shown, { row, column }) ?? "")}
                isCursor={row === at.row && column === at.column}
                onBegin={begin}
                onGoOn={goOn}
                onFocus={setCursor}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface CellViewProps {
  readonly place: Cell;
  /** Undefined where a row is too short. */
  readonly glyph: string | undefined;
  /** Undefined for a character that means nothing. */
  readonly tile: Tile | undefined;
  readonly isCursor: boolean;
  readonly onBegin: (event: PointerEvent<HTMLElement>, cell: Cell) => void;
  readonly onGoOn: (cell: Cell) => void;
  readonly onFocus: (cell: Cell) => void;
}

function CellView({ place, glyph, tile, isCursor, onBegin, onGoOn, onFocus }: CellViewProps): ReactNode {
  const said = tile?.name ?? (glyph === undefined ? "missing" : `'${glyph}', which means nothing here`);
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div
      role="gridcell"
      tabIndex={isCursor ? 0 : -1}
      data-cell={`${place.row} ${place.column}`}
      aria-label={`column ${place.column + 1}, row ${place.row + 1}: ${said}`}
      className={`editor-cell${tile === undefined ? " editor-cell-wrong" : ""}`}
      onPointerDown={(event) => onBegin(event, place)}
      onPointerEnter={() => onGoOn(place)}
      onFocus={() => onFocus(place)}
    >
      {tile === undefined ? <span aria-hidden="true">{glyph ?? ""}</span> : <TileMark tile={tile} />}
    </div>
  );
}

/** A tile as it is drawn. */
export function TileMark({ tile }: { readonly tile: Tile }): ReactNode {
  return (
    <svg className="board-view" viewBox="0 0 1 1" aria-hidden="true" focusable="false">
      {tile.shapes.map((shape) => (
        <ShapeMark key={`${shape.role} ${shape.label}`} shape={shape} />
      ))}
    </svg>
  );
}
