// Looks for a lab behind this page, and has its events over the one connection that all pages of this browser share.

import type { LabStatus } from "../../lab/api.ts";
import { type EventStreams, type LabCaller, ownStreams, sharedStreams } from "../api/event-streams.ts";
import { createLabClient, type LabClient, type LabProblem, problemOf } from "../api/lab-client.ts";

export type FoundLab =
  /** Files of a static site: nothing answers, and nothing is expected to. */
  | { readonly kind: "no-lab" }
  | { readonly kind: "failed"; readonly problem: LabProblem }
  | { readonly kind: "answers"; readonly client: LabClient; readonly status: LabStatus };

/** Milliseconds in which it must have answered. */
const patience = 15_000;

export async function findLab(caller: LabCaller, signal: AbortSignal): Promise<FoundLab> {
  const client = createLabClient(caller);
  const late = AbortSignal.timeout(patience);
  try {
    const status = await client.status({}, { signal: AbortSignal.any([signal, late]) });
    // A server of files may answer every address with a page.
    return typeof status.lastEvent === "number" ? { kind: "answers", client, status } : { kind: "no-lab" };
  } catch (error) {
    if (late.aborted) {
      const message = `The lab did not answer within ${patience / 1000} s.`;
      return { kind: "failed", problem: { kind: "unreachable", message } };
    }
    const problem = problemOf(error);
    return problem.kind === "absent" || problem.kind === "no-lab" ? { kind: "no-lab" } : { kind: "failed", problem };
  }
}

/** Of its own where the browser knows no shared workers. */
export function eventStreams(caller: LabCaller): EventStreams {
  const otherwise = ownStreams(caller);
  if (typeof SharedWorker === "undefined") return otherwise;
  const connect = () => new SharedWorker(new URL("../api/events-worker.ts", import.meta.url), { type: "module" }).port;
  return sharedStreams({ token: caller.token, connect, otherwise });
}
