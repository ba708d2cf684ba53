// The buttons below a chart that take it along: as a picture in points or lines, and its numbers as CSV or JSON.

import { type ReactNode, useRef, useState } from "react";
import type { TakenTable } from "../../../report/charts/table-files.ts";
import { loadScript } from "../../app/script-missing.ts";
import { Button } from "../../components/button.tsx";
import "./take-along.css";

const fileKinds = ["svg", "png", "csv", "json"] as const;
export type FileKind = (typeof fileKinds)[number];

export interface TakeAlongProps {
  /** What is taken; names its files too. */
  readonly caption: string;
  /** The numbers behind it, asked for when they are taken. */
  readonly table: () => TakenTable;
  /** Whether the figure around has a picture. Default true. */
  readonly hasPicture?: boolean;
  /** Draws that picture as an SVG document. Default: it is read from the page, see `figureSvg`. */
  readonly draw?: (figure: HTMLElement) => Promise<string>;
}

export function TakeAlong({ caption, table, hasPicture = true, draw }: TakeAlongProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (kind: FileKind) => {
    setProblem(null);
    try {
      const { offerTaken } = await loadScript(() => import("./take-files.ts"));
      const figure = place.current!.closest("figure") ?? place.current!;
      await offerTaken({ kind, caption, figure, table: table(), draw: draw ?? null });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const kinds = fileKinds.filter((kind) => hasPicture || kind === "csv" || kind === "json");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in sight; the figure's caption says what it is about.
    <div ref={place} className="take-along" role="group" aria-label={`Take along: ${caption}`}>
      {kinds.map((kind) => (
        <Button key={kind} look="plain" onPress={() => void take(kind)}>
          {kind.toUpperCase()}
        </Button>
      ))}
      {problem !== null && (
        <span role="status" className="bad">
          {problem}
        </span>
      )}
    </div>
  );
}
