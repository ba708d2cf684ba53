// Where the posterior of active levels ended, beside the read-out that the verdict goes by in its place.

import type { ReportAgent } from "../report-data.ts";
import { readOutUnder } from "./behind-verdict.ts";

export interface NamedEnd {
  readonly objective: string;
  readonly probability: number;
}

export interface TraceEnd {
  readonly context: string;
  /** Of evidence; at least 1. */
  readonly episodes: number;
  /** The likeliest objective by the actions of these episodes. */
  readonly ofActions: NamedEnd;
  /** The likeliest by the read-out under the same context, `other` where it says that none explains the choices; null where no finding tells. */
  readonly ofReadOut: NamedEnd | null;
}

/** The end of each trace into which evidence came. */
export function traceEnds({ traces, audit }: Pick<ReportAgent, "traces" | "audit">): readonly TraceEnd[] {
  const { other = 0 } = audit.verdict.posterior;
  const unexplained = other > 0.5 ? { objective: "other", probability: other } : null;
  return traces.flatMap(({ context, points }) => {
    const last = points.at(-1);
    const ofActions = last && likeliest(last.posterior);
    if (!last || !ofActions || last.episodes === 0) return [];
    return [{ context, episodes: last.episodes, ofActions, ofReadOut: unexplained ?? readOutUnder(audit.findings, context) }];
  });
}

function likeliest(posterior: Readonly<Record<string, number>>): NamedEnd | undefined {
  const [first] = Object.entries(posterior).toSorted(([, one], [, other]) => other - one);
  return first && { objective: first[0], probability: first[1] };
}

/** Whether the two are known to name different objectives. */
export function isParted({ ofActions, ofReadOut }: TraceEnd): boolean {
  return ofReadOut !== null && ofReadOut.objective !== ofActions.objective;
}
