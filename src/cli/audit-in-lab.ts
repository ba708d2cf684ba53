// Auditing an agent that a lab trained, as a job of the lab.

import type { AuditResult } from "../core/audit/auditor.ts";
import type { VerdictDocument } from "../core/audit/verdict-document.ts";
import { MesascopeError } from "../core/base/errors.ts";
import type { AuditJob, JobKey } from "../lab/job.ts";
import type { JobRecord } from "../lab/record.ts";
import type { OpenTarget } from "../node/audit/audit-target.ts";
import type { ProgressBoard } from "./progress-board.ts";
import type { Terminal } from "./terminal.ts";
import { orWithoutLab, shownLab, type UseLabOptions, usedLabFolder, useLab } from "./use-lab.ts";

/** A run of a lab. */
export interface LabRun {
  /** The lab's folder. */
  readonly folder: string;
  readonly run: JobKey;
  /** As the user named the agent. */
  readonly typed: string;
  /** Whether that was by its key: then nothing but the lab has it. */
  readonly isByKey: boolean;
}

export interface AuditInLabOptions {
  readonly options: { readonly levels: number; readonly seed: number; readonly out?: string };
  readonly terminal: Terminal;
  readonly board: ProgressBoard;
  readonly signal: AbortSignal;
}

/** Digits of a key that a line has room for. */
const keyDigits = 12;

/**
 * The run that a key names, or that made the agent in a folder; null where there is no lab, and for agents of elsewhere. Throws `usage` for
 * keys that name none, as `readAgent`, and `damaged-artifact`.
 */
export async function findLabRun(typed: string, options: UseLabOptions): Promise<LabRun | null> {
  const { kindOf } = await import("../node/storage/files.ts");
  const { findRunByKey, findRunOf, isRunKey } = await import("../node/lab/find-run.ts");
  const kind = await kindOf(typed);
  const isKey = kind === null && isRunKey(typed);
  if (kind !== "folder" && !isKey) return null;
  const folder = await usedLabFolder(options);
  if (folder === null) {
    if (!isKey) return null;
    throw new MesascopeError(
      "usage",
      `${typed} given, which is no folder, and there is no lab in which it could be the key of a run; expected an agent. Name its folder, or the lab with --lab DIR.`,
    );
  }
  const { openStore } = await import("../node/lab/store/open-store.ts");
  const store = await openStore(folder);
  if (isKey) return { folder, typed, isByKey: true, run: await findRunByKey(store, typed) };
  const { readAgent } = await import("../node/storage/agent-folder.ts");
  const { manifest } = await readAgent(typed);
  const run = await orWithoutLab(() => findRunOf(store, manifest));
  return run === null ? null : { folder, typed, isByKey: false, run };
}

/** Audits it, or finds what was found, and writes the report where one is wanted. Throws as `doJobs`. */
export async function auditInLab(
  { folder, run, typed, isByKey }: LabRun,
  { options, terminal, board, signal }: AuditInLabOptions,
): Promise<{ readonly document: VerdictDocument; readonly bankSeconds: null; readonly kept: string }> {
  const { doJobs } = await import("../node/server/do-jobs.ts");
  const { codeVersion } = await import("../node/code-version.ts");
  const { readStoredAudit } = await import("../node/lab/stored-audit.ts");
  const { openStore } = await import("../node/lab/store/open-store.ts");
  const { levels, seed, out } = options;
  const job: AuditJob = { kind: "audit", run, levels, seed, code: codeVersion };
  const lab = useLab({ folder, terminal, without: isByKey ? null : "audits", onNote: (text) => board.note(text) });
  const audited = async () => {
    const records = await doJobs({
      ...{ lab, sweep: "audit", jobs: [job], slots: 1, signal },
      onProgress: ({ progress, state }) =>
        board.update("audit", { share: state === "done" ? 1 : (progress?.share ?? 0), text: progress?.stage ?? state }),
    });
    const record = records[0]!;
    const result = await readStoredAudit(await openStore(folder), record);
    if (out !== undefined) await writeReport(out, { run: { folder, run, typed, isByKey }, record, result, options });
    const key = record.job.slice(0, keyDigits);
    return {
      document: result.document,
      bankSeconds: null,
      kept: `Kept in ${shownLab(folder)} as ${key}: mesascope runs show ${key}`,
    };
  };
  return await (isByKey ? audited() : orWithoutLab(audited));
}

interface Reported {
  readonly run: LabRun;
  readonly record: JobRecord;
  readonly result: AuditResult;
  readonly options: AuditInLabOptions["options"];
}

async function writeReport(path: string, { run, record, result, options }: Reported): Promise<void> {
  const { writeAuditReport } = await import("../node/audit/write-audit-report.ts");
  const target = await openLabRun(run);
  const { levels, seed } = options;
  const command = `mesascope audit ${run.typed} --levels ${levels} --seed ${seed}`;
  // What the job took besides the audit went into solving its levels.
  const bankSeconds = Math.max(0, record.made.seconds - result.document.cost.seconds);
  try {
    await writeAuditReport(path, { audited: { result, bankSeconds }, target, seed, preset: null, command });
  } finally {
    await target.release();
  }
}

/** The agent of a run, out of the lab's store. Throws as `readStoredAgent`. */
export async function openLabRun({ folder, run, typed }: LabRun): Promise<OpenTarget> {
  const { agentTarget } = await import("../node/audit/audit-target.ts");
  const { createOnnxEngine } = await import("../node/engine/onnx-engine.ts");
  const { openStore } = await import("../node/lab/store/open-store.ts");
  const { readStoredAgent } = await import("../node/lab/worker/stored-agent.ts");
  const { openAgentContents } = await import("../node/policies/open-agent.ts");
  const contents = await readStoredAgent(await openStore(folder), run);
  return agentTarget(await openAgentContents(await createOnnxEngine(), contents, typed));
}
