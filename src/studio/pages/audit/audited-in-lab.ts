// An audit that a lab keeps, as its page shows it.

import type { AuditResult } from "../../../core/audit/auditor.ts";
import type { JobRow } from "../../../lab/api.ts";
import type { AuditJob } from "../../../lab/job.ts";
import type { JobRecord } from "../../../lab/record.ts";
import type { LabClient } from "../../api/lab-client.ts";
import { dateTime } from "../../views/words.ts";
import { agentSource } from "./agent-source.ts";
import type { Audited } from "./audited.ts";
import type { AuditedWorld, Planted } from "./audited-world.ts";

interface FoundAudit {
  readonly spec: AuditJob;
  readonly record: JobRecord;
  readonly result: AuditResult;
  readonly run: JobRow;
  readonly world: AuditedWorld;
  readonly planted: Planted | null;
}

/** Digits of a key that tell it from others. */
const keyDigits = 12;

export function auditedInLab({ spec, record, ...found }: FoundAudit, client: LabClient): Audited {
  const { levels, seed, snapshot, run, code } = spec;
  const { job, made, outcome } = record;
  // By the audit's key: the player calls the agent nothing that tells what it was trained for.
  const agent = `run:${job}`;
  return {
    ...found,
    key: job.slice(0, keyDigits),
    ...{ levels, seed, agent, isSnapshot: snapshot !== undefined },
    told: dateTime(made.finishedAt),
    facts: [
      { term: "Begun", value: dateTime(made.startedAt) },
      { term: "Done", value: dateTime(made.finishedAt) },
      { term: "Worker", value: made.worker },
      { term: "Engine", value: made.engine },
      { term: "Code", value: code, isCode: true },
      { term: "Key", value: job, isCode: true },
    ],
    made: {
      command: `mesascope audit ${run.slice(0, keyDigits)} --levels ${levels} --seed ${seed}${snapshot === undefined ? "" : " --over-training"}`,
      machine: `${made.worker}, ${made.engine}`,
      ...{ codeVersion: code, seconds: made.seconds },
    },
    keys: {
      ...{ audit: job, run, snapshot: snapshot ?? null },
      environment_steps: outcome.kind === "audit" ? (outcome.environmentSteps ?? null) : null,
    },
    source: (signal) => agentSource(agent, { client, signal }),
  };
}
