// Where parts of the report are shown in the studio: with the report's looks in the studio's colors, and each chart to be taken along.

import type { ReactNode } from "react";
import { ChartTools, type NamedTable, type ToolPlace } from "../../../report/charts/figure.tsx";
import { partsStyle } from "../../../report/page/style-sheet.ts";
import { TakeAlong } from "../take/take-along.tsx";
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

function toolsOf(table: NamedTable, place: ToolPlace): ReactNode {
  return <TakeAlong caption={table.caption} table={() => table} hasPicture={place === "chart"} />;
}
