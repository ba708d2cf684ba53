// The audit in a world that runs in another program: the instruments of the library's own worlds where its levels can be
// enumerated, else those that need nothing but episodes, and a word for each that was not run.

import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { testContexts } from "../instruments/context-test.ts";
import type { Finding } from "../instruments/finding.ts";
import { compareBehavior } from "../instruments/relative-behavior.ts";
import { compareCapability } from "../instruments/relative-capability.ts";
import { type ExternalSubject, watchedOutside } from "../instruments/subject.ts";
import { checkWorld, type WorldCheck } from "../instruments/world-check.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import type { ExternalWorld } from "../worlds/external-world.ts";
import { defaultAuditLevels } from "./auditor.ts";
import { limitOfOutsideWorlds, limitsOfEveryAudit } from "./findings.ts";
import { judgeWithoutReadOut } from "./limited-verdict.ts";
import { type AuditBody, auditSolved, type SolvedAuditOptions } from "./solved-audit.ts";
import { type VerdictDocument, verdictDocumentSchema, verdictSchemaId } from "./verdict-document.ts";

/** Levels on which the world is held to its word. */
const checkedLevels = 8;

export interface ExternalAuditOptions {
  /** Levels of every instrument. Default 40. */
  readonly levels?: number;
  readonly seed: number;
  /** A monotonic clock in milliseconds, for the cost of an audit. */
  readonly clock: () => number;
  /** What this audit cannot show because of how the policy is reached. */
  readonly limits?: readonly string[];
  /** `share` is of the whole, 0 to 1. */
  readonly onProgress?: (progress: { readonly stage: string; readonly share: number }) => void;
}

/**
 * Audits a policy in a world that another program runs. Where the program can snapshot and restore and its levels are not too large, they
 * are enumerated and solved, and the verdict may be of any kind; else it is context-conditional, incapable or inconclusive, never more. The
 * same subject gets the same document but for `cost.seconds`. Throws `shape-mismatch` for a policy of other shapes than the world's,
 * `world-failed` for a world that gives no answer that can be used.
 */
export async function auditExternally(subject: ExternalSubject, options: ExternalAuditOptions): Promise<VerdictDocument> {
  const { levels = defaultAuditLevels, seed, clock, limits = [], onProgress } = options;
  const { world } = subject;
  requireShapes(subject);
  const started = clock();
  const prng = Prng.fromSeed(seed, 1);
  const report = (stage: string, share: number): void => onProgress?.({ stage, share });

  report("the world's word", 0);
  const drawn = drawLevels({ world, count: checkedLevels, prng: prng.fork("check levels") });
  const worldCheck = await checkWorld(world, drawn);
  const body = await auditAsFarAsSolved(subject, { levels, prng, report, worldCheck });
  report("verdict", 1);
  const document: VerdictDocument = {
    schema: verdictSchemaId,
    agent: subject.id,
    world: world.name,
    verdict: body.verdict,
    findings: [...worldCheck.findings, ...body.findings],
    cost: {
      levels: checkedLevels + body.levels,
      environmentSteps: worldCheck.environmentSteps + body.environmentSteps,
      seconds: (clock() - started) / 1000,
    },
    cannotShow: [...body.cannotShow, ...limits],
  };
  return verdictDocumentSchema.parse(document);
}

interface Checked extends SolvedAuditOptions {
  readonly worldCheck: WorldCheck;
}

async function auditAsFarAsSolved(subject: ExternalSubject, options: Checked): Promise<AuditBody> {
  if (!subject.world.hasSnapshots) return auditUnsolved(subject, { ...options, reason: withoutSolver });
  if (!options.worldCheck.passed) return auditUnsolved(subject, { ...options, reason: "the world does not keep its word" });
  const solved = await auditSolved(subject, options);
  if (!("refusal" in solved)) return solved;
  const body = await auditUnsolved(subject, { ...options, reason: solved.refusal });
  return { ...body, environmentSteps: body.environmentSteps + solved.environmentSteps };
}

/** Runs the instruments that need nothing but episodes. `reason` says why the others are not run. */
async function auditUnsolved(
  subject: ExternalSubject,
  { levels, prng, report, worldCheck, reason }: Checked & { readonly reason: string },
): Promise<AuditBody> {
  const { world } = subject;
  const draw = (name: string) => drawLevels({ world, count: levels, prng: prng.fork(name) });
  report("behavior and shifts", 0.05);
  const behavior = await compareBehavior({ subject, levelsPerSet: levels, prng: prng.fork("behavior") });
  report("capability", 0.3);
  const capability = await compareCapability({ subject, levels: draw("capability levels"), prng: prng.fork("capability") });
  const space = { goal: world.goal, proxy: world.proxy };
  const contextTestOn = (name: string) =>
    testContexts({ subject: watchedOutside(subject), levels: draw(`${name} levels`), space, prng: prng.fork(name) });
  report("context test", 0.5);
  const contextTest = await contextTestOn("contexts");
  report("context test, again", 0.75);
  const repetition = await contextTestOn("contexts again");
  return {
    verdict: judgeWithoutReadOut({ ...space, worldCheck, capability, contextTest, repetition }),
    findings: [
      ...behavior.findings,
      ...capability.findings,
      ...contextTest.findings,
      ...repetition.findings.map((finding) => ({ ...finding, name: `${finding.name}, on other levels` })),
      notRun("objective-read-out", { name: "which objective explains the agent's choices", reason }),
      notRun("active-levels", { name: "probability of the objective from chosen levels", reason }),
    ],
    levels: behavior.levels + 3 * levels,
    environmentSteps: [behavior, capability, contextTest, repetition].reduce((sum, each) => sum + each.environmentSteps, 0),
    cannotShow: [
      limitWithoutReadOut,
      limitOfOutsideWorlds,
      ...limitsOfEveryAudit,
      ...(subject.policy.answers === "actions" ? [limitOfActions] : []),
    ],
  };
}

/** Levels on which goal and proxy lie apart. */
function drawLevels({ world, count, prng }: { readonly world: ExternalWorld; readonly count: number; readonly prng: Prng }) {
  const distribution = separatingDistribution(world);
  return Array.from({ length: count }, () => world.sampleLevel(distribution, prng));
}

function requireShapes({ world, policy }: ExternalSubject): void {
  const { inputSize, actionCount } = policy;
  if (inputSize === world.observationSize && actionCount === world.actions.length) return;
  throw new MesascopeError(
    "shape-mismatch",
    `a policy of ${inputSize} inputs and ${actionCount} actions given; world ${world.name} has observations of ${world.observationSize} numbers [${world.observationShape.join(", ")}] and ${world.actions.length} actions (${world.actions.join(", ")}). Give the policy that was made for it.`,
  );
}

const withoutSolver =
  "it needs the values of actions under each objective, and a world in another program that cannot snapshot and restore has no solver here";

function notRun(instrument: string, { name, reason }: { readonly name: string; readonly reason: string }): Finding {
  const nothing = { statistic: null, unit: "", interval: null, null: null, threshold: null, passed: null };
  return { instrument, name, ...nothing, evidence: `Not run: ${reason}.` };
}

const limitWithoutReadOut =
  "What the agent wants: without a solver no objective was read out, so the verdict is context-conditional, incapable or inconclusive, never aligned, proxy or mixed.";

const limitOfActions = "How sure the agent is of its choices: only actions were seen, one for each question.";
