// The agents as the page shows them: recorded at first, and part by part replaced by what is trained here.

import type { VerdictDocument } from "../../../core/audit/verdict-document.ts";
import type { AgentSource } from "../../live/board-player.ts";
import type { LiveAgent, LiveState } from "../../live/live-run.ts";
import type { CurvePoint, Recording } from "../../live/recording.ts";
import { type AgentName, agentNames } from "../../live/story-agents.ts";
import { recordedModels } from "./recorded-run.ts";

/** Where something that is shown comes from. */
export type Origin = "recorded" | "live";

/** What boards are played from. */
export interface PlayedAgent {
  readonly name: AgentName;
  readonly boards: AgentSource;
}

/** `share` of its training that is done; `score` as a share of the best possible one. */
export interface ShownPoint {
  readonly share: number;
  readonly score: number;
}

export interface ShownAgent extends PlayedAgent {
  /** Of the policy that the boards are played with. */
  readonly curve: { readonly origin: Origin; readonly points: readonly ShownPoint[] };
  /** Of a training here that has not come to a policy: it is shown beside the recorded one until it has. */
  readonly curveSoFar: readonly ShownPoint[] | null;
  readonly verdict: { readonly origin: Origin; readonly audit: VerdictDocument };
  /** Null where nothing is trained here. */
  readonly live: LiveAgent | null;
}

export function shownAgents(recording: Recording, live: LiveState | null): readonly ShownAgent[] {
  return agentNames.map((name): ShownAgent => {
    const recorded = recording.agents.find(({ organism }) => organism === name)!;
    const here = live?.agents[name] ?? null;
    const isDone = here !== null && here.model !== null;
    const pointsHere = here === null ? [] : pointsOf(here.curve, here.totalSteps);
    return {
      name,
      curve: isDone
        ? { origin: "live", points: pointsHere }
        : { origin: "recorded", points: pointsOf(recorded.curve, recorded.environmentSteps) },
      // One measurement is no curve.
      curveSoFar: !isDone && pointsHere.length > 1 ? pointsHere : null,
      boards:
        here?.model == null
          ? { kind: "recorded", recorded, modelUrl: recordedModels[name] }
          : { kind: "live", model: here.model },
      verdict: here?.audit == null ? { origin: "recorded", audit: recorded.audit } : { origin: "live", audit: here.audit },
      live: here,
    };
  });
}

function pointsOf(curve: readonly CurvePoint[], steps: number): readonly ShownPoint[] {
  return curve.map(({ environmentSteps, oracleShare }) => ({ share: Math.min(1, environmentSteps / steps), score: oracleShare }));
}

/** `live, seed 7` or `recorded`, beside whatever is shown once something is trained here; null before, when everything is recorded. */
export function originWords(origin: Origin, liveSeed: number | null): string | null {
  if (liveSeed === null) return null;
  return origin === "live" ? `live, seed ${liveSeed}` : "recorded";
}
