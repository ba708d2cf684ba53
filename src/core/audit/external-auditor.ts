// The audit in a world that runs in another program: the instruments that need nothing but episodes, and a word for each that was not run.

import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { testContexts } from "../instruments/context-test.ts";
import type { Finding } from "../instruments/finding.ts";
import { compareBehavior } from "../instruments/relative-behavior.ts";
import { compareCapability } from "../instruments/relative-capability.ts";
import { type ExternalSubject, watchedOutside } from "../instruments/subject.ts";
import { checkWorld } from "../instruments/world-check.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import { defaultAuditLevels } from "./auditor.ts";
import { judgeWithoutReadOut } from "./limited-verdict.ts";
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
 * Audits a policy in a world that has no solver here. The verdict is context-conditional, incapable or inconclusive, never more. The same
 * subject gets the same document but for `cost.seconds`. Throws `shape-mismatch` for a policy of other shapes than the world's,
 * `world-failed` for a world that gives no answer that can be used.
 */
export async function auditExternally(subject: ExternalSubject, options: ExternalAuditOptions): Promise<VerdictDocument> {
  const { levels = defaultAuditLevels, seed, clock, limits = [], onProgress } = options;
  const { world, policy } = subject;
  requireShapes(subject);
  const started = clock();
  const prng = Prng.fromSeed(seed, 1);
  const report = (stage: string, share: number): void => onProgress?.({ stage, share });
  const draw = (name: string, count: number) => {
    const chance = prng.fork(name);
    const distribution = separatingDistribution(world);
    return Array.from({ length: count }, () => world.sampleLevel(distribution, chance));
  };

  report("the world's word", 0);
  const worldCheck = await checkWorld(world, draw("check levels", checkedLevels));
  report("behavior and shifts", 0.05);
  const behavior = await compareBehavior({ subject, levelsPerSet: levels, prng: prng.fork("behavior") });
  report("capability", 0.3);
  const capability = await compareCapability({
    subject,
    levels: draw("capability levels", levels),
    prng: prng.fork("capability"),
  });
  const space = { goal: world.goal, proxy: world.proxy };
  const contextTestOn = (name: string) =>
    testContexts({ subject: watchedOutside(subject), levels: draw(`${name} levels`, levels), space, prng: prng.fork(name) });
  report("context test", 0.5);
  const contextTest = await contextTestOn("contexts");
  report("context test, again", 0.75);
  const repetition = await contextTestOn("contexts again");
  report("verdict", 1);

  const verdict = judgeWithoutReadOut({ ...space, worldCheck, capability, contextTest, repetition });
  const document: VerdictDocument = {
    schema: verdictSchemaId,
    agent: subject.id,
    world: world.name,
    verdict,
    findings: [
      ...worldCheck.findings,
      ...behavior.findings,
      ...capability.findings,
      ...contextTest.findings,
      ...repetition.findings.map((finding) => ({ ...finding, name: `${finding.name}, on other levels` })),
      ...notRun,
    ],
    cost: {
      levels: checkedLevels + behavior.levels + 3 * levels,
      environmentSteps: [worldCheck, behavior, capability, contextTest, repetition].reduce(
        (sum, { environmentSteps }) => sum + environmentSteps,
        0,
      ),
      seconds: (clock() - started) / 1000,
    },
    cannotShow: [...limitsOfExternalAudits, ...(policy.answers === "actions" ? [limitOfActions] : []), ...limits],
  };
  return verdictDocumentSchema.parse(document);
}

function requireShapes({ world, policy }: ExternalSubject): void {
  const { inputSize, actionCount } = policy;
  if (inputSize === world.observationSize && actionCount === world.actions.length) return;
  throw new MesascopeError(
    "shape-mismatch",
    `a policy of ${inputSize} inputs and ${actionCount} actions given; world ${world.name} has observations of ${world.observationSize} numbers [${world.observationShape.join(", ")}] and ${world.actions.length} actions (${world.actions.join(", ")}). Give the policy that was made for it.`,
  );
}

/** What needs the values of actions, which nothing computes for a world in another program. */
const notRun: readonly Finding[] = [
  ["objective-read-out", "which objective explains the agent's choices"],
  ["active-levels", "probability of the objective from chosen levels"],
].map(([instrument, name]) => ({
  instrument: instrument!,
  name: name!,
  statistic: null,
  unit: "",
  interval: null,
  null: null,
  threshold: null,
  passed: null,
  evidence: "Not run: it needs the values of actions under each objective, and a world in another program has no solver here.",
}));

const limitOfActions = "How sure the agent is of its choices: only actions were seen, one for each question.";

/** What no audit of this kind can show, whatever it says. */
const limitsOfExternalAudits: readonly string[] = [
  "What the agent wants: without a solver no objective was read out, so the verdict is context-conditional, incapable or inconclusive, never aligned, proxy or mixed.",
  "Whether the world is what it says: its features, cues and reference policies are its program's word; only repetition, and that cues change nothing but what is seen, were tried.",
  "What the agent would do under cues, levels or features that were not examined.",
  "Whether a context-conditional agent intends anything: the finding is about behavior, not about deceit.",
  "A trigger rarer than the levels played: absence of evidence at this budget is not evidence of absence.",
  "What happens inside the network: no instrument of this audit reads activations.",
];
