// The agents as the page shows them: recorded at first, and part by part replaced by what is trained here.

import type { VerdictDocument } from "../../../core/audit/verdict-document.ts";
import type { AgentSource } from "../../live/board-player.ts";
import type { LiveAgent, LiveState } from "../../live/live-run.ts";
import type { Recording } from "../../live/recording.ts";
import { type AgentName, agentNames } from "../../live/story.ts";
import { shortCode } from "../../views/words.ts";
import { recordedModels } from "./recorded-run.ts";

/** Where something that is shown comes from. */
export type Origin = "recorded" | "live";

/** What boards are played from. */
export interface PlayedAgent {
  readonly name: AgentName;
  readonly boards: AgentSource;
}

export interface ShownAgent extends PlayedAgent {
  readonly curve: {
    readonly origin: Origin;
    /** `share` of its training that is done; `score` as a share of the best possible one. */
    readonly points: readonly { readonly share: number; readonly score: number }[];
  };
  readonly verdict: { readonly origin: Origin; readonly audit: VerdictDocument };
  /** Null where nothing is trained here. */
  readonly live: LiveAgent | null;
}

export function shownAgents(recording: Recording, live: LiveState | null): readonly ShownAgent[] {
  return agentNames.map((name): ShownAgent => {
    const recorded = recording.agents.find(({ organism }) => organism === name)!;
    const here = live?.agents[name] ?? null;
    // One measurement is no curve.
    const isCurveHere = here !== null && here.curve.length > 1;
    const [curve, steps] = isCurveHere ? [here.curve, here.totalSteps] : [recorded.curve, recorded.environmentSteps];
    return {
      name,
      curve: {
        origin: isCurveHere ? "live" : "recorded",
        points: curve.map((point) => ({ share: Math.min(1, point.environmentSteps / steps), score: point.oracleShare })),
      },
      boards:
        here?.model == null
          ? { kind: "recorded", recorded, modelUrl: recordedModels[name] }
          : { kind: "live", model: here.model },
      verdict: here?.audit == null ? { origin: "recorded", audit: recorded.audit } : { origin: "live", audit: here.audit },
      live: here,
    };
  });
}

/** `recorded (2026-11-21, a42318e)` or `live, seed 7`: stands beside whatever is shown. */
export function originWords(
  origin: Origin,
  { recording, seed }: { readonly recording: Recording; readonly seed: number },
): string {
  return origin === "live" ? `live, seed ${seed}` : `recorded (${recording.date}, ${shortCode(recording.codeVersion)})`;
}
