// The tiles of a world, one of which is painted with.

import type { ReactNode } from "react";
import { TileMark } from "./board-editor.tsx";
import type { Paintbox, Tile } from "./tiles.ts";

interface PaletteProps {
  readonly box: Paintbox;
  readonly tile: Tile;
  readonly onTile: (tile: Tile) => void;
}

export function Palette({ box, tile, onTile }: PaletteProps): ReactNode {
  return (
    <fieldset className="editor-palette">
      <legend className="select-label">Paint with</legend>
      {box.tiles.map((each) => (
        <button
          key={each.glyph}
          type="button"
          className="editor-tile"
          aria-pressed={each === tile}
          aria-keyshortcuts={each.glyph}
          onClick={() => onTile(each)}
        >
          <span className="editor-swatch">
            <TileMark tile={each} />
          </span>
          {each.name}
          <span aria-hidden="true" className="editor-key">
            {each.glyph}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
