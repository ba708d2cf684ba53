// The recorded run as the page fetches it.

import { type Recording, recordingSchema } from "../../live/recording.ts";
import type { AgentName } from "../../live/story.ts";
import modelOfA from "./recording/A.onnx?url";
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

/** Throws where the file is missing or is none. */
export async function fetchRecording(): Promise<Recording> {
  const response = await fetch(recordingUrl);
  if (!response.ok) throw new Error(`the recorded run answered ${response.status}; expected its file. Reload the page.`);
  return recordingSchema.parse(await response.json());
}
