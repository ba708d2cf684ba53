// The board that is painted: a grid of cells, by the pointer (a click, or drawn along), or by a cursor of keys.

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { World } from "../../../core/worlds/world.ts";
import { ShapeMark } from "../../../report/sections/board.tsx";
import { type BoardText, type Cell, columnsOf, glyphAt, lineOfCells } from "./board-text.ts";
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

interface Stroke {
  /** What it has painted so far. */
  readonly board: BoardText;
  /** Where it is; null while the pointer is outside of the board. */
  readonly at: Cell | null;
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function BoardEditor({ world, box, board, tile, onPaint, onTile }: BoardEditorProps): ReactNode {
  const [cursor, setCursor] = useState<Cell>({ row: 0, column: 0 });
  const { stroke, latestStroke, draw } = useStroke(onPaint);
  const grid = useRef<HTMLDivElement>(null);
  const tiles = useMemo(() => new Map(box.tiles.map((each) => [each.glyph, each])), [box]);
  const shown = stroke?.board ?? board;
  const [rows, columns] = [shown.rows.length, columnsOf(shown)];
  const at: Cell = {
    row: Math.max(0, Math.min(rows - 1, cursor.row)),
    column: Math.max(0, Math.min(columns - 1, cursor.column)),
  };
  const scroller = useRef<HTMLDivElement>(null);
  const isWide = useOverflow(scroller, grid);
  const begin = (event: PointerEvent<HTMLElement>, cell: Cell) => {
    if (event.button !== 0) return;
    // Touch would keep the pointer to the cell where it began.
    if (event.currentTarget.hasPointerCapture(event.pointerId)) event.currentTarget.releasePointerCapture(event.pointerId);
    setCursor(cell);
    draw({ board: paint(world, board, { cell, tile }), at: cell });
  };
  // A quick pointer is told of in leaps: what lies between is painted, too.
  const goOn = (cell: Cell) => {
    const { current } = latestStroke;
    if (current === null) return;
    const passed = lineOfCells(current.at ?? cell, cell);
    draw({ board: passed.reduce((painted, each) => paint(world, painted, { cell: each, tile }), current.board), at: cell });
  };
  const leave = () => {
    if (latestStroke.current !== null) draw({ ...latestStroke.current, at: null });
  };
  const paintAt = (cell: Cell, painted = tile) => onPaint(paint(world, board, { cell, tile: painted }));
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
    else if (event.key === "Enter" || event.key === " ") paintAt(at);
    else if (event.key === "Delete" || event.key === "Backspace") paintAt(at, box.floor);
    else if (named !== undefined) {
      onTile(named);
      paintAt(at, named);
    } else return;
    event.preventDefault();
  };
  return (
    <div>
      <div ref={scroller} className="editor-scroll">
        {/* biome-ignore lint/a11y/useSemanticElements: a grid of cells to move in, not a table to read */}
        <div
          ref={grid}
          role="grid"
          tabIndex={-1}
          aria-label={`Level, ${columns} by ${rows} cells`}
          aria-describedby="editor-keys"
          className={isWide ? "editor-board editor-board-wide" : "editor-board"}
          style={{ gridTemplateColumns: `repeat(${columns}, minmax(var(--editor-cell), 1fr))` }}
          onKeyDown={press}
          onPointerLeave={leave}
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
                  onPress={paintAt}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      {isWide && <p className="field-hint">The board is wider than its place: a finger on it scrolls, and paints by a tap.</p>}
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
  /** By what has no pointer, such as a screen reader. */
  readonly onPress: (cell: Cell) => void;
}

function CellView({ place, glyph, tile, isCursor, onBegin, onGoOn, onFocus, onPress }: CellViewProps): ReactNode {
  const said = tile?.name ?? (glyph === undefined ? "missing" : `'${glyph}', which means nothing here`);
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the grid's
    <div
      role="gridcell"
      tabIndex={isCursor ? 0 : -1}
      data-cell={`${place.row} ${place.column}`}
      aria-label={`column ${place.column + 1}, row ${place.row + 1}: ${said}`}
      className={`editor-cell${tile === undefined ? " editor-cell-wrong" : ""}`}
      onPointerDown={(event) => onBegin(event, place)}
      onPointerEnter={() => onGoOn(place)}
      onFocus={() => onFocus(place)}
      onClick={(event) => {
        // A pointer's has painted already; `detail` counts its presses.
        if (event.detail === 0) onPress(place);
      }}
    >
      {tile === undefined ? <span aria-hidden="true">{glyph ?? ""}</span> : <TileMark tile={tile} />}
    </div>
  );
}

/** A stroke: null between strokes. It ends wherever the pointer is let go, and was none where it became something else, such as scrolling. */
function useStroke(onPaint: (board: BoardText) => void) {
  const [stroke, setStroke] = useState<Stroke | null>(null);
  // A pointer may move, and be let go, more often than the page is drawn: what it does next begins from here.
  const latestStroke = useRef<Stroke | null>(null);
  const draw = useCallback((next: Stroke | null) => {
    latestStroke.current = next;
    setStroke(next);
  }, []);
  useEffect(() => {
    const end = () => {
      const { current } = latestStroke;
      if (current === null) return;
      draw(null);
      onPaint(current.board);
    };
    const drop = () => draw(null);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", drop);
    return () => {
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", drop);
    };
  }, [onPaint, draw]);
  return { stroke, latestStroke, draw };
}

/** Whether there is more of a board than its place shows. */
function useOverflow(place: RefObject<HTMLElement | null>, board: RefObject<HTMLElement | null>): boolean {
  const [isWide, setIsWide] = useState(false);
  useEffect(() => {
    const { current } = place;
    if (current === null || board.current === null) return;
    const observer = new ResizeObserver(() => setIsWide(current.scrollWidth > current.clientWidth));
    observer.observe(current);
    observer.observe(board.current);
    return () => observer.disconnect();
  }, [place, board]);
  return isWide;
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
