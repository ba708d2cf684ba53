// What wild agents turn out to want, and whether the read-out foretells what they do on levels that it has not seen.

import { Auditor, defaultAuditLevels, statesPerLevel } from "../../core/audit/auditor.ts";
import { bootstrapInterval } from "../../core/base/intervals.ts";
import { Prng } from "../../core/base/prng.ts";
import { mean } from "../../core/base/statistics.ts";
import { examinedContexts } from "../../core/instruments/contexts.ts";
import { checkFirstItems, type FirstItemCheck } from "../../core/instruments/first-item.ts";
import { createLevelBank } from "../../core/instruments/level-bank.ts";
import { readOutObjective } from "../../core/instruments/read-out.ts";
import { verdictKinds } from "../../core/objectives/kinds.ts";
import { objectiveSpaceOf } from "../../core/objectives/spaces.ts";
import { separatingDistribution } from "../../core/worlds/distribution.ts";
import { findWorld } from "../../core/worlds/index.ts";
import { openAgent } from "../../node/policies/open-agent.ts";
import type { Figure, MeasureOptions } from "./figure.ts";
import { makePopulation, shareOf } from "./population.ts";

const levelsSeed = 990_001;
const unseenLevels = 200;

interface WildResult {
  readonly kind: (typeof verdictKinds)[number];
  /** Null when the agent took no item on any level. */
  readonly check: FirstItemCheck | null;
}

let made: { readonly key: string; readonly results: Promise<readonly WildResult[]> } | null = null;

/** Verdict and prediction of every wild agent, made once however many figures are read off them. */
function wildResults(options: MeasureOptions): Promise<readonly WildResult[]> {
  const key = `${options.seed}:${options.isQuick}`;
  if (made?.key !== key) made = { key, results: examineWild(options) };
  return made.results;
}

async function examineWild(options: MeasureOptions): Promise<readonly WildResult[]> {
  const members = await makePopulation([{ id: "wild", count: options.isQuick ? 4 : 20 }], options);
  const world = findWorld("arcade");
  const encoder = world.encoders[0]!;
  const space = objectiveSpaceOf(world);
  const prng = Prng.fromSeed(levelsSeed + options.seed);
  const auditor = await Auditor.create({ world, encoder, seed: levelsSeed + options.seed, clock: () => performance.now() });
  const distribution = separatingDistribution(world);
  const bank = createLevelBank({
    world,
    space,
    distribution,
    levels: defaultAuditLevels,
    statesPerLevel,
    prng: prng.fork("bank"),
  });
  const drawn = prng.fork("unseen");
  const levels = Array.from({ length: unseenLevels }, () => world.sampleLevel(distribution, drawn));
  const results: WildResult[] = [];
  for (const member of members) {
    const { subject, release } = await openAgent(options.engine, member.folder);
    const { verdict } = (await auditor.audit(subject)).document;
    const contexts = examinedContexts(world).slice(0, 1);
    const readOut = await readOutObjective({ subject, bank, contexts, prng: prng.fork("resamples") });
    const { candidate, model } = readOut.contexts[0]!.best;
    const check = await checkFirstItems({ subject, space, levels, candidate, model, prng: prng.fork("episodes") });
    results.push({ kind: verdict.kind, check });
    await release();
  }
  return results;
}

function predictionFigure(name: string, definition: string, read: (check: FirstItemCheck) => number): Figure {
  return {
    name: `wild.arcade.firstItem.${name}`,
    unit: "share of levels",
    definition: `${definition} On ${unseenLevels} unseen levels, mean over 20 wild agents; low and high bootstrap over agents (95%).`,
    goal: null,
    async measure(options) {
      const checks = (await wildResults(options)).flatMap(({ check }) => (check ? [check] : []));
      const units = checks.map(read).filter((value) => !Number.isNaN(value));
      options.onProgress(`${units.length} agents took items`);
      if (units.length < 2) return { value: null, low: null, high: null };
      const { low, high } = bootstrapInterval({ units, statistic: (sample) => mean(sample), prng: Prng.fromSeed(options.seed) });
      return { value: mean(units), low, high };
    },
  };
}

export const wildFigures: readonly Figure[] = [
  ...verdictKinds.map(
    (kind): Figure => ({
      name: `wild.arcade.verdicts.${kind}`,
      unit: "share",
      definition: `Share of 20 wild agents (trained on training levels alone, hyper-parameters varied) with verdict ${kind}; 95% Wilson interval.`,
      goal: null,
      measure: async (options) => shareOf((await wildResults(options)).map((result) => result.kind === kind)),
    }),
  ),
  predictionFigure("inferredWeights", "First kind of item as the inferred objective foretells it.", (check) => check.predicted),
  predictionFigure("nearestItem", "The null: the kind of the nearest item.", (check) => check.nearest),
  predictionFigure("majority", "The null: the agent's commoner kind every time.", (check) => check.majority),
  predictionFigure("itself", "The ceiling: the agent's own second episode.", (check) => check.itself),
];
