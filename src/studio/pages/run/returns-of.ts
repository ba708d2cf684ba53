// The lines of a run's returns: the base objective, each other objective, the oracle, no two alike.

import { returnColumns } from "../../../lab/curve-row.ts";
import type { ChartSeries } from "../../views/series-lines.ts";

export type CurveRow = Readonly<Record<string, number | null>>;

/** Of the palette's series; the base objective has the first, the oracle the last. */
const proxyColors = 4;
/** One more than colors, so that the two together repeat after 20; the base objective's and the oracle's are not among them. */
const proxyDashes = ["dashed", "dotted", "dashDotted", "dashDotDotted", "long"] as const;

/** In the order of the columns. `rewarded` is the name of what training rewards; null where it is not known. */
export function returnsOf(points: readonly CurveRow[], rewarded: string | null): readonly ChartSeries[] {
  const column = (name: string) => points.map((point) => point[name] ?? null);
  return [
    { name: "base objective", values: column("trainingReturn"), color: 0, dash: "solid" },
    ...returnColumns(Object.keys(points[0] ?? {})).map(
      ({ column: name, objective }, i): ChartSeries => ({
        ...{ name: objective === rewarded ? `${objective} (rewarded)` : objective, values: column(name) },
        ...{ color: 1 + (i % proxyColors), dash: proxyDashes[i % proxyDashes.length]! },
      }),
    ),
    { name: "oracle", values: column("oracleReturn"), color: 5, dash: "sparse", isReference: true },
  ];
}
