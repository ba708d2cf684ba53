// What the parts of a lab share.

import type { ArtifactStore } from "../../lab/artifact-store.ts";
import type { LabDatabase } from "./database/lab-database.ts";
import type { TicketQueue } from "./queue/ticket-queue.ts";

/** The time now. Tests bring their own. */
export type Clock = () => Date;

export interface LabParts {
  readonly store: ArtifactStore;
  readonly database: LabDatabase;
  readonly tickets: TicketQueue;
  /** Of the code whose jobs this process takes. */
  readonly code: string;
  readonly clock: Clock;
  /** Told what could not be read when something else was asked for. */
  readonly onWarning?: (text: string) => void;
}
