// mesascope audit: a verdict on what an agent wants, from its policy and its world alone.

import type { Command } from "commander";
import type { VerdictDocument } from "../../core/audit/verdict-document.ts";
import { type VerdictKind, verdictKinds } from "../../core/objectives/kinds.ts";
import type { AuditTargetsOptions } from "../../node/audit/audit-agents.ts";
import type { OutsideAudit } from "../../node/audit/audit-outside.ts";
import type { AuditTarget, OpenTarget } from "../../node/audit/audit-target.ts";
import { addTargetOptions, auditedTarget, type TargetOptions, typedTarget } from "../audited.ts";
import { type CommonOptions, type Context, describeCommand, exitCodes, integerFrom, listOf, printJson } from "../command.ts";
import { count } from "../format.ts";
import { loadPages } from "../load-pages.ts";
import { addWorldProgramOptions, outsideAudit, type WorldProgramOptions } from "../outside.ts";
import { ProgressBoard } from "../progress-board.ts";

interface AuditOptions extends CommonOptions, TargetOptions, WorldProgramOptions {
  readonly levels: number;
  readonly failOn: readonly VerdictKind[];
  readonly out?: string;
}

type Audited = Parameters<AuditTargetsOptions["onResult"]>[0];

/** Evidence of fewer levels gives no verdict. */
const fewestLevels = 10;
/** The tables of a solved level take about 3.8 MB. */
const mostLevels = 400;
const levelsReason = "Fewer cannot give a verdict; the tables of more do not fit in memory (3.8 MB a level).";

export function auditCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "audit",
    summary: "say what an agent wants, with evidence",
    description:
      "Audits an agent blind: the battery receives the policy, the world with its actions and training distribution, the encoder and an id made\n" +
      "from the policy's hash, and neither recipe nor training curve. Exit code 3 for a verdict named by --fail-on, 4 for an inconclusive one.",
    seed: "decides the levels and the policy's sampled actions",
    examples: [
      "audit agents/b",
      "audit agents/b --levels 80 --json > verdict.json",
      "audit agents/b --fail-on context-conditional,proxy,mixed",
      "audit agents/b --out report.html",
      "audit policy.onnx --world arcade --encoder egocentric",
      'audit --policy "python3 my_policy.py" --world arcade --preset quick',
      "audit --policy https://example.org/policy --policy-timeout 60",
      "audit --policy scripted:nearest-capsule --preset quick",
      'audit policy.onnx --world-program "python3 -m mesascope_world my_env:world"',
    ],
  });
  return addWorldProgramOptions(addTargetOptions(command))
    .option(
      "--levels <number>",
      `levels of the read-out and the context test, ${fewestLevels} to ${mostLevels}`,
      integerFrom(fewestLevels, mostLevels, levelsReason),
      40,
    )
    .option(
      "--fail-on <kinds>",
      `exit with 3 when the verdict is one of these, separated by commas: ${verdictKinds.join(", ")}`,
      listOf("kind of verdict", verdictKinds),
      [],
    )
    .option("--out <file>", "also write a report (HTML) that opens from disk")
    .action(async (agent: string | undefined, options: AuditOptions) => {
      const target = auditedTarget(agent, { options, command });
      const outside = outsideAudit(target, { options, command });
      if (options.out !== undefined) {
        const { requireWritable } = await import("../../node/storage/files.ts");
        await requireWritable(options.out);
        await loadPages(() => import("../../report/render-report.tsx"));
      }
      const { interruptSignal } = await import("../../node/interrupt.ts");
      const interrupt = interruptSignal(interruptedText(await journalOf(target, { options, outside })));
      const board = new ProgressBoard(terminal.err);
      const how = { options, board, signal: interrupt.signal };
      const { document, bankSeconds } = await (outside === null ? auditHere(target, how) : auditThere(outside, how)).finally(
        () => {
          board.close();
          interrupt.restore();
        },
      );
      if (options.json) printJson(terminal, document);
      else {
        const { documentText } = await import("../verdict-text.ts");
        terminal.out.write(documentText(document, terminal.out));
        if (bankSeconds !== null) terminal.out.write(`The levels were solved before in ${bankSeconds.toFixed(1)} s.\n`);
        if (options.out !== undefined) terminal.out.write(`Report: ${options.out}\n`);
      }
      process.exitCode = exitCodeFor(document.verdict.kind, options.failOn);
    });
}

/** What is said on Ctrl-C. */
function interruptedText(journal: string | null): string {
  if (journal === null) return "interrupted; an audit saves nothing on the way. Run the command again.";
  return `interrupted; what the policy answered is kept in ${journal}. Run the same command again to continue.`;
}

/** Where the answers of a policy that runs elsewhere are kept; null for others. */
async function journalOf(
  target: AuditTarget,
  { options, outside }: { readonly options: AuditOptions; readonly outside: OutsideAudit | null },
): Promise<string | null> {
  if (outside !== null) return (await import("../../node/audit/audit-outside.ts")).outsideJournal(outside);
  if (target.kind !== "program" && target.kind !== "http") return null;
  return (await import("../../node/audit/audit-target.ts")).targetJournal(target, options);
}

function exitCodeFor(kind: VerdictKind, failOn: readonly VerdictKind[]): number {
  if (failOn.includes(kind)) return exitCodes.failOn;
  return kind === "inconclusive" ? exitCodes.inconclusive : exitCodes.done;
}

interface AuditHow {
  readonly options: AuditOptions;
  readonly board: ProgressBoard;
  readonly signal: AbortSignal;
}

interface Audit {
  readonly document: VerdictDocument;
  /** Time that went into solving the levels; null where nothing solves them. */
  readonly bankSeconds: number | null;
}

/** Audits in the world of a program. */
async function auditThere(audit: OutsideAudit, { board, signal }: AuditHow): Promise<Audit> {
  const { auditOutside } = await import("../../node/audit/audit-outside.ts");
  const { createOnnxEngine } = await import("../../node/engine/onnx-engine.ts");
  const document = await auditOutside(audit, {
    engine: createOnnxEngine,
    signal,
    onNote: (line) => board.note(`mesascope: ${line}`),
    onProgress: ({ stage, share }) => board.update("audit", { share, text: stage }),
  });
  return { document, bankSeconds: null };
}

/** Opens the target, audits it and writes its report, where one is wanted. */
async function auditHere(target: AuditTarget, how: AuditHow): Promise<Audit> {
  const { auditTargets } = await import("../../node/audit/audit-agents.ts");
  const { openTarget } = await import("../../node/audit/audit-target.ts");
  const { createOnnxEngine } = await import("../../node/engine/onnx-engine.ts");
  const { options, board, signal } = how;
  const { levels, seed } = options;
  let at = { stage: "opening", share: 0, answers: 0 };
  const show = (news: Partial<typeof at>): void => {
    at = { ...at, ...news };
    board.update("audit", { share: at.share, text: at.answers === 0 ? at.stage : `${at.stage}, ${count(at.answers)} answers` });
  };
  const open = await openTarget(target, {
    engine: createOnnxEngine,
    audit: { levels, seed },
    signal,
    onNote: (line) => board.note(`mesascope: ${line}`),
    onAnswered: (answers) => show({ answers }),
  });
  try {
    const results: Audited[] = [];
    await auditTargets({
      targets: [open],
      levels,
      seed,
      onProgress: (progress) => {
        signal.throwIfAborted();
        show(progress);
      },
      onResult: (result) => results.push(result),
    });
    const audited = results[0]!;
    if (options.out !== undefined) await writeReport(audited, { options, open, target });
    open.finish();
    return { document: audited.result.document, bankSeconds: audited.bankSeconds };
  } finally {
    await open.release();
  }
}

/** The report of one agent. Its training curve is looked at only now. */
async function writeReport(
  audited: Audited,
  from: { readonly options: AuditOptions; readonly open: OpenTarget; readonly target: AuditTarget },
): Promise<void> {
  const { auditReport } = await import("../../node/audit/audit-report.ts");
  const { renderReport } = await import("../../report/render-report.tsx");
  const { atomicWrite } = await import("../../node/storage/files.ts");
  const { options, open, target } = from;
  const { levels, seed, out } = options;
  const preset = target.kind === "folder" ? null : target.setting.preset;
  const command = `mesascope audit ${typedTarget(target)} --levels ${levels} --seed ${seed}`;
  await atomicWrite(out!, renderReport(await auditReport({ audited, target: open, seed, preset, command })));
}
