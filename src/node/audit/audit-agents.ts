// Audits agents: from their folders, or opened before. The auditor is handed the allow-list of each and nothing else.

import { type AuditOptions as AuditOptionsOfOne, Auditor, type AuditResult } from "../../core/audit/auditor.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { AuditEvidence } from "../../report/evidence/audit-evidence.ts";
import { recordAudit } from "../../report/evidence/record-audit.ts";
import { type OpenTarget, openAgentTarget } from "./audit-target.ts";

export interface AuditedAgent {
  readonly folder: string;
  readonly result: AuditResult;
  /** Time it took to solve the levels, paid once for all agents. */
  readonly bankSeconds: number;
  /** The episodes that its findings rest on, where they were to be kept. */
  readonly evidence?: AuditEvidence;
}

interface AuditOptions {
  readonly levels: number;
  readonly seed: number;
  /** `share` is of the whole, 0 to 1. */
  readonly onProgress: (progress: { readonly stage: string; readonly share: number }) => void;
}

export interface AuditAgentsOptions extends AuditOptions {
  readonly engine: Engine;
  /** Agents of one world and encoder. */
  readonly folders: readonly string[];
  readonly onResult: (audited: AuditedAgent) => void;
}

export interface AuditTargetsOptions extends AuditOptions {
  /** Of one world and encoder; they stay open. */
  readonly targets: readonly OpenTarget[];
  /** Whether the episodes are kept, for a report. Default false. */
  readonly keepsEvidence?: boolean;
  /** `index` is the place in `targets`. */
  readonly onResult: (audited: { readonly index: number } & Omit<AuditedAgent, "folder">) => void;
}

/** How much of the whole time goes into solving the levels, for progress. */
const bankShare = 0.4;

/** Audits every agent on the same levels. Throws `usage` when they are not of one world and encoder, and as `openAgent` does. */
export async function auditAgents(options: AuditAgentsOptions): Promise<void> {
  const { engine, folders } = options;
  const targets: OpenTarget[] = [];
  try {
    for (const folder of folders) targets.push(await openAgentTarget(engine, folder));
    await auditTargets({
      ...options,
      targets,
      onResult: ({ index, ...audited }) => options.onResult({ folder: folders[index]!, ...audited }),
    });
  } finally {
    for (const target of targets) await target.release();
  }
}

/** Audits everything that was opened on the same levels. Throws `usage` when it is not of one world and encoder. */
export async function auditTargets(options: AuditTargetsOptions): Promise<void> {
  const { targets, onProgress, keepsEvidence = false } = options;
  const { world, encoder } = targets[0]!.subject;
  const variants = targets.map(({ subject }) =>
    JSON.stringify([subject.world.name, subject.world.version, subject.world.parameters, subject.encoder.name]),
  );
  if (variants.some((variant) => variant !== variants[0])) {
    throw new MesascopeError("usage", "agents of different worlds given; expected one world and encoder. Audit them one by one.");
  }
  const auditor = await Auditor.create({
    world,
    encoder,
    levels: options.levels,
    seed: options.seed,
    clock: () => performance.now(),
    onProgress: ({ stage, share }) => onProgress({ stage, share: share * bankShare }),
  });
  for (const [index, { subject, limits }] of targets.entries()) {
    const how: AuditOptionsOfOne = {
      limits,
      onProgress: ({ stage, share }) =>
        onProgress({ stage, share: bankShare + ((1 - bankShare) * (index + share)) / targets.length }),
    };
    const audit = keepsEvidence ? await recordAudit(auditor, subject, how) : { result: await auditor.audit(subject, how) };
    options.onResult({ index, ...audit, bankSeconds: auditor.bankSeconds });
  }
}
