// mesascope audit: a verdict on what an agent wants, from its policy and its world alone.

import type { Command } from "commander";
import type { VerdictDocument } from "../../core/audit/verdict-document.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { type VerdictKind, verdictKinds } from "../../core/objectives/kinds.ts";
import type { AuditTargetsOptions } from "../../node/audit/audit-agents.ts";
import type { OutsideAudit } from "../../node/audit/audit-outside.ts";
import type { AuditTarget, OpenTarget } from "../../node/audit/audit-target.ts";
import type { PlannedCase } from "../../report/level-case/case-result.ts";
import type { LevelCase } from "../../report/level-case/level-case-document.ts";
import type { LabRun } from "../audit-in-lab.ts";
import { addTargetOptions, auditedTarget, type TargetOptions, typedTarget } from "../audited.ts";
import { type CommonOptions, type Context, describeCommand, exitCodes, integerFrom, listOf, printJson } from "../command.ts";
import { count } from "../format.ts";
import { addLevelCase, type PlayedCases, planCases, playCases, readLevelCases } from "../level-cases.ts";
import { loadPages } from "../load-pages.ts";
import { addWorldProgramOptions, outsideAudit, type WorldProgramOptions } from "../outside.ts";
import { ProgressBoard } from "../progress-board.ts";
import { addUseLabOptions, type UseLabOptions } from "../use-lab.ts";

interface AuditOptions extends CommonOptions, TargetOptions, WorldProgramOptions, UseLabOptions {
  readonly levels: number;
  readonly failOn: readonly VerdictKind[];
  readonly out?: string;
  readonly overTraining?: true;
  readonly levelCase?: readonly string[];
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
      "from the policy's hash, and neither recipe nor training curve. Exit code 3 for a verdict named by --fail-on, 4 for an inconclusive one.\n" +
      "Of an agent that the lab trained, the audit is a job of the lab: kept there, and at once there when it is asked for again.\n" +
      "Test cases (--level-case, levels that the studio's editor saves) are played after the audit and have no part in its verdict; exit code 3\n" +
      "where an agent does not do in one what was expected.",
    seed: "decides the levels and the policy's sampled actions",
    examples: [
      "audit agents/b",
      "audit agents/b --levels 80 --json > verdict.json",
      "audit agents/b --fail-on context-conditional,proxy,mixed",
      "audit agents/b --out report.html",
      "audit agents/b --over-training",
      "audit 3f9a02c4 --out report.html",
      "audit policy.onnx --world arcade --encoder egocentric",
      'audit --policy "python3 my_policy.py" --world arcade --preset quick',
      "audit --policy https://example.org/policy --policy-timeout 60",
      "audit --policy scripted:nearest-capsule --preset quick",
      "audit agents/b --level-case coin-in-red.json",
      'audit policy.onnx --world-program "python3 -m mesascope_world my_env:world"',
    ],
  });
  return addUseLabOptions(addWorldProgramOptions(addTargetOptions(command)), "audit without it")
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
    .option("--out <file>", "also write a report (HTML) that opens from disk; test cases are not in it")
    .option(
      "--over-training",
      "audit the snapshots of its training as well, and say when its objective formed (default then: 20 levels)",
    )
    .option("--level-case <file>", "also play this test case (mesascope/level-case@1); may be given again", addLevelCase)
    .action(async (agent: string | undefined, options: AuditOptions) => {
      if (options.overTraining) {
        const { auditAgentOverTraining } = await import("../audit-over-training.ts");
        return await auditAgentOverTraining(agent, { options, command, terminal });
      }
      const target = auditedTarget(agent, { options, command });
      const outside = outsideAudit(target, { options, command });
      if (options.out !== undefined) {
        const { requireWritable } = await import("../../node/storage/files.ts");
        await requireWritable(options.out);
        await loadPages(() => import("../../node/audit/write-audit-report.ts"));
      }
      const cases = await readLevelCases(options.levelCase ?? []);
      if (outside !== null && cases.length > 0)
        throw new MesascopeError(
          "usage",
          "--level-case given with --world-program; levels of other programs have no text. Leave one of them out.",
        );
      const run = await runOfLab(target, options);
      const { interruptSignal } = await import("../../node/interrupt.ts");
      const interrupt = interruptSignal(interruptedText(await journalOf(target, { options, outside, cases })));
      const board = new ProgressBoard(terminal.err);
      const how = { options, cases, board, signal: interrupt.signal };
      const audit = () =>
        run !== null
          ? auditByLab(run, { ...how, terminal })
          : outside === null
            ? auditHere(target, how)
            : auditThere(outside, how);
      const { document, bankSeconds, kept, results, failure } = await audit().finally(() => {
        board.close();
        interrupt.restore();
      });
      if (options.json)
        printJson(
          terminal,
          cases.length === 0 ? document : { schema: "mesascope/cased-audit@1", verdict: document, cases: results },
        );
      else {
        const { documentText } = await import("../verdict-text.ts");
        terminal.out.write(documentText(document, terminal.out));
        const { caseText } = await import("../case-text.ts");
        for (const result of results) terminal.out.write(caseText(result, terminal.out));
        if (bankSeconds !== null) terminal.out.write(`The levels were solved before in ${bankSeconds.toFixed(1)} s.\n`);
        if (kept !== null) terminal.out.write(`${kept}\n`);
        if (options.out !== undefined) terminal.out.write(`Report: ${options.out}\n`);
      }
      if (failure !== null) throw failure.cause;
      const isUnexpected = results.some(({ outcome }) => outcome === "not-as-expected");
      process.exitCode = isUnexpected ? exitCodes.failOn : exitCodeFor(document.verdict.kind, options.failOn);
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
  asked: { readonly options: AuditOptions; readonly outside: OutsideAudit | null; readonly cases: readonly LevelCase[] },
): Promise<string | null> {
  const { outside, cases } = asked;
  const { levels, seed } = asked.options;
  if (outside !== null) return (await import("../../node/audit/audit-outside.ts")).outsideJournal(outside);
  if (target.kind !== "program" && target.kind !== "http") return null;
  return (await import("../../node/audit/audit-target.ts")).targetJournal(target, { levels, seed, cases });
}

function exitCodeFor(kind: VerdictKind, failOn: readonly VerdictKind[]): number {
  if (failOn.includes(kind)) return exitCodes.failOn;
  return kind === "inconclusive" ? exitCodes.inconclusive : exitCodes.done;
}

interface AuditHow {
  readonly options: AuditOptions;
  readonly cases: readonly LevelCase[];
  readonly board: ProgressBoard;
  readonly signal: AbortSignal;
}

interface Audit extends PlayedCases {
  readonly document: VerdictDocument;
  /** Time that went into solving the levels; null where nothing solves them. */
  readonly bankSeconds: number | null;
  /** Where it is kept, in words; null where it is not. */
  readonly kept: string | null;
}

/** The run of a lab that is meant, or that made the agent in a folder; null where the audit has nothing to do with a lab. */
async function runOfLab(target: AuditTarget, options: AuditOptions): Promise<LabRun | null> {
  if (target.kind !== "folder") return null;
  const { findLabRun } = await import("../audit-in-lab.ts");
  return await findLabRun(target.folder, options);
}

async function auditByLab(run: LabRun, { options, cases, board, signal, terminal }: AuditHow & Context): Promise<Audit> {
  const { auditInLab, openLabRun } = await import("../audit-in-lab.ts");
  const audit = () => auditInLab(run, { options, board, signal, terminal });
  if (cases.length === 0) return { ...(await audit()), results: [], failure: null };
  const open = await openLabRun(run);
  try {
    const planned = await planCases(open.subject, cases);
    const audited = await audit();
    return { ...audited, ...(await playOn(open, { options, planned, board, signal })) };
  } finally {
    await open.release();
  }
}

interface PlayOnOptions extends Pick<AuditHow, "options" | "board" | "signal"> {
  readonly planned: readonly PlannedCase[];
}

/** Plays the test cases on what was audited. */
function playOn({ subject }: OpenTarget, { options, planned, board, signal }: PlayOnOptions): Promise<PlayedCases> {
  return playCases(subject, {
    cases: planned,
    seed: options.seed,
    onCase: (name) => {
      signal.throwIfAborted();
      board.update("audit", { share: 1, text: `test case ${name}` });
    },
  });
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
  return { document, bankSeconds: null, kept: null, results: [], failure: null };
}

/** Opens the target, audits it and writes its report, where one is wanted. */
async function auditHere(target: AuditTarget, how: AuditHow): Promise<Audit> {
  const { auditTargets } = await import("../../node/audit/audit-agents.ts");
  const { openTarget } = await import("../../node/audit/audit-target.ts");
  const { createOnnxEngine } = await import("../../node/engine/onnx-engine.ts");
  const { options, cases, board, signal } = how;
  const { levels, seed } = options;
  let at = { stage: "opening", share: 0, answers: 0 };
  const show = (news: Partial<typeof at>): void => {
    at = { ...at, ...news };
    board.update("audit", { share: at.share, text: at.answers === 0 ? at.stage : `${at.stage}, ${count(at.answers)} answers` });
  };
  const open = await openTarget(target, {
    engine: createOnnxEngine,
    audit: { levels, seed, cases },
    signal,
    onNote: (line) => board.note(`mesascope: ${line}`),
    onAnswered: (answers) => show({ answers }),
  });
  try {
    const planned = await planCases(open.subject, cases);
    const results: Audited[] = [];
    await auditTargets({
      targets: [open],
      levels,
      seed,
      keepsEvidence: options.out !== undefined,
      onProgress: (progress) => {
        signal.throwIfAborted();
        show(progress);
      },
      onResult: (result) => results.push(result),
    });
    const audited = results[0]!;
    if (options.out !== undefined) {
      const { writeAuditReport } = await import("../../node/audit/write-audit-report.ts");
      const preset = target.kind === "folder" ? null : target.setting.preset;
      const command = `mesascope audit ${typedTarget(target)} --levels ${levels} --seed ${seed}`;
      await writeAuditReport(options.out, { audited, target: open, seed, preset, command });
    }
    const played = await playOn(open, { ...how, planned });
    if (played.failure === null) open.finish();
    return { document: audited.result.document, bankSeconds: audited.bankSeconds, kept: null, ...played };
  } finally {
    await open.release();
  }
}
