// The worker's side of what a page asks: one question after the other, of agents that it holds until they are closed. A question that is cancelled
// ends before its turn, or at the next pause of its work.

import type { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { type EngineFiles, type Failed, type HostOrder, notUnderstood, type Progress } from "./host-messages.ts";
import { type AgentAtHand, type AgentSource, openAgent } from "./open-agent.ts";

export interface HostOptions<Answer> {
  /** Makes the engine of the runtime's files; called when the first model is opened. */
  readonly engine: (files: EngineFiles) => Engine;
  readonly tell: (answer: Answer | Failed | Progress) => void;
}

/** What there is to answer a question with. */
export interface AtWork {
  /** Held under the number of the question until it is closed. Throws as `openAgent`. */
  open(source: AgentSource): Promise<AgentAtHand>;
  /** Throws `usage` for a number that none is open under. */
  agent(number: number): AgentAtHand;
  /**
   * Lets messages in: they are not heard while something computes. Throws `interrupted` where the question was cancelled. `share`: of the work that
   * is done, 0 to 1, which who asked is told of by whole percents.
   */
  breathe(share?: number): Promise<void>;
}

interface Asked {
  readonly ask: number;
}

export interface WorkerHostOptions<Question extends Asked, Answer> extends HostOptions<Answer> {
  readonly requests: z.ZodType<Question | HostOrder>;
  readonly answer: (question: Question, at: AtWork) => Promise<Answer>;
}

export class WorkerHost<Question extends Asked, Answer> {
  readonly #options: WorkerHostOptions<Question, Answer>;
  readonly #agents = new Map<number, AgentAtHand>();
  /** Of questions that are not answered yet. */
  readonly #cancels = new Map<number, AbortController>();
  #files: EngineFiles | null = null;
  #engine: Engine | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(options: WorkerHostOptions<Question, Answer>) {
    this.#options = options;
  }

  /** Resolves when it is answered, whatever came of it. */
  receive(message: unknown): Promise<void> {
    const { requests, tell } = this.#options;
    const parsed = requests.safeParse(message);
    if (!parsed.success) {
      tell(notUnderstood(message, parsed.error));
      return Promise.resolve();
    }
    const { data: request } = parsed;
    if (isOrder(request)) return this.#follow(request);
    this.#cancels.set(request.ask, new AbortController());
    return this.#inTurn(() => this.#reply(request));
  }

  #follow(order: HostOrder): Promise<void> {
    switch (order.kind) {
      case "engine":
        this.#files = order;
        return Promise.resolve();
      case "cancel":
        this.#cancels.get(order.of)?.abort();
        return Promise.resolve();
      case "close":
        return this.#inTurn(async () => {
          const agent = this.#agents.get(order.agent);
          this.#agents.delete(order.agent);
          await agent?.release();
        });
      default:
        return order satisfies never;
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    return this.#last;
  }

  async #reply(question: Question): Promise<void> {
    const { answer, tell } = this.#options;
    const at = this.#atWork(question);
    try {
      // Also where it was cancelled while others were answered.
      await at.breathe();
      tell(await answer(question, at));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tell({ kind: "failed", ask: question.ask, code: error instanceof MesascopeError ? error.code : null, message });
    } finally {
      this.#cancels.delete(question.ask);
    }
  }

  #atWork({ ask }: Question): AtWork {
    const signal = this.#cancels.get(ask)?.signal;
    let told = -1;
    return {
      open: async (source) => {
        const agent = await openAgent(source, async () => this.#makeEngine());
        this.#agents.set(ask, agent);
        return agent;
      },
      agent: (number) => {
        const agent = this.#agents.get(number);
        if (agent !== undefined) return agent;
        throw new MesascopeError(
          "usage",
          `agent ${number} asked for; it is not open. Open it first, and ask before it is closed.`,
        );
      },
      breathe: async (share) => {
        if (share !== undefined && Math.floor(100 * share) > told) {
          told = Math.floor(100 * share);
          this.#options.tell({ kind: "progress", ask, share });
        }
        await new Promise((resolve) => setTimeout(resolve));
        if (signal?.aborted) throw new MesascopeError("interrupted", "the question was cancelled.");
      },
    };
  }

  #makeEngine(): Engine {
    if (this.#files === null)
      throw new MesascopeError("usage", "an agent given before the engine; expected the engine's place first.");
    this.#engine ??= this.#options.engine(this.#files);
    return this.#engine;
  }
}

function isOrder(request: Asked | HostOrder): request is HostOrder {
  return !("ask" in request);
}

/** The same, as a message: plain, and nobody else's. */
export function copyOf<Value>(value: Value): Mutable<Value> {
  return structuredClone(value) as Mutable<Value>;
}

type Mutable<Value> = Value extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
    : Value;
