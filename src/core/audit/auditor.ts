// The audit: runs the battery on a subject and writes the verdict document. Levels are solved once and serve every subject.

import { Prng } from "../base/prng.ts";
import { type ActivePool, createActivePool, type PosteriorPoint } from "../instruments/active-levels.ts";
import { evaluateBehavior, type ShiftResult } from "../instruments/behavior.ts";
import { testContexts } from "../instruments/context-test.ts";
import { examinedContexts } from "../instruments/contexts.ts";
import { checkFirstItems, firstItemFinding } from "../instruments/first-item.ts";
import { createLevelBank, type LevelBank } from "../instruments/level-bank.ts";
import { readOutObjective } from "../instruments/read-out.ts";
import { createShiftLevels, type ShiftLevels } from "../instruments/shift-levels.ts";
import { type Subject, watched } from "../instruments/subject.ts";
import type { ObjectiveSpace } from "../objectives/objective-space.ts";
import { levelPlannerOf } from "../objectives/planning/level-planner.ts";
import type { LevelPlanner } from "../objectives/planning/planned-level.ts";
import { tellingDistribution } from "../objectives/planning/telling-distribution.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import type { Encoder, World } from "../worlds/world.ts";
import { traceContexts } from "./active-traces.ts";
import { activeFinding, limitsOfAnswers, limitsOfPlanning, limitsOfThisAudit, readOutFindings } from "./findings.ts";
import { judge } from "./verdict.ts";
import { type VerdictDocument, verdictDocumentSchema, verdictSchemaId } from "./verdict-document.ts";

export const defaultAuditLevels = 40;
/** States of a level in which the read-out asks the policy. */
export const statesPerLevel = 20;
const poolLevels = 60;

/** A verdict, and what a report draws beside it. */
export interface AuditResult {
  readonly document: VerdictDocument;
  readonly shifts: readonly ShiftResult[];
  /** The posterior over named objectives as evidence came in, for each context that was read out. */
  readonly traces: readonly { readonly context: string; readonly points: readonly PosteriorPoint[] }[];
}

export interface AuditProgress {
  readonly stage: string;
  /** Of the whole task, 0 to 1. */
  readonly share: number;
}

export interface AuditorOptions {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  /** Levels of the read-out and of the context test; the shift factorial uses as many at each point. Default 40. */
  readonly levels?: number;
  readonly seed: number;
  /** A monotonic clock in milliseconds, for the cost of an audit. */
  readonly clock: () => number;
  readonly onProgress?: (progress: AuditProgress) => void;
}

export interface AuditOptions {
  /** What this audit cannot show because of how the policy is reached, to be said beside what no audit can show. */
  readonly limits?: readonly string[];
  readonly onProgress?: (progress: AuditProgress) => void;
}

export class Auditor {
  /** Time it took to draw and solve the levels: paid once, not in any audit's cost. */
  readonly bankSeconds: number;
  readonly #options: AuditorOptions;
  readonly #space: ObjectiveSpace;
  readonly #planner: LevelPlanner;
  readonly #bank: LevelBank;
  readonly #shiftLevels: ShiftLevels;
  readonly #pool: ActivePool;

  private constructor(
    options: AuditorOptions,
    made: {
      readonly space: ObjectiveSpace;
      readonly planner: LevelPlanner;
      readonly bank: LevelBank;
      readonly shiftLevels: ShiftLevels;
      readonly pool: ActivePool;
      readonly seconds: number;
    },
  ) {
    this.#options = options;
    this.#space = made.space;
    this.#planner = made.planner;
    this.#bank = made.bank;
    this.#shiftLevels = made.shiftLevels;
    this.#pool = made.pool;
    this.bankSeconds = made.seconds;
  }

  /** Draws and solves the levels. Throws `usage` for a world without a read-out. */
  static async create(options: AuditorOptions): Promise<Auditor> {
    const { world, encoder, levels = defaultAuditLevels, seed, clock, onProgress } = options;
    const started = clock();
    const space = objectiveSpaceOf(world);
    const prng = Prng.fromSeed(seed);
    const planner = levelPlannerOf(world);
    const distribution = tellingDistribution(world, { planner, prng });
    const bank = createLevelBank({
      planner,
      world,
      space,
      distribution,
      levels,
      statesPerLevel,
      prng: prng.fork("bank"),
      onProgress: (done) => onProgress?.({ stage: "solving levels", share: (0.8 * done) / levels }),
    });
    const shiftLevels = await createShiftLevels({
      ...{ world, encoder, space, planner, levelsPerSet: levels },
      prng: prng.fork("shifts"),
    });
    onProgress?.({ stage: "solving levels", share: 0.9 });
    const pool = createActivePool({
      ...{ world, space, distribution, planner, levels: poolLevels },
      prng: prng.fork("pool"),
    });
    onProgress?.({ stage: "solving levels", share: 1 });
    return new Auditor(options, { space, planner, bank, shiftLevels, pool, seconds: (clock() - started) / 1000 });
  }

  /** Runs every instrument. The same subject gets the same document but for `cost.seconds`. */
  async audit(subject: Subject, options: AuditOptions = {}): Promise<AuditResult> {
    const { clock, seed, world } = this.#options;
    const started = clock();
    const space = this.#space;
    const prng = Prng.fromSeed(seed, 1);
    const report = (stage: string, share: number): void => options.onProgress?.({ stage, share });
    const contexts = examinedContexts(world);

    report("behavior and shifts", 0);
    const behavior = await evaluateBehavior({
      subject: watched(subject),
      levels: this.#shiftLevels,
      space,
      prng: prng.fork("behavior"),
    });
    report("context test", 0.3);
    const testLevels = this.#bank.levels.map(({ level }) => level);
    const contextTest = await testContexts({ subject: watched(subject), levels: testLevels, space, prng: prng.fork("contexts") });
    report("objective read-out", 0.5);
    const readOut = await readOutObjective({ subject, bank: this.#bank, contexts, prng: prng.fork("read-out") });
    const { best } = readOut.contexts[0]!;
    const firstItems = await checkFirstItems({
      subject,
      space,
      planner: this.#planner,
      levels: this.#shiftLevels.sets[this.#shiftLevels.separatingSet]!.levels,
      candidate: best.candidate,
      model: best.model,
      prng: prng.fork("first items"),
    });
    report("active levels", 0.8);
    const traces = await traceContexts({ subject: watched(subject), pool: this.#pool, prng: prng.fork("active") });
    report("verdict", 1);

    const verdict = judge({ space, behavior, contextTest, readOut });
    const activeSteps = traces.reduce((sum, { run }) => sum + run.environmentSteps, 0);
    const activeLevels = traces.reduce((sum, { run }) => sum + run.points.length - 1, 0);
    const document: VerdictDocument = {
      schema: verdictSchemaId,
      agent: subject.id,
      world: world.name,
      verdict,
      findings: [
        ...behavior.findings,
        ...readOutFindings(readOut, space),
        firstItemFinding(firstItems),
        ...contextTest.findings,
        ...traces.map(({ context, run }) => activeFinding(context, run)),
      ],
      cost: {
        levels: behavior.levels + this.#bank.levels.length + activeLevels,
        environmentSteps:
          behavior.environmentSteps + contextTest.environmentSteps + (firstItems?.environmentSteps ?? 0) + activeSteps,
        seconds: (clock() - started) / 1000,
      },
      cannotShow: [
        ...limitsOfThisAudit,
        ...limitsOfPlanning(this.#planner),
        ...limitsOfAnswers(subject.policy),
        ...(options.limits ?? []),
      ],
    };
    verdictDocumentSchema.parse(document);
    return {
      document,
      shifts: behavior.shifts,
      traces: traces.map(({ context, run }) => ({ context, points: run.points })),
    };
  }
}
