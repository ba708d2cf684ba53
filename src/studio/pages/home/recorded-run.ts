// The recorded run as the page fetches it.

import { type Recording, recordingSchema } from "../../live/recording.ts";
import type { AgentName } from "../../live/story-agents.ts";
import modelOfA from "./recording/A.onnx?url";
import auditOfA from "./recording/audits/A.json?url";
import auditOfB from "./recording/audits/B.json?url";
import auditOfC1 from "./recording/audits/C1.json?url";
import auditOfWild from "./recording/audits/wild.json?url";
import modelOfB from "./recording/B.onnx?url";
import modelOfC1 from "./recording/C1.onnx?url";
import recordingUrl from "./recording/recording.json?url";
import modelOfWild from "./recording/wild.onnx?url";

/** Where the recorded policies lie. */
export const recordedModels: Readonly<Record<AgentName, string>> = {
  A: modelOfA,
  B: modelOfB,
  C1: modelOfC1,
  wild: modelOfWild,
};

/** Where lies what a report of each audit draws beside its verdict: returns under shift and traces. */
export const recordedAudits: Readonly<Record<AgentName, string>> = {
  A: auditOfA,
  B: auditOfB,
  C1: auditOfC1,
  wild: auditOfWild,
};

/** Throws where the file is missing or is none. */
export async function fetchRecording(): Promise<Recording> {
  const response = await fetch(recordingUrl);
  if (!response.ok) throw new Error(`the recorded run answered ${response.status}; expected its file. Reload the page.`);
  return recordingSchema.parse(await response.json());
}
