// What a policy would do in states of levels that run in another program: asked after walking there from the start, as any policy can be.

import type { PolicyStep } from "../agents/policy.ts";
import type { Context } from "../worlds/world.ts";
import { type ExternalBatch, refusal } from "../worlds/world-program.ts";
import { type Approach, askAgain, type PolicyAnswers } from "./ask-policy.ts";
import type { ExternalSubject } from "./subject.ts";

/**
 * The agent's action probabilities at the end of every approach, under each context; rows of an answer are `approachesPerLevel` approaches
 * each. The actions on the way are not its own; a policy with memory watches them. Throws `world-failed` where a way does not give what it
 * gave when its state was found: then snapshots leave something out, or a cue is more than seen.
 */
export async function askOutside(options: {
  readonly subject: ExternalSubject;
  readonly approaches: readonly Approach[];
  readonly approachesPerLevel: number;
  readonly contexts: readonly Context[];
}): Promise<PolicyAnswers & { readonly environmentSteps: number }> {
  const { subject, approaches, approachesPerLevel, contexts } = options;
  const width = approachesPerLevel * subject.policy.actionCount;
  const probabilities: Float32Array[][] = [];
  const sampled: (number | null)[] = [];
  for (const context of contexts) {
    const { answer, samples } = await askUnder(subject, approaches, context);
    sampled.push(samples);
    probabilities.push(
      Array.from({ length: approaches.length / approachesPerLevel }, (_, l) => answer.slice(l * width, (l + 1) * width)),
    );
  }
  const steps = approaches.reduce((sum, { actions }) => sum + actions.length, 0);
  return { probabilities, sampled, environmentSteps: contexts.length * steps };
}

async function askUnder(subject: ExternalSubject, approaches: readonly Approach[], context: Context) {
  const { world, policy } = subject;
  const answer = new Float32Array(approaches.length * policy.actionCount);
  let samples: number | null = null;
  for (let first = 0; first < approaches.length; first += world.mostEpisodes) {
    const group = approaches.slice(first, first + world.mostEpisodes);
    const walked = await walk(subject, group, context);
    // One asking of them all where the policy remembers nothing; else the answers that it gave on its way.
    const asked =
      walked.answers === null
        ? await askAt(subject, walked.end)
        : { answer: walked.answers, samples: policy.answers === "actions" ? 1 : null };
    answer.set(asked.answer.subarray(0, group.length * policy.actionCount), first * policy.actionCount);
    if (asked.samples !== null) samples = Math.max(samples ?? 0, asked.samples);
  }
  return { answer, samples };
}

async function askAt({ policy }: ExternalSubject, step: PolicyStep) {
  const first = await policy.begin(step.running.length).probabilities(step);
  return policy.answers === "actions" ? askAgain(policy, { step, first }) : { answer: first, samples: null };
}

/** Walks every way of a group side by side, and watches where each ends. */
async function walk({ world, policy }: ExternalSubject, group: readonly Approach[], context: Context) {
  const { inputSize, actionCount } = policy;
  const levels = group.map(({ level }) => world.withContext(level, context));
  const batch = await world.start(levels);
  const situationOf = (row: number) => ({ level: levels[row]!, state: null });
  const observations = new Float32Array(group.length * inputSize);
  const answers = policy.memory === "episode" ? new Float32Array(group.length * actionCount) : null;
  const episodes = answers === null ? null : policy.begin(group.length);
  const given = new Float64Array(group.length * world.features.length);
  const longest = Math.max(...group.map(({ actions }) => actions.length));
  for (let time = 0; time <= longest; time++) {
    const watching = Uint8Array.from(group, ({ actions }) => Number(actions.length >= time));
    const seen = await episodes?.probabilities({ observations: batch.observations, running: watching, situationOf });
    group.forEach(({ actions }, row) => {
      if (actions.length !== time) return;
      const [from, to] = [row * inputSize, (row + 1) * inputSize];
      observations.set(batch.observations.subarray(from, to), from);
      if (seen !== undefined) answers!.set(seen.subarray(row * actionCount, (row + 1) * actionCount), row * actionCount);
    });
    if (time < longest) await stepAlong(batch, { group, time, given });
  }
  requireSameCourse(group, given);
  const end: PolicyStep = { observations, running: new Uint8Array(group.length).fill(1), situationOf };
  return { end, answers };
}

async function stepAlong(
  batch: ExternalBatch,
  at: { readonly group: readonly Approach[]; readonly time: number; readonly given: Float64Array },
): Promise<void> {
  const { group, time, given } = at;
  const running = Uint8Array.from(group, ({ actions }) => Number(actions.length > time));
  await batch.step(
    Int32Array.from(group, ({ actions }) => actions[time] ?? 0),
    running,
  );
  for (let i = 0; i < given.length; i++) given[i]! += batch.features[i]!;
  const over = group.findIndex((_, row) => running[row] === 1 && batch.done[row] !== 0);
  if (over >= 0) throw refusal(otherCourse("ended"));
}

function requireSameCourse(group: readonly Approach[], given: Float64Array): void {
  const width = given.length / group.length;
  group.forEach(({ features }, row) => {
    for (let f = 0; f < width; f++) {
      const difference = Math.abs(given[row * width + f]! - features[f]!);
      if (difference > 1e-6 * Math.max(1, Math.abs(features[f]!))) throw refusal(otherCourse("gave other features"));
    }
  });
}

const otherCourse = (what: string): string =>
  `${what} along a way on which it had gone on otherwise from restored states; its snapshots leave out what decides, or a cue is more than seen`;
