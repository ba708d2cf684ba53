// An audit as its page shows it: kept in a lab, or recorded with the studio.

import type { AuditResult } from "../../../core/audit/auditor.ts";
import type { JobRow } from "../../../lab/api.ts";
import type { Row } from "../../../lab/export-tables.ts";
import type { AgentSource } from "../../agents/open-agent.ts";
import type { AuditedWorld, Planted } from "./audited-world.ts";

/** The report calls it nothing that tells what it was trained for. */
export const agentName = "the agent";

export interface Audited {
  /** What stands for it in names of files, and no other audit has. */
  readonly key: string;
  readonly result: AuditResult;
  readonly levels: number;
  readonly seed: number;
  readonly world: AuditedWorld;
  readonly planted: Planted | null;
  /** When it was made, or how, after its world and levels. */
  readonly told: string;
  /** How it was made, beside its cost. */
  readonly facts: readonly { readonly term: string; readonly value: string; readonly isCode?: boolean }[];
  readonly made: Made;
  /** Of the rows of its findings, whose they are: columns of the lab's table. */
  readonly keys: Row;
  /** What the player's address calls the agent. */
  readonly agent: string;
  /** The agent itself. Rejects where it cannot be had. */
  readonly source: (signal: AbortSignal) => Promise<AgentSource>;
  /** Whether it is an agent on its way, and not at the end of its training. */
  readonly isSnapshot: boolean;
  /** The run of a lab that trained it; null where it is recorded. */
  readonly run: Pick<JobRow, "key" | "name" | "seed" | "variant"> | null;
}

/** What the file of a report says of how it was made. */
interface Made {
  /** That makes it again; of a lab's snapshot, the nearest. */
  readonly command: string;
  readonly machine: string;
  readonly codeVersion: string;
  /** From start to report. */
  readonly seconds: number;
}
