// What a lab tells a page, for tests of how it is heard: events that differ by their numbers, and a lab without jobs.

import type { LabEvent, LabStatus } from "../../lab/api.ts";

export function startedEvent(number: number): LabEvent {
  return { number, at: "2026-03-01T10:00:00.000Z", kind: "started", job: null, sweep: null, data: {} };
}

export const idleStatus: LabStatus = {
  ...{ id: "lab", store: "/labs/one", database: "pglite", code: "c" },
  ...{ waitingForOtherCode: {}, workers: 0, lastEvent: 0, kept: null },
  counts: { blocked: 0, cancelled: 0, done: 0, failed: 0, held: 0, queued: 0, running: 0 },
};
