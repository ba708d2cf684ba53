// A policy that runs elsewhere, asked through messages: what travels is decided by the protocol, how it travels by a transport, and what
// was answered before stands in the journal.

import { z } from "zod";
import type { Episodes, Policy, PolicyStep } from "../../core/agents/policy.ts";
import {
  type Begin,
  beginAnswerSchema,
  type Hello,
  type HelloAnswer,
  liveSets,
  type PolicyMessage,
  policyProtocolId,
  readAnswer,
  readHelloAnswer,
  readProbabilities,
  type Step,
} from "../../core/agents/policy-protocol.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Encoder, World } from "../../core/worlds/world.ts";
import { quoteText } from "../programs/quote-text.ts";
import { encodeRows } from "./encode-observations.ts";
import type { PolicyJournal } from "./policy-journal.ts";
import { trialIn, tryPolicy } from "./policy-trial.ts";

/** How messages travel. One at a time. */
export interface PolicyTransport {
  /** Names the policy in errors: `the policy "python3 mine.py"`. */
  readonly who: string;
  /** Sends a message and returns the text of its answer. Throws `policy-failed` with what `who` did. */
  ask(message: string): Promise<string>;
  /** The text without what must not be shown. */
  hide(text: string): string;
  /** What may explain a failure, to follow a message; empty for nothing. */
  lastWords(): string;
  close(): Promise<void>;
}

export interface ConversationOptions {
  readonly transport: PolicyTransport;
  readonly journal: PolicyJournal;
  /** What the policy is told of the world; one in another program has no parameters of a variant. */
  readonly world: Pick<World, "name" | "version" | "parameters" | "actions" | "features">;
  /** The name of the preset that the world's variant began from. */
  readonly preset: string;
  readonly encoder: Pick<Encoder<unknown>, "name" | "size" | "shape">;
  /** Rows of a step at most. */
  readonly maxRows: number;
  /** Starts of episodes, on which the policy is tried before it is audited. */
  readonly trial: PolicyStep;
  /** Told how many rows were answered so far, by the policy or the journal. */
  readonly onAnswered?: (rows: number) => void;
}

/** In a world of this process, where the trial makes itself. */
export interface PlacedConversationOptions extends Omit<ConversationOptions, "trial"> {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
}

/** A policy that said hello and was tried. */
export interface MetPolicy {
  readonly name: string;
  readonly policy: Policy;
  /** What it answered in the trial: an id made from it tells an auditor nothing that asking would not. */
  readonly tried: Uint8Array;
}

/**
 * Says hello to the policy, tries it, and returns it. Its answers come from the journal as far as that goes; a policy with memory is then
 * told again the episodes that are under way. Throws `policy-failed` (answers that are none), `unsupported-version`, `usage` where the
 * journal was begun with a policy that says something else of itself.
 */
export function meetPolicy(options: PlacedConversationOptions): Promise<MetPolicy> {
  return meetPolicyOn({ ...options, trial: trialIn(options) });
}

/** As `meetPolicy`, tried on the starts that are given. */
export async function meetPolicyOn(options: ConversationOptions): Promise<MetPolicy> {
  const conversation = new Conversation(options);
  const { name, answers } = await conversation.hello();
  const policy = conversation.policy();
  const { answered, difference } = await tryPolicy(policy, options.trial);
  if (policy.memory === "none" && answers !== "actions" && difference !== null) {
    throw conversation.failure(
      `answered the same observation with a probability of ${difference.first.toFixed(4)} and then of ${difference.then.toFixed(4)}, ` +
        "though it has no memory; expected the same. Answer with probabilities that no chance changes, with actions, or with " +
        '"memory": true in hello',
    );
  }
  return { name, policy, tried: answered };
}

const shown = (answer: unknown): string => quoteText(JSON.stringify(answer), { most: longestReason, marks: false });

/** What a policy says may stand in the reason why it failed. */
const longestReason = 1500;

type Unsent<Message> = Message extends unknown ? Omit<Message, "id" | "session"> : never;

class Conversation {
  readonly #options: ConversationOptions;
  #sent = 0;
  #sets = 0;
  #answered = 0;
  #session: string | undefined;
  #policy: HelloAnswer | null = null;
  /** Messages since a set of episodes began, of the sets under way: what a policy with memory must be told again. */
  #retold: { readonly set: number; readonly id: number; readonly text: string }[] = [];
  #isLive = false;
  /** The message before, settled or not: they go one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Always asked of the policy itself; what the journal has must be the same. */
  async hello(): Promise<HelloAnswer> {
    const { world, encoder, preset, maxRows, journal } = this.#options;
    const hello: Hello = {
      type: "hello",
      id: this.#sent++,
      schema: policyProtocolId,
      world: { name: world.name, version: world.version, preset, parameters: { ...world.parameters } },
      encoder: { name: encoder.name, size: encoder.size, shape: [...encoder.shape] },
      actions: [...world.actions],
      features: [...world.features],
      maxRows,
    };
    const text = JSON.stringify(hello);
    const { session, ...answer } = await this.#ask(text, (json) => readHelloAnswer(json, hello));
    this.#session = session;
    this.#policy = answer;
    const before = journal.answerTo(hello.id, text);
    if (before === undefined) await journal.add(text, answer);
    else if (JSON.stringify(before) !== JSON.stringify(answer)) {
      throw new MesascopeError(
        "usage",
        `${this.#options.transport.who} says ${shown(answer)} of itself; ${journal.path} was begun with one that said ${shown(before)}. Remove the file to start over.`,
      );
    }
    return answer;
  }

  policy(): Policy {
    const { encoder, world } = this.#options;
    const { memory, answers } = this.#policy!;
    return {
      inputSize: encoder.size,
      actionCount: world.actions.length,
      memory: memory === true ? "episode" : "none",
      answers: answers === "actions" ? "actions" : "probabilities",
      begin: (count) => this.#episodes(count),
    };
  }

  #episodes(count: number): Episodes {
    const set = ++this.#sets;
    const actionCount = this.#options.world.actions.length;
    const hasMemory = this.#policy!.memory === true;
    let time = 0;
    return {
      probabilities: async (step) => {
        if (hasMemory && set <= this.#sets - liveSets) {
          throw new MesascopeError(
            "usage",
            `more than ${liveSets} sets of episodes are under way; the policy may have forgotten the oldest. Finish one before beginning another.`,
          );
        }
        if (hasMemory && time === 0) await this.#begin({ type: "begin", set, episodes: count });
        const out = new Float32Array(count * actionCount).fill(1 / actionCount);
        const running = Array.from({ length: count }, (_, row) => row).filter((row) => step.running[row] === 1);
        for (let from = 0; from < running.length; from += this.#options.maxRows) {
          const rows = running.slice(from, from + this.#options.maxRows);
          const answer = await this.#step(step, { rows, set, time });
          rows.forEach((row, i) => {
            out.set(answer.subarray(i * actionCount, (i + 1) * actionCount), row * actionCount);
          });
          this.#answered += rows.length;
          this.#options.onAnswered?.(this.#answered);
        }
        time++;
        return out;
      },
    };
  }

  #begin(message: Unsent<Begin>): Promise<unknown> {
    return this.#exchange(message, (json, id) => readAnswer(json, { id, schema: beginAnswerSchema, example: `{"id": ${id}}` }));
  }

  #step(
    step: PolicyStep,
    { rows, set, time }: { readonly rows: readonly number[]; readonly set: number; readonly time: number },
  ): Promise<Float32Array> {
    const { encoder, world } = this.#options;
    const { answers, observations = "dense", situations = false, memory = false } = this.#policy!;
    const message: Unsent<Step> = {
      type: "step",
      ...(memory ? { set, time, episodes: [...rows] } : {}),
      rows: rows.length,
      ...(observations === "none"
        ? {}
        : { observations: encodeRows(step.observations, { rows, size: encoder.size, as: observations }) }),
      ...(situations ? { situations: rows.map((row) => ({ ...step.situationOf(row) })) } : {}),
    };
    const actionCount = world.actions.length;
    return this.#exchange(message, (json, id) => readProbabilities(json, { id, rows: rows.length, actionCount, answers }));
  }

  /** The answer to the next message, from the journal or from the policy. */
  #exchange<Answer>(message: Unsent<PolicyMessage>, read: (json: unknown, id: number) => Answer): Promise<Answer> {
    const answer = this.#last.then(async () => {
      const { journal } = this.#options;
      const id = this.#sent++;
      const text = JSON.stringify({ ...message, id });
      const before = journal.answerTo(id, text);
      const set = "set" in message ? message.set : undefined;
      if (before !== undefined) {
        if (message.type === "begin") this.#retold = this.#retold.filter((told) => told.set > message.set - liveSets);
        if (set !== undefined) this.#retold.push({ set, id, text });
        return journal.reread(id, () => read(before, id));
      }
      if (!this.#isLive) await this.#retell();
      let given: unknown;
      const result = await this.#ask(text, (json) => {
        given = json;
        return read(json, id);
      });
      await journal.add(text, given);
      return result;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Tells a policy with memory the episodes under way, as they were told before. It must answer each; what it chooses now is not used. */
  async #retell(): Promise<void> {
    this.#isLive = true;
    for (const { id, text } of this.#retold) {
      await this.#ask(text, (json) => readAnswer(json, { id, schema: z.unknown(), example: `{"id": ${id}, …}` }));
    }
    this.#retold = [];
  }

  async #ask<Answer>(text: string, read: (json: unknown) => Answer): Promise<Answer> {
    const { transport } = this.#options;
    const sent = this.#session === undefined ? text : `${text.slice(0, -1)},"session":${JSON.stringify(this.#session)}}`;
    let line: string | null = null;
    try {
      line = await transport.ask(sent);
      return read(parseJson(line, transport.hide));
    } catch (error) {
      if (!(error instanceof MesascopeError)) throw error;
      if (error.code === "unsupported-version")
        throw new MesascopeError(error.code, quoteText(error.message, { most: longestReason, marks: false }));
      if (error.code !== "policy-failed") throw error;
      throw this.failure(`${error.message}${line === null ? "" : `. Its answer: ${quoteText(transport.hide(line))}`}`, error);
    }
  }

  /** What the policy did, and what can be done. */
  failure(what: string, cause?: unknown): MesascopeError {
    const { transport, journal } = this.#options;
    const kept =
      journal.length > 1
        ? ` What was answered before is kept in ${journal.path}: put the policy right and run the same command again to continue, or remove the file to start over.`
        : " Put the policy right and run the command again.";
    return new MesascopeError(
      "policy-failed",
      `${transport.who} ${quoteText(transport.hide(what), { most: longestReason, marks: false })}.${transport.lastWords()} There is no verdict.${kept}`,
      cause === undefined ? {} : { cause },
    );
  }
}

/** Every text in it without what must not be shown: texts are cut, kept and printed later. */
function parseJson(line: string, hide: PolicyTransport["hide"]): unknown {
  try {
    return JSON.parse(line, (_, value: unknown) => (typeof value === "string" ? hide(value) : value));
  } catch (cause) {
    const hint = /\b(NaN|Infinity)\b/.test(line) ? " (NaN and Infinity are not)" : "";
    throw new MesascopeError("policy-failed", `answered with what is not JSON${hint}; expected one object on one line`, {
      cause,
    });
  }
}
