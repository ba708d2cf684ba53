// Where parts of the report are shown in the studio: with the report's looks in the studio's colors, and each chart to be taken along.

import { type ReactNode, useRef, useState } from "react";
import { ChartTools, type DataTable, type ToolPlace } from "../../../report/charts/figure.tsx";
import { partsStyle } from "../../../report/page/style-sheet.ts";
import { Button } from "../../components/button.tsx";
import { figureSvg, pngOf } from "./chart-picture.ts";
import { csvText } from "./csv-text.ts";
import { fileStem, offerFile } from "./offer-file.ts";
import "./report-parts.css";

interface ReportPartsProps {
  /** Looks of parts that not every report has. */
  readonly style?: string;
  readonly children: ReactNode;
}

/** Parts from src/report stand in it. */
export function ReportParts({ style = "", children }: ReportPartsProps): ReactNode {
  return (
    <div className="report-parts">
      <style>{`.report-parts { ${partsStyle}${style} }`}</style>
      <ChartTools.Provider value={toolsOf}>{children}</ChartTools.Provider>
    </div>
  );
}

function toolsOf(table: DataTable, place: ToolPlace): ReactNode {
  return <TakeAlong table={table} hasPicture={place === "chart"} />;
}

function TakeAlong({ table, hasPicture }: { readonly table: DataTable; readonly hasPicture: boolean }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const name = fileStem(table.caption);
  const picture = () => figureSvg(place.current!.closest("figure")!);
  const offerSvg = () => offerFile(`${name}.svg`, new Blob([picture()], { type: "image/svg+xml" }));
  const offerPng = () =>
    pngOf(picture()).then(
      (png) => offerFile(`${name}.png`, png),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  const offerJson = () => offerFile(`${name}.json`, new Blob([tableJson(table)], { type: "application/json" }));
  const offerCsv = () => offerFile(`${name}.csv`, new Blob([csvText([table.columns, ...table.rows])], { type: "text/csv" }));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in sight; the figure's caption says what it is about.
    <div ref={place} className="report-take" role="group" aria-label={`Take along: ${table.caption}`}>
      {hasPicture && (
        <>
          <Button look="plain" onPress={offerSvg}>
            SVG
          </Button>
          <Button look="plain" onPress={() => void offerPng()}>
            PNG
          </Button>
        </>
      )}
      <Button look="plain" onPress={offerCsv}>
        CSV
      </Button>
      <Button look="plain" onPress={offerJson}>
        JSON
      </Button>
      {problem !== null && (
        <span role="status" className="bad">
          {problem}
        </span>
      )}
    </div>
  );
}

/** A record per row, by the heads of its columns. */
function tableJson({ columns, rows }: DataTable): string {
  const records = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? ""])));
  return `${JSON.stringify(records, null, 2)}\n`;
}
