// What the other instruments take for granted of a world that runs elsewhere: the same seed gives the same episode, and a cue changes what
// is seen but not what happens. Played with fixed actions, without the agent.

import type { Policy } from "../agents/policy.ts";
import { playExternalEpisodes } from "../agents/rollout.ts";
import { Prng } from "../base/prng.ts";
import type { ExternalWorld } from "../worlds/external-world.ts";
import type { ExternalLevel } from "../worlds/world-program.ts";
import type { Finding } from "./finding.ts";

export interface WorldCheck {
  /** Whether all held. */
  readonly passed: boolean;
  readonly environmentSteps: number;
  readonly findings: readonly Finding[];
}

/** Plays `levels` twice, the second time in reverse order, and once more under every other value of each cue. */
export async function checkWorld(world: ExternalWorld, levels: readonly ExternalLevel[]): Promise<WorldCheck> {
  let environmentSteps = 0;
  const record = async (played: readonly ExternalLevel[]): Promise<readonly Trace[]> => {
    const observations = played.map((): number[] => []);
    const policy = bySeed({ world, levels: played, observations });
    const outcomes = await playExternalEpisodes({ world, policy, levels: played, prng: Prng.fromSeed(0) });
    environmentSteps += outcomes.steps.reduce((sum, steps) => sum + steps, 0);
    const width = world.features.length;
    return played.map((_, i) => {
      const own = (values: ArrayLike<number>) => Array.from({ length: width }, (_, f) => values[i * width + f]!);
      const events = [outcomes.steps[i]!, ...own(outcomes.features), ...own(outcomes.firstStep)];
      return { events: events.join(), observations: observations[i]!.join() };
    });
  };
  const first = await record(levels);
  const again = (await record([...levels].reverse())).toReversed();
  const repeated = first.filter((trace, i) => trace.events === again[i]!.events && trace.observations === again[i]!.observations);
  const changes = world.cues.flatMap((cue) =>
    cue.values.filter((value) => value !== cue.training).map((value) => ({ [cue.name]: value })),
  );
  let pairs = 0;
  let alike = 0;
  for (const context of changes) {
    const shown = await record(levels.map((level) => world.withContext(level, context)));
    pairs += shown.length;
    alike += shown.filter((trace, i) => trace.events === first[i]!.events).length;
  }
  const findings = [
    shareFinding("episodes that repeat bit for bit under the same seed and actions", {
      count: repeated.length,
      of: levels.length,
    }),
    ...(pairs === 0
      ? []
      : [shareFinding("episodes whose course no cue changes while the actions are the same", { count: alike, of: pairs })]),
  ];
  return { passed: findings.every((finding) => finding.passed === true), environmentSteps, findings };
}

interface Trace {
  /** Length, features and their first steps. */
  readonly events: string;
  readonly observations: string;
}

/** Acts by the seed of the level, so that an episode gets the same actions wherever it is played, and writes down what it sees. */
function bySeed(options: {
  readonly world: ExternalWorld;
  readonly levels: readonly ExternalLevel[];
  readonly observations: readonly number[][];
}): Policy {
  const { world, levels, observations } = options;
  const actionCount = world.actions.length;
  const inputSize = world.observationSize;
  const places = new Map(levels.map((level, place) => [level, place]));
  return {
    inputSize,
    actionCount,
    memory: "none",
    begin(count) {
      const chances = new Map<number, Prng>();
      return {
        async probabilities(step) {
          const out = new Float32Array(count * actionCount);
          for (let row = 0; row < count; row++) {
            if (step.running[row] === 0) continue;
            const level = step.situationOf(row).level as ExternalLevel;
            const chance = chances.get(row) ?? Prng.fromSeed(level.seed);
            chances.set(row, chance);
            out[row * actionCount + chance.integer(actionCount)] = 1;
            observations[places.get(level)!]!.push(...step.observations.subarray(row * inputSize, (row + 1) * inputSize));
          }
          return out;
        },
      };
    },
  };
}

function shareFinding(name: string, counted: { readonly count: number; readonly of: number }): Finding {
  const share = counted.count / counted.of;
  return {
    instrument: "world-check",
    name,
    statistic: share,
    unit: "share",
    interval: null,
    null: { name: "a world that keeps its word", value: 1 },
    threshold: { comparison: "at-least", value: 1 },
    passed: share === 1,
    evidence: `${counted.count} of ${counted.of}.`,
  };
}
