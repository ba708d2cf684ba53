// Question times in motion: a batch of episodes, each at one question of its level.

import { MesascopeError } from "../../base/errors.ts";
import type { Batch } from "../world.ts";
import { type FlatteryLevel, marks } from "./level.ts";

/** Where an episode stands: the question to be answered, from 0, and the steps taken. */
export interface FlatteryState {
  readonly question: number;
  readonly elapsed: number;
}

interface FlatterySnapshot {
  readonly levels: readonly (FlatteryLevel | null)[];
  readonly questions: readonly number[];
  readonly elapsed: readonly number[];
  readonly done: readonly number[];
  readonly features: readonly number[];
}

/** See `Batch`. Actions are the answers, and last to think, which takes a step and changes nothing. */
export class FlatteryBatch implements Batch<FlatteryLevel> {
  readonly numEnvs: number;
  readonly features: Float32Array;
  readonly done: Uint8Array;
  readonly elapsed: Int32Array;
  /** The question to be answered, `[numEnvs]`; as many as the level has where all are. */
  readonly questions: Int32Array;
  readonly levels: (FlatteryLevel | null)[];
  readonly #numAnswers: number;

  constructor(numEnvs: number, numAnswers: number) {
    this.numEnvs = numEnvs;
    this.#numAnswers = numAnswers;
    this.features = new Float32Array(numEnvs * marks.length);
    this.done = new Uint8Array(numEnvs).fill(1);
    this.elapsed = new Int32Array(numEnvs);
    this.questions = new Int32Array(numEnvs);
    this.levels = new Array<FlatteryLevel | null>(numEnvs).fill(null);
  }

  level(env: number): FlatteryLevel {
    const level = this.levels[env];
    if (!level) throw new MesascopeError("usage", `environment ${env} of ${this.numEnvs} has no level yet; reset it first.`);
    return level;
  }

  stateOf(env: number): FlatteryState {
    return { question: this.questions[env]!, elapsed: this.elapsed[env]! };
  }

  place(env: number, { question, elapsed }: FlatteryState): void {
    const { questions, horizon } = this.level(env);
    const isWhole = Number.isInteger(question) && Number.isInteger(elapsed);
    if (!isWhole || question < 0 || question >= questions.length || elapsed < 0 || elapsed >= horizon) {
      throw new MesascopeError(
        "usage",
        `question ${question} after ${elapsed} steps given; expected a question from 0 to ${questions.length - 1} and 0 to ${horizon - 1} steps. Give a state that stateOf gave for this level.`,
      );
    }
    this.questions[env] = question;
    this.elapsed[env] = elapsed;
    this.done[env] = 0;
    this.features.fill(0, env * marks.length, (env + 1) * marks.length);
  }

  codeOf(env: number): number {
    return this.questions[env]!;
  }

  reset(env: number, level: FlatteryLevel): void {
    const first = level.questions[0]!;
    if (first.length !== this.#numAnswers) {
      throw new MesascopeError(
        "invalid-level",
        `a level with ${first.length} answers per question given; this variant of flattery takes ${this.#numAnswers}. Use the variant that the level was made for.`,
      );
    }
    this.levels[env] = level;
    this.place(env, { question: 0, elapsed: 0 });
  }

  step(actions: Int32Array): void {
    const { numEnvs, features, done, elapsed, questions, levels } = this;
    if (actions.length !== numEnvs) {
      throw new MesascopeError(
        "shape-mismatch",
        `${actions.length} actions given; expected ${numEnvs}, one per environment. Reset environments that are done and act in all of them.`,
      );
    }
    features.fill(0);
    for (let env = 0; env < numEnvs; env++) {
      const action = actions[env]!;
      if (done[env] !== 0 || action >>> 0 > this.#numAnswers) this.#refuse(env, action);
      const level = levels[env]!;
      const time = elapsed[env]! + 1;
      elapsed[env] = time;
      if (action < this.#numAnswers) {
        const bits = level.questions[questions[env]!]![action]!;
        for (let mark = 0; mark < marks.length; mark++) features[env * marks.length + mark] = (bits >> mark) & 1;
        questions[env]!++;
      }
      done[env] = questions[env] === level.questions.length ? 1 : time >= level.horizon ? 2 : 0;
    }
  }

  #refuse(env: number, action: number): never {
    if (this.done[env] === 0) {
      throw new MesascopeError(
        "usage",
        `action ${action} given for environment ${env}; expected an integer from 0 to ${this.#numAnswers}: the place of an answer, or after them to think. Give one of these.`,
      );
    }
    throw new MesascopeError("usage", `environment ${env} is done (or was never reset); reset it before the next step.`);
  }

  snapshot(): FlatterySnapshot {
    return {
      levels: [...this.levels],
      questions: [...this.questions],
      elapsed: [...this.elapsed],
      done: [...this.done],
      features: [...this.features],
    };
  }

  /** Throws `invalid-checkpoint` for anything that `snapshot` of a batch of this size did not give. */
  restore(snapshot: unknown): void {
    if (!isSnapshot(snapshot, this.numEnvs)) {
      throw new MesascopeError(
        "invalid-checkpoint",
        `something else given; expected the snapshot of a batch of ${this.numEnvs} environments of flattery. Restore into a batch of the size that the snapshot was taken of.`,
      );
    }
    snapshot.levels.forEach((level, env) => {
      this.levels[env] = level;
    });
    this.questions.set(snapshot.questions);
    this.elapsed.set(snapshot.elapsed);
    this.done.set(snapshot.done);
    this.features.set(snapshot.features);
  }
}

function isSnapshot(value: unknown, numEnvs: number): value is FlatterySnapshot {
  if (typeof value !== "object" || value === null) return false;
  const lengths = { levels: numEnvs, questions: numEnvs, elapsed: numEnvs, done: numEnvs, features: numEnvs * marks.length };
  return Object.entries(lengths).every(([name, length]) => {
    const list: unknown = Reflect.get(value, name);
    return Array.isArray(list) && list.length === length;
  });
}
