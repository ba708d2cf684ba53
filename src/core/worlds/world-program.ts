// Questions to the program that is a world, and the check of its answers: nothing is made of one before it was found whole.

import type { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import type { Context, ShiftPoint } from "./world.ts";
import {
  type WorldDescription,
  type WorldRequest,
  worldAnswerSchemas,
  worldErrorSchema,
  worldProtocolId,
} from "./world-protocol.ts";

/** A level of a world that runs elsewhere: all that its program needs to make it. */
export interface ExternalLevel {
  /** 0 to 2^31 − 1. */
  readonly seed: number;
  /** A value for every axis that is no cue. */
  readonly parameters: ShiftPoint;
  /** A value for every cue. */
  readonly context: Context;
}

/** Episodes side by side in the program. Owns its arrays, which stay the same objects. */
export interface ExternalBatch {
  /** Where the episodes stand, `[episodes, observation size]`. */
  readonly observations: Float32Array;
  /** Feature values of the last step, `[episodes, features]`. */
  readonly features: Float32Array;
  /** 1 where the last step ended the episode (terminated), 2 where time ran out (truncated), else 0. */
  readonly done: Uint8Array;
  /** Takes `actions[i]` in every episode with `running[i] = 1`. Throws `world-failed` for an answer that cannot be one. */
  step(actions: Int32Array, running: Uint8Array): Promise<void>;
  /** The states of these episodes as text, the same exactly where the program's snapshots are equal. For programs with snapshots. */
  snapshot(episodes: readonly number[]): Promise<readonly string[]>;
  /** Puts these episodes into states of their own levels, as `snapshot` gave them, one for each; their steps count from 0 again. */
  restore(episodes: readonly number[], snapshots: readonly string[]): Promise<void>;
}

/** Carries a request to the program and its answer back, as parsed JSON. Throws when there is none: the program ended, hangs, or says what is not JSON. */
export type WorldLink = (request: WorldRequest) => Promise<unknown>;

type Unnumbered<Request> = Request extends unknown ? Omit<Request, "id"> : never;

/** Numbers the requests and opens the answers. Throws `world-failed` for an answer that is none, and passes on what the link throws. */
export class Asker {
  readonly #link: WorldLink;
  #asked = 0;

  constructor(link: WorldLink) {
    this.#link = link;
  }

  async ask<Answer>(request: Unnumbered<WorldRequest>, schema: z.ZodType<Answer>): Promise<Answer> {
    const id = this.#asked++;
    const { type } = request;
    const answer = await this.#link({ ...request, id });
    const given = typeof answer === "object" && answer !== null && "id" in answer ? answer.id : undefined;
    if (given !== id)
      throw refusal(`answered request ${id} ("${type}") with ${given === undefined ? "no id" : `the id ${given}`}`);
    const failure = worldErrorSchema.safeParse(answer);
    if (failure.success) {
      const said = failure.data.error.slice(0, longestError).replace(unprintable, "?");
      throw new MesascopeError("world-failed", `the world's program says: ${said}`);
    }
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join(".") || "the answer"}: ${message}`);
    throw refusal(`answered "${type}" with what does not follow ${worldProtocolId} (${issues.join("; ")})`);
  }
}

/** Characters of a program's own error, traceback included, that are passed on. */
const longestError = 4000;
/** What could steer a terminal; line ends and tabs stay. */
const unprintable = /[^\P{C}\n\t]/gu;

/** What the program did wrong, as an error: `world-failed`. */
export function refusal(what: string): MesascopeError {
  return new MesascopeError(
    "world-failed",
    `the world's program ${what}. No verdict is given on such a world; mend the program (docs/world-protocol.md has the messages).`,
  );
}

/** The level as requests carry it. */
export const asMessage = ({ seed, parameters, context }: ExternalLevel) => ({
  seed,
  parameters: { ...parameters },
  context: { ...context },
});

/** The largest float32, about. */
const largest = 3e38;

/** Episodes in the program: place i holds level i. */
export class ProgramBatch implements ExternalBatch {
  readonly observations: Float32Array;
  readonly features: Float32Array;
  readonly done: Uint8Array;
  readonly #description: WorldDescription;
  readonly #asker: Asker;
  readonly #observationSize: number;
  /** Steps of each episode. */
  readonly #elapsed: Int32Array;

  private constructor(description: WorldDescription, asker: Asker, count: number) {
    this.#description = description;
    this.#asker = asker;
    this.#observationSize = description.observation.shape.reduce((product, length) => product * length, 1);
    this.observations = new Float32Array(count * this.#observationSize);
    this.features = new Float32Array(count * description.features.length);
    this.done = new Uint8Array(count);
    this.#elapsed = new Int32Array(count);
  }

  static async start(description: WorldDescription, asker: Asker, levels: readonly ExternalLevel[]): Promise<ProgramBatch> {
    const batch = new ProgramBatch(description, asker, levels.length);
    const places = levels.map((_, place) => place);
    const reply = await asker.ask({ type: "reset", episodes: places, levels: levels.map(asMessage) }, worldAnswerSchemas.reset);
    batch.#writeObservations(places, reply.observations);
    return batch;
  }

  async step(actions: Int32Array, running: Uint8Array): Promise<void> {
    const places = [...running.keys()].filter((place) => running[place] === 1);
    const reply = await this.#asker.ask(
      {
        type: "step",
        episodes: places,
        actions: places.map((place) => actions[place]!),
      },
      worldAnswerSchemas.step,
    );
    const { observations, features, terminated, truncated } = reply;
    const width = this.#description.features.length;
    requireCount("features", features, places.length);
    requireCount("terminated", terminated, places.length);
    requireCount("truncated", truncated, places.length);
    this.#writeObservations(places, observations);
    this.features.fill(0);
    this.done.fill(0);
    places.forEach((place, i) => {
      const elapsed = ++this.#elapsed[place]!;
      requireCount(`features of step ${elapsed}, row ${i},`, features[i]!, width);
      this.features.set(features[i]!, place * width);
      const beyond = features[i]!.find((value) => Math.abs(value) > largest);
      if (beyond !== undefined) throw refusal(`gave the feature value ${beyond}, which no float32 can hold`);
      if (terminated[i]) this.done[place] = 1;
      else if (truncated[i] || elapsed >= this.#description.horizon) this.done[place] = 2;
    });
  }

  async snapshot(episodes: readonly number[]): Promise<readonly string[]> {
    const reply = await this.#asker.ask({ type: "snapshot", episodes: [...episodes] }, worldAnswerSchemas.snapshot);
    requireCount("snapshots", reply.snapshots, episodes.length);
    return reply.snapshots.map(canonicalText);
  }

  async restore(episodes: readonly number[], snapshots: readonly string[]): Promise<void> {
    const given = snapshots.map((text): unknown => JSON.parse(text));
    const reply = await this.#asker.ask(
      { type: "restore", episodes: [...episodes], snapshots: given },
      worldAnswerSchemas.restore,
    );
    this.#writeObservations(episodes, reply.observations);
    for (const episode of episodes) this.#elapsed[episode] = 0;
  }

  #writeObservations(places: readonly number[], rows: readonly (readonly number[])[]): void {
    const { low, high } = this.#description.observation;
    requireCount("observations", rows, places.length);
    rows.forEach((row, i) => {
      requireCount(`observations, row ${i},`, row, this.#observationSize);
      this.observations.set(row, places[i]! * this.#observationSize);
      const stray = row.find(
        (value) => (low !== null && value < low) || (high !== null && value > high) || Math.abs(value) > largest,
      );
      if (stray !== undefined) {
        throw refusal(`gave the observation ${stray}; by its own word none lies outside ${low ?? "−3e38"} to ${high ?? "3e38"}`);
      }
    });
  }
}

function requireCount(what: string, given: readonly unknown[], expected: number): void {
  if (given.length !== expected) throw refusal(`gave ${given.length} ${what} where ${expected} were asked for`);
}

/** JSON with the fields of objects in alphabetical order. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
