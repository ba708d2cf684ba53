// What an agent wants: a weight per feature with its interval, a panel per context.

import { dataTable, intervalColumn, numberColumn, textColumn } from "../charts/data-table.ts";
import { ChartFigure } from "../charts/figure.tsx";
import { capitalize, formatNumber } from "../charts/format.ts";
import { IntervalPanel } from "../charts/interval-panel.tsx";
import { seriesMark } from "../charts/series-mark.ts";
import { behindWeights } from "../evidence/behind-verdict.ts";
import type { ReportAgent } from "../report-data.ts";
import { FollowsFrom } from "./follows-from.tsx";
import { contextWords, mergeContexts } from "./weight-blocks.ts";

interface WeightsProps {
  readonly agent: ReportAgent;
  /** Of its mark. */
  readonly index: number;
  readonly domain: readonly [number, number];
}

/** Contexts whose intervals all overlap are drawn as one; the table has each. */
export function Weights({ agent, index, domain }: WeightsProps) {
  const { weights } = agent.audit.verdict;
  const blocks = mergeContexts(weights);
  if (blocks.length === 0) return <p>No weights were inferred for this agent.</p>;
  const isMerged = blocks.some(({ contexts }) => contexts.length > 1);
  const { findings } = agent.audit;
  const behind = blocks.map(({ title, contexts }) => ({ what: title, places: behindWeights(findings, contexts) }));
  return (
    <>
      <ChartFigure
        caption={`Inferred weight per feature, with its interval. Right of the rule it is sought, left of it shunned. All agents share one scale.${
          isMerged
            ? " Contexts whose intervals all overlap are drawn as one: the mean of their means, and the range of all their intervals; the table has each."
            : ""
        }`}
        table={dataTable(`inferred weights of ${agent.organism}`, weights, [
          textColumn("Context", ({ context }) => contextWords(context)),
          textColumn("Feature", ({ feature }) => feature),
          numberColumn("Weight", ({ mean }) => mean),
          intervalColumn((weight) => weight),
        ])}
      >
        {blocks.map(({ title, weights: merged }) => (
          <IntervalPanel
            key={title}
            title={capitalize(title)}
            description={`Weights: ${merged.map((weight) => `${weight.feature} ${formatNumber(weight.mean)}`).join(", ")}.`}
            rows={merged.map((weight) => ({
              label: weight.feature,
              mark: seriesMark(index),
              value: weight.mean,
              interval: { low: weight.low, high: weight.high },
              missing: "not measured",
            }))}
            domain={domain}
            guides={[0]}
            axisLabel="weight"
            format={(value) => formatNumber(value, 1)}
          />
        ))}
      </ChartFigure>
      <FollowsFrom agent={agent} index={index} parts={behind} />
    </>
  );
}
