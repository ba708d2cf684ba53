// What the whole evidence leaves of belief in each named objective.

import { dataTable, numberColumn, textColumn } from "../charts/data-table.ts";
import { ChartFigure } from "../charts/figure.tsx";
import { formatPercent } from "../charts/format.ts";
import { IntervalPanel } from "../charts/interval-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import { behindPosterior } from "../evidence/behind-verdict.ts";
import type { ReportAgent } from "../report-data.ts";
import { FollowsFrom } from "./follows-from.tsx";

const mostDrawn = 6;

/** The posterior of the verdict, likeliest first; what is small is left to the table. */
export function PosteriorShares({ agent, index }: { readonly agent: ReportAgent; readonly index: number }) {
  const shares = Object.entries(agent.audit.verdict.posterior).sort(([, first], [, second]) => second - first);
  if (shares.length === 0) return <p>No posterior was inferred for this agent.</p>;
  const drawn = shares.slice(0, mostDrawn);
  const rest = shares.slice(mostDrawn);
  const others = rest.reduce((sum, [, share]) => sum + share, 0);
  return (
    <>
      <ChartFigure
        caption={`Probability of each named objective after all evidence.${
          rest.length > 0 ? ` The other ${rest.length} together have ${formatPercent(others, 1)}.` : ""
        }`}
        table={dataTable(`posterior of the verdict on ${agent.organism}`, shares, [
          textColumn("Objective", ([objective]) => objective),
          numberColumn(
            "Probability",
            ([, share]) => share,
            (share) => formatPercent(share, 1),
          ),
        ])}
      >
        <IntervalPanel
          title="After all evidence"
          description={`Probabilities: ${drawn.map(([objective, share]) => `${objective} ${formatPercent(share, 1)}`).join(", ")}.`}
          rows={drawn.map(([objective, share]) => ({
            label: objective,
            mark: seriesMark(index),
            value: share,
            interval: null,
            missing: "not measured",
          }))}
          domain={[0, 1]}
          hasLongLabels
          axisLabel="posterior probability"
          format={(share) => formatPercent(share)}
        />
      </ChartFigure>
      <FollowsFrom agent={agent} index={index} parts={[{ what: "", places: behindPosterior(agent.audit.findings) }]} />
    </>
  );
}
