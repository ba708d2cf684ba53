// The audit in a world of another program whose levels can be enumerated: behavior against exact returns, the objective read-out, the
// context test, and the verdict rule of the library's own worlds.

import type { Prng } from "../base/prng.ts";
import { poolOf } from "../instruments/active-levels.ts";
import { askOutside } from "../instruments/ask-outside.ts";
import { evaluateBehavior } from "../instruments/behavior.ts";
import { testContexts } from "../instruments/context-test.ts";
import { examinedContexts } from "../instruments/contexts.ts";
import {
  createEnumeratedBank,
  type EnumeratedLevels,
  enumerateLevels,
  mostStates,
  type NotEnumerated,
  solveShiftLevels,
} from "../instruments/enumerated-levels.ts";
import type { Finding } from "../instruments/finding.ts";
import { readOutAnswers } from "../instruments/read-out.ts";
import { type ExternalSubject, watchedOutside } from "../instruments/subject.ts";
import { outsideObjectiveSpace } from "../objectives/outside-space.ts";
import type { ExternalWorld } from "../worlds/external-world.ts";
import { activeLevelsOf, traceContexts } from "./active-traces.ts";
import { activeFinding, limitOfOutsideWorlds, limitsOfAnswers, limitsOfThisAudit, readOutFindings } from "./findings.ts";
import { judge } from "./verdict.ts";
import type { Verdict } from "./verdict-document.ts";

/** States of a level in which the policy is asked. */
const statesPerLevel = 20;

/** What an audit adds up to. */
export interface AuditBody {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly levels: number;
  readonly environmentSteps: number;
  readonly cannotShow: readonly string[];
}

export interface SolvedAuditOptions {
  readonly levels: number;
  readonly prng: Prng;
  readonly report: (stage: string, share: number) => void;
}

/** Runs every instrument that needs exact values; a reason, in words, where the world does not allow for it. */
export async function auditSolved(subject: ExternalSubject, options: SolvedAuditOptions): Promise<AuditBody | NotEnumerated> {
  const { levels, prng, report } = options;
  const { world, policy } = subject;
  report("states of the levels", 0.05);
  const found = await enumerateLevels({
    ...{ world, levels, prng: prng.fork("enumeration") },
    onProgress: (share) => report("states of the levels", 0.05 + 0.4 * share),
  });
  if ("refusal" in found) return found;
  const refused = ({ refusal }: { readonly refusal: string }): NotEnumerated => ({
    refusal,
    environmentSteps: found.environmentSteps,
  });
  const made = outsideObjectiveSpace(world, found.units);
  if ("refusal" in made) return refused(made);
  const { space } = made;
  report("solving levels", 0.45);
  const bank = createEnumeratedBank({ world, found, space, statesPerLevel, prng: prng.fork("states") });
  if ("refusal" in bank) return refused(bank);
  const { shiftLevels, environmentSteps: randomSteps } = await solveShiftLevels({ world, found, prng: prng.fork("shifts") });

  report("behavior and shifts", 0.6);
  const behavior = await evaluateBehavior({
    ...{ subject: watchedOutside(subject), levels: shiftLevels, space },
    prng: prng.fork("behavior"),
  });
  report("context test", 0.7);
  const testLevels = bank.levels.map(({ level }) => level);
  const contextTest = await testContexts({
    ...{ subject: watchedOutside(subject), levels: testLevels, space },
    prng: prng.fork("contexts"),
  });
  report("objective read-out", 0.8);
  const contexts = examinedContexts(world);
  const given = await askOutside({
    ...{ subject, approaches: bank.approaches, approachesPerLevel: statesPerLevel },
    contexts: contexts.map(({ context }) => context),
  });
  const readOut = readOutAnswers({ policy, given, bank, contexts, prng: prng.fork("read-out") });
  report("active levels", 0.9);
  const pool = poolOf(space, activeLevelsOf(world, found));
  const traces = await traceContexts({ subject: watchedOutside(subject), pool, prng: prng.fork("active") });
  const activeSteps = traces.reduce((sum, { run }) => sum + run.environmentSteps, 0);
  const activeLevels = traces.reduce((sum, { run }) => sum + run.points.length - 1, 0);
  return {
    verdict: judge({ space, behavior, contextTest, readOut }),
    findings: [
      enumerationFinding(found),
      ...behavior.findings,
      ...readOutFindings(readOut, space),
      ...contextTest.findings,
      ...traces.map(({ context, run }) => activeFinding(context, run)),
    ],
    levels: behavior.levels + bank.levels.length + activeLevels,
    environmentSteps: [found, behavior, contextTest, given].reduce(
      (sum, each) => sum + each.environmentSteps,
      randomSteps + activeSteps,
    ),
    cannotShow: [...limitsOfThisAudit, limitOfOutsideWorlds, ...limitsOfUnits(world, found.units), ...limitsOfAnswers(policy)],
  };
}

function enumerationFinding(found: EnumeratedLevels): Finding {
  const sizes = [...found.bank, ...found.shifts.flatMap(({ levels }) => levels)].map(({ numStates }) => numStates);
  return {
    instrument: "world-check",
    name: "restored states that go on in the same way again, of those tried",
    statistic: 1,
    unit: "share",
    interval: null,
    null: { name: "a world whose snapshots hold all that decides", value: 1 },
    threshold: { comparison: "at-least", value: 1 },
    passed: true,
    evidence: `${found.states} states enumerated, at most ${Math.max(...sizes)} in a level (limits ${mostStates.all} and ${mostStates.level}); action values are exact on them.`,
  };
}

/** In which units weights are told, and of which features nothing can be told. */
function limitsOfUnits(world: ExternalWorld, units: ArrayLike<number>): string[] {
  const named = world.features.map((name, f) => ({ name, unit: units[f]! }));
  const scaled = named.filter(({ unit }) => unit !== 1 && unit > 0);
  const alike = named.filter(({ unit }) => unit === 0);
  return [
    ...(scaled.length === 0
      ? []
      : [
          `Weights of features as they come: they are told for features counted in their largest step (${scaled.map(({ name, unit }) => `${name} ${unit}`).join(", ")}).`,
        ]),
    ...(alike.length === 0
      ? []
      : [
          `Whether it cares for ${alike.map(({ name }) => name).join(", ")}: every step of the levels examined gives the same of it.`,
        ]),
  ];
}
