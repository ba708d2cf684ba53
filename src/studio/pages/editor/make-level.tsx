// Making a level: the board that is painted, its tiles and its size, the axes that another is drawn from, and the same as text.

import { type ReactNode, useCallback, useMemo, useState } from "react";
import { Button } from "../../components/button.tsx";
import { AxisControls } from "./axis-controls.tsx";
import { BoardEditor } from "./board-editor.tsx";
import { type BoardText, columnsOf, joinLevel, mostSide, resized, splitLevel } from "./board-text.ts";
import { type EditorPlace, shownPoint, textKept, withAxis } from "./editor-place.ts";
import { mostSeed } from "./editor-search.ts";
import { LevelText } from "./level-text.tsx";
import { Palette } from "./palette.tsx";
import { type Paintbox, paintboxOf, type Tile } from "./tiles.ts";
import type { Editor } from "./use-editor.ts";

interface MakeLevelProps {
  readonly editor: Editor;
  readonly place: EditorPlace;
  readonly problem: string | null;
  readonly onText: (text: string) => void;
}

export function MakeLevel({ editor, place, problem, onText }: MakeLevelProps): ReactNode {
  const { world, standard, seed, text } = place;
  const { search } = editor;
  const box = useMemo(() => paintboxOf(world), [world]);
  const board = useMemo(() => splitLevel(text), [text]);
  const [glyph, setGlyph] = useState("");
  const onBoard = useCallback((painted: BoardText) => onText(joinLevel(painted)), [onText]);
  const onTyped = (typed: string) => {
    onText(typed);
    return textKept(search, { world, standard, seed, text: typed });
  };
  const point = shownPoint(place);
  return (
    <>
      {box !== null && (
        <PaintedBoard {...{ world, box, board, onBoard }} tile={tileNamed(box, glyph)} onTile={(tile) => setGlyph(tile.glyph)} />
      )}
      <p id="editor-problem" className="field-error editor-problem" role="status">
        {problem === null ? "" : `No level yet: ${problem}`}
      </p>
      <div className="editor-deeds">
        <Button onPress={editor.undo} isDisabled={!editor.canUndo}>
          Undo
        </Button>
        <Button onPress={editor.redo} isDisabled={!editor.canRedo}>
          Redo
        </Button>
        <Button onPress={() => editor.edit({ seed: (seed % mostSeed) + 1, level: "" }, { isPage: true })}>Draw another</Button>
        <span className="numeric quiet">
          seed {seed}
          {search.level !== "" && ", painted"}
        </span>
      </div>
      <section aria-labelledby="editor-axes">
        <h2 id="editor-axes">Away from training</h2>
        <p className="quiet">
          Moving an axis draws another level there; a cue is moved on the level as it is.
          {search.level !== "" &&
            " This one was painted or found: of it only the cues are known, other axes stand where they were."}
        </p>
        <AxisControls world={world} point={point} onMove={(moved) => editor.edit(withAxis(search, place, moved))} />
      </section>
      {box === null ? (
        <LevelText {...{ text, legend: world.legend, problem, onText: onTyped }} />
      ) : (
        <details>
          <summary>As text</summary>
          <LevelText {...{ text, legend: world.legend, problem, onText: onTyped }} />
        </details>
      )}
    </>
  );
}

interface PaintedBoardProps {
  readonly world: EditorPlace["world"];
  readonly box: Paintbox;
  readonly board: BoardText;
  readonly tile: Tile;
  readonly onBoard: (board: BoardText) => void;
  readonly onTile: (tile: Tile) => void;
}

function PaintedBoard({ world, box, board, tile, onBoard, onTile }: PaintedBoardProps): ReactNode {
  const [columns, rows] = [columnsOf(board), board.rows.length];
  const resize = (more: { readonly columns: number; readonly rows: number }) =>
    onBoard(resized(board, { columns: columns + more.columns, rows: rows + more.rows, filling: box.floor.glyph }));
  const size = (label: string, more: { readonly columns: number; readonly rows: number }) => {
    const [wide, high] = [columns + more.columns, rows + more.rows];
    return (
      <Button key={label} onPress={() => resize(more)} isDisabled={wide < 1 || high < 1 || wide > mostSide || high > mostSide}>
        {label}
      </Button>
    );
  };
  return (
    <>
      <BoardEditor {...{ world, box, board, tile }} onPaint={onBoard} onTile={onTile} />
      <p id="editor-keys" className="field-hint">
        Click or draw along to paint. On the board: arrow keys move, Enter paints, Delete clears, a tile's own key paints it;
        Ctrl+Z undoes.
      </p>
      <Palette box={box} tile={tile} onTile={onTile} />
      {box.resizing !== "none" && (
        <fieldset className="editor-deeds">
          <legend className="visually-hidden">Size of the board</legend>
          {box.resizing === "square"
            ? [size("Smaller", { columns: -1, rows: -1 }), size("Larger", { columns: 1, rows: 1 })]
            : [
                size("Narrower", { columns: -1, rows: 0 }),
                size("Wider", { columns: 1, rows: 0 }),
                size("Lower", { columns: 0, rows: -1 }),
                size("Higher", { columns: 0, rows: 1 }),
              ]}
          <span className="numeric quiet">
            {columns} × {rows}
          </span>
        </fieldset>
      )}
    </>
  );
}

/** What is painted with at first: the first thing after floor. */
function tileNamed({ tiles, floor }: Paintbox, glyph: string): Tile {
  return tiles.find((tile) => tile.glyph === glyph) ?? tiles.find((tile) => tile !== floor) ?? floor;
}
