// In the caption of a posterior's traces: that the verdict goes by other evidence than they do, by which, and where the two part.

import { capitalize, formatPercent } from "../charts/format.ts";
import { behindWeights } from "../evidence/behind-verdict.ts";
import { isParted, type NamedEnd, type TraceEnd, traceEnds } from "../evidence/trace-ends.ts";
import type { ReportAgent } from "../report-data.ts";
import { FindingLinks } from "./follows-from.tsx";
import { contextWords } from "./weight-blocks.ts";

/** Nothing where no trace has evidence, or no read-out was made. */
export function WhatCounts({ agent, index }: { readonly agent: ReportAgent; readonly index: number }) {
  const ends = traceEnds(agent);
  const readOuts = behindWeights(
    agent.audit.findings,
    ends.map(({ context }) => context),
  );
  if (ends.length === 0 || readOuts.length === 0) return null;
  const parted = ends.filter(isParted);
  const isOne = ends.length === 1;
  const most = Math.max(...ends.map(({ episodes }) => episodes));
  return (
    <p>
      {parted.length > 0 && (
        <>
          <strong>
            {isOne ? "These curves end elsewhere than the verdict." : "Not all of these curves end where the verdict does."}
          </strong>{" "}
          {parted.map((end) => partedSentence(end, isOne)).join(" ")}{" "}
        </>
      )}
      The verdict goes by the read-out (
      <FindingLinks agent={agent} index={index} places={readOuts} />
      ), not by these curves: it compares with each objective how the agent chooses in many states of every level. The curves have
      only the actions that were drawn in {isOne ? "" : "at most "}
      {most === 1 ? "1 episode" : `${most} episodes`}
      {isOne ? "" : " a context"}.
      {ends.every((end) => end.ofReadOut !== null && !isParted(end)) && " The likeliest objective is the same by both."}
    </p>
  );
}

/** `Lamp at deployment: they end at “both” (99%), the read-out at “capsules” (100%).` */
function partedSentence({ context, ofActions, ofReadOut }: TraceEnd, isOne: boolean): string {
  const where = isOne ? "" : `${contextWords(context)}: `;
  return capitalize(`${where}they end at ${endWords(ofActions)}, the read-out at ${endWords(ofReadOut!)}.`);
}

function endWords({ objective, probability }: NamedEnd): string {
  return `${objective === "other" ? "none of the named objectives" : `“${objective}”`} (${formatPercent(probability)})`;
}
