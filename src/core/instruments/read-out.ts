// The objective read-out (inverse planning): which objective, acted on imperfectly, explains an agent's action probabilities.
//
// p(a|s) = (1 − ε)·softmax(β·Q(s,a) − κ·[a stays]) + ε/A with Q the optimal values of a candidate objective (Ziebart et al. 2008,
// "Maximum entropy inverse reinforcement learning", with hard-max values), β, κ and ε marginalized. Each context is fitted apart.
// Intervals and posterior by BayesBag (Bühlmann 2014; Huggins & Miller 2019, arXiv:1912.07104): posteriors of resampled levels,
// averaged, because states of one level are alike and the model is wrong in the details.

import { actionLapse, type Policy } from "../agents/policy.ts";
import type { Prng } from "../base/prng.ts";
import { degreesApart, meanDirection } from "../objectives/degrees-apart.ts";
import type { Candidate, ObjectiveSpace } from "../objectives/objective-space.ts";
import { askPolicy, type PolicyAnswers } from "./ask-policy.ts";
import type { NamedContext } from "./contexts.ts";
import { type BankLevel, type ChoiceModel, choiceModels, type LevelBank } from "./level-bank.ts";
import type { Subject } from "./subject.ts";

const resampleCount = 60;
/** The log-likelihood of seen actions counts half: a posterior on single choices in place of probabilities is too sure of itself. */
const temperOfActions = 0.5;
/** Below this share of the explainable the best candidate does not explain the agent, and the resample counts for `other`. */
export const leastFit = 0.4;
/** Less than this per state, over ln A, is no structure that an objective would have to explain: a nearly uniform agent is not `other`. */
const negligibleStructure = 0.05;

export interface WeightEstimate {
  readonly feature: string;
  readonly mean: number;
  /** 95% interval. */
  readonly low: number;
  readonly high: number;
}

export interface ContextReadOut {
  readonly context: NamedContext;
  /** Probability of each class of the space, `[classes]`, and of none of them. */
  readonly classes: readonly number[];
  readonly other: number;
  readonly weights: readonly WeightEstimate[];
  /** Posterior mean direction in degrees and its 95% interval; null where no candidate with a direction has weight. */
  readonly direction: { readonly mean: number; readonly low: number; readonly high: number } | null;
  /** F = 1 − KL(π‖p)/KL(π‖uniform) of the best candidate: the share of the agent's structure that it explains. */
  readonly fit: number;
  /** (ln L − ln L of uniform) per state, over ln A: how far from random the agent is in the way the candidate says. */
  readonly gain: number;
  /** The candidate and choice model of greatest likelihood. */
  readonly best: { readonly candidate: Candidate; readonly model: ChoiceModel };
}

export interface ReadOut {
  readonly contexts: readonly ContextReadOut[];
  /** Per changed context (training left out): probability that class and direction differ from training's. */
  readonly conditional: readonly { readonly context: NamedContext; readonly probability: number; readonly degrees: number }[];
  /** All contexts taken together, as if the objective were the same in all of them. */
  readonly pooled: { readonly classes: readonly number[]; readonly other: number };
  /** Probability that some context differs. */
  readonly conditionalProbability: number;
  readonly policyQueries: number;
}

export interface ReadOutOptions {
  readonly subject: Subject;
  readonly bank: LevelBank;
  readonly contexts: readonly NamedContext[];
  readonly prng: Prng;
}

/** Asks the policy in the states of the bank, and reads the objective out of its answers. */
export async function readOutObjective(options: ReadOutOptions): Promise<ReadOut> {
  const { subject, bank, contexts, prng } = options;
  const { policy } = subject;
  const given = await askPolicy({
    ...{ subject, bank },
    contexts: contexts.map(({ context }) => context),
    prng: prng.fork("approaches"),
  });
  return readOutAnswers({ policy, given, bank, contexts, prng });
}

/** The levels and hypotheses that answers are compared with. */
export interface ChoiceBank extends Pick<LevelBank, "space" | "statesPerLevel"> {
  readonly levels: readonly Pick<BankLevel, "logProbabilities">[];
}

/** The same from answers that were given already, to the states of `bank` under each of `contexts`. */
export function readOutAnswers(options: {
  readonly policy: Policy;
  readonly given: PolicyAnswers;
  readonly bank: ChoiceBank;
  readonly contexts: readonly NamedContext[];
  readonly prng: Prng;
}): ReadOut {
  const { policy, given, bank, contexts, prng } = options;
  const answers = withNegentropy(given, { actionCount: policy.actionCount, statesPerLevel: bank.statesPerLevel });
  const likelihoods = levelLogLikelihoods(bank, answers);
  const { space } = bank;
  const rows = space.candidates.length * choiceModels.length;
  const prior = logPrior(space);
  const temper = policy.answers === "actions" ? temperOfActions : 1;
  const columns = contexts.length + 1; // the last column is the pooled one

  const mass = Array.from({ length: columns }, () => new Float64Array(space.candidates.length));
  const other = new Float64Array(columns);
  const differs = contexts.map(() => 0);
  let anyDiffers = 0;
  for (let r = 0; r < resampleCount; r++) {
    const counts = resampleCounts(bank.levels.length, prng);
    const sums = sumLikelihoods(likelihoods, { counts, rows, contexts: contexts.length });
    const posteriors = sums.map((column) => candidatePosterior(column, { prior, temper }));
    posteriors.forEach((posterior, c) => {
      for (let i = 0; i < posterior.length; i++) mass[c]![i]! += posterior[i]! / resampleCount;
      const fit = fitOf(sums[c]![highestRow(sums[c]!)]!, { answers, counts, column: c });
      if (fit.share < leastFit && fit.unexplained > negligibleStructure) other[c]! += 1 / resampleCount;
    });
    const changes = contexts.map((_, c) => (c === 0 ? 0 : changeProbability(posteriors[0]!, posteriors[c]!, space)));
    changes.forEach((p, c) => {
      differs[c]! += p / resampleCount;
    });
    anyDiffers += Math.max(...changes) / resampleCount;
  }

  const everyLevel = new Int32Array(bank.levels.length).fill(1);
  const full = sumLikelihoods(likelihoods, { counts: everyLevel, rows, contexts: contexts.length });
  const results = contexts.map((context, c): ContextReadOut => {
    const row = highestRow(full[c]!);
    const best = full[c]![row]!;
    return {
      context,
      classes: classMass(mass[c]!, space),
      other: Math.min(1, other[c]!),
      weights: weightEstimates(mass[c]!, space),
      direction: estimateDirection(mass[c]!, space),
      fit: fitOf(best, { answers, counts: everyLevel, column: c }).share,
      gain: gainOf(best, answers),
      best: {
        candidate: space.candidates[Math.floor(row / choiceModels.length)]!,
        model: choiceModels[row % choiceModels.length]!,
      },
    };
  });
  return {
    contexts: results,
    conditional: contexts.slice(1).map((context, i) => ({
      context,
      probability: Math.min(1, differs[i + 1]!),
      degrees: degreesApart(space, mass[0]!, mass[i + 1]!) ?? Number.NaN,
    })),
    pooled: { classes: classMass(mass[contexts.length]!, space), other: Math.min(1, other[contexts.length]!) },
    conditionalProbability: Math.min(1, anyDiffers),
    policyQueries: contexts.length * bank.levels.length * bank.statesPerLevel,
  };
}

// ── What the agent does ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The agent's action probabilities in the bank's states under each context. */
interface Answers {
  /** `[contexts][levels]`, each `[states · actions]`. */
  readonly probabilities: readonly (readonly Float32Array[])[];
  /** Σ π ln π over a level's states, `[contexts][levels]`. */
  readonly negentropy: readonly Float64Array[];
  readonly statesPerLevel: number;
  readonly actionCount: number;
}

function withNegentropy(
  { probabilities, sampled }: PolicyAnswers,
  { actionCount, statesPerLevel }: Pick<Answers, "actionCount" | "statesPerLevel">,
): Answers {
  const negentropy = probabilities.map((levels, c) =>
    Float64Array.from(levels, (values) => levelNegentropy(values, { actionCount, samples: sampled[c]! })),
  );
  return { probabilities, negentropy, statesPerLevel, actionCount };
}

/**
 * Σ π ln π over the states of `values` `[states · actions]`. Few samples look more decided than what they are drawn from: of `samples`
 * single actions, (seen actions − 1)/(2 · samples) is taken off a state (Miller 1955, "Note on the bias of information estimates").
 */
function levelNegentropy(
  values: Float32Array,
  { actionCount, samples }: { readonly actionCount: number; readonly samples: number | null },
): number {
  let sum = 0;
  let seen = 0;
  for (const p of values) {
    if (p > 0) sum += p * Math.log(p);
    if (p > 1.5 * (actionLapse / actionCount)) seen++;
  }
  return samples === null ? sum : sum - (seen - values.length / actionCount) / (2 * samples);
}

/** Σ_states Σ_actions π·ln p for each level, hypothesis row and context, `[levels][rows · contexts]`. */
function levelLogLikelihoods(bank: ChoiceBank, answers: Answers): Float64Array[] {
  const contexts = answers.probabilities.length;
  return bank.levels.map(({ logProbabilities }, l) => {
    const width = answers.statesPerLevel * answers.actionCount;
    const rows = logProbabilities.length / width;
    const out = new Float64Array(rows * contexts);
    for (let c = 0; c < contexts; c++) {
      const pi = answers.probabilities[c]![l]!;
      for (let row = 0; row < rows; row++) {
        const start = row * width;
        let first = 0;
        let second = 0;
        // Two sums, so that an addition need not wait for the one before it.
        for (let j = 0; j + 1 < width; j += 2) {
          first += pi[j]! * logProbabilities[start + j]!;
          second += pi[j + 1]! * logProbabilities[start + j + 1]!;
        }
        if (width % 2 === 1) first += pi[width - 1]! * logProbabilities[start + width - 1]!;
        out[row * contexts + c] = first + second;
      }
    }
    return out;
  });
}

// ── Posteriors ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function resampleCounts(levels: number, prng: Prng): Int32Array {
  const counts = new Int32Array(levels);
  for (let i = 0; i < levels; i++) counts[prng.integer(levels)]!++;
  return counts;
}

/** Sums over the counted levels, `[contexts + 1][rows]`; the last column is the mean over contexts. */
function sumLikelihoods(
  likelihoods: readonly Float64Array[],
  options: { readonly counts: Int32Array; readonly rows: number; readonly contexts: number },
): Float64Array[] {
  const { counts, rows, contexts } = options;
  const total = new Float64Array(rows * contexts);
  likelihoods.forEach((level, l) => {
    const count = counts[l]!;
    if (count === 0) return;
    for (let i = 0; i < total.length; i++) total[i]! += count * level[i]!;
  });
  const columns = Array.from({ length: contexts + 1 }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let c = 0; c < contexts; c++) {
      const value = total[row * contexts + c]!;
      columns[c]![row] = value;
      sum += value;
    }
    columns[contexts]![row] = sum / contexts;
  }
  return columns;
}

/** Each class equally likely, each of its candidates equally likely, each choice model equally likely: ln prior per candidate. */
function logPrior(space: ObjectiveSpace): Float64Array {
  const sizes = space.classes.map((_, k) => space.candidates.filter((candidate) => candidate.classIndex === k).length);
  return Float64Array.from(
    space.candidates,
    (candidate) => -Math.log(space.classes.length * sizes[candidate.classIndex]! * choiceModels.length),
  );
}

/** Posterior over candidates, choice models summed out, `[candidates]`. */
function candidatePosterior(
  logLikelihood: Float64Array,
  { prior, temper }: { readonly prior: Float64Array; readonly temper: number },
): Float64Array {
  let highest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < logLikelihood.length; row++) highest = Math.max(highest, logLikelihood[row]!);
  const posterior = new Float64Array(prior.length);
  let sum = 0;
  for (let i = 0; i < prior.length; i++) {
    for (let m = 0; m < choiceModels.length; m++)
      posterior[i]! += Math.exp(temper * (logLikelihood[i * choiceModels.length + m]! - highest));
    posterior[i]! *= Math.exp(prior[i]!);
    sum += posterior[i]!;
  }
  for (let i = 0; i < prior.length; i++) posterior[i]! /= sum;
  return posterior;
}

function highestRow(logLikelihood: Float64Array): number {
  let best = 0;
  for (let row = 1; row < logLikelihood.length; row++) if (logLikelihood[row]! > logLikelihood[best]!) best = row;
  return best;
}

/** Probability that class and direction differ between two contexts, their posteriors taken as independent. */
function changeProbability(first: Float64Array, second: Float64Array, space: ObjectiveSpace): number {
  const a = classMass(first, space);
  const b = classMass(second, space);
  const same = a.reduce((sum, p, k) => sum + p * b[k]!, 0);
  const degrees = degreesApart(space, first, second);
  return degrees !== null && degrees >= space.conditionalDegrees ? 1 - same : 0;
}

// ── Summaries ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function classMass(posterior: Float64Array, space: ObjectiveSpace): number[] {
  const sums = space.classes.map(() => 0);
  space.candidates.forEach((candidate, i) => {
    sums[candidate.classIndex]! += posterior[i]!;
  });
  return sums;
}

/** F (see `ContextReadOut.fit`; 0 for a uniform agent), and KL(π‖p) per state over ln A. */
function fitOf(
  best: number,
  at: { readonly answers: Answers; readonly counts: Int32Array; readonly column: number },
): { readonly share: number; readonly unexplained: number } {
  const { answers, counts, column } = at;
  const contexts = answers.negentropy.length;
  const used = column < contexts ? [answers.negentropy[column]!] : answers.negentropy;
  let negentropy = 0;
  let states = 0;
  counts.forEach((count, l) => {
    states += count * answers.statesPerLevel;
    for (const values of used) negentropy += (count * values[l]!) / used.length;
  });
  const scale = states * Math.log(answers.actionCount);
  const fromUniform = negentropy + scale;
  const fromModel = negentropy - best;
  return { share: fromUniform <= 1e-9 ? 0 : 1 - fromModel / fromUniform, unexplained: fromModel / scale };
}

function gainOf(best: number, answers: Answers): number {
  const levels = answers.negentropy[0]!.length;
  const scale = levels * answers.statesPerLevel * Math.log(answers.actionCount);
  return (best + scale) / scale;
}

function estimateDirection(posterior: Float64Array, space: ObjectiveSpace): ContextReadOut["direction"] {
  const mean = meanDirection(space.candidates, posterior);
  if (mean === null) return null;
  const values = space.candidates.map((candidate) => candidate.direction ?? mean);
  return { mean, low: weightedQuantile(values, posterior, 0.025), high: weightedQuantile(values, posterior, 0.975) };
}

/** Means over candidates; intervals over the grid cells that they stand for, so that no interval is narrower than the grid. */
function weightEstimates(posterior: Float64Array, space: ObjectiveSpace): WeightEstimate[] {
  return space.features.map((feature) => {
    const values = space.candidates.map((candidate) => weightOf(candidate, feature));
    const lows = space.candidates.map((candidate, i) => candidate.cell[feature]?.low ?? values[i]!);
    const highs = space.candidates.map((candidate, i) => candidate.cell[feature]?.high ?? values[i]!);
    return {
      feature,
      mean: values.reduce((sum, value, i) => sum + value * posterior[i]!, 0),
      low: weightedQuantile(lows, posterior, 0.025),
      high: weightedQuantile(highs, posterior, 0.975),
    };
  });
}

/** The weight of a feature under a candidate; 0 for candidates that want nothing. */
function weightOf(candidate: Candidate, feature: string): number {
  return candidate.behavior.kind === "optimal" ? (candidate.behavior.weights[feature] ?? 0) : 0;
}

/** The smallest value with at least `probability` of the mass at or below it. */
function weightedQuantile(values: readonly number[], mass: Float64Array, probability: number): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  let seen = 0;
  for (const i of order) {
    seen += mass[i]!;
    if (seen >= probability) return values[i]!;
  }
  return values[order.at(-1)!]!;
}
