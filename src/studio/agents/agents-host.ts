// The worker's side: holds the agents that were given and answers what is asked of them, one question after the other. A question that is
// cancelled ends at the next pause of its work.

import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { worlds } from "../../core/worlds/index.ts";
import { explainEpisode } from "./explain-episode.ts";
import type { AgentsAnswer, AgentsRequest } from "./messages.ts";
import { type AgentAtHand, openAgent } from "./open-agent.ts";
import { levelOf, placeOf } from "./places.ts";
import { type PlayedEpisode, playEpisode } from "./play-episode.ts";
import { policyField } from "./policy-field.ts";
import { outlineOf } from "./world-outline.ts";

/** Episodes of an agent that are kept: what is asked of one need not play it again. */
const keptEpisodes = 8;

export interface AgentsHostOptions {
  /** Makes the engine of the runtime's files; called when the first model is opened. */
  readonly engine: (files: { readonly mjs: string; readonly wasm: string }) => Engine;
  readonly tell: (answer: AgentsAnswer) => void;
}

interface Held {
  readonly agent: AgentAtHand;
  readonly played: Map<string, Promise<PlayedEpisode>>;
}

type Question = Exclude<AgentsRequest, { readonly kind: "engine" | "close" | "cancel" }>;
type EpisodeQuestion = Extract<AgentsRequest, { readonly kind: "play" | "explain" | "field" }>;

export class AgentsHost {
  readonly #options: AgentsHostOptions;
  readonly #held = new Map<string, Held>();
  readonly #cancelled = new Set<number>();
  #files: { readonly mjs: string; readonly wasm: string } | null = null;
  #engine: Engine | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(options: AgentsHostOptions) {
    this.#options = options;
  }

  /** Resolves when it is answered, whatever came of it. */
  receive(request: AgentsRequest): Promise<void> {
    if (request.kind === "cancel") {
      this.#cancelled.add(request.of);
      return Promise.resolve();
    }
    this.#last = this.#last.then(() => this.#take(request));
    return this.#last;
  }

  async #take(request: Exclude<AgentsRequest, { readonly kind: "cancel" }>): Promise<void> {
    switch (request.kind) {
      case "engine":
        this.#files = request;
        return;
      case "close":
        return await this.#close(request.agent);
      default:
        return await this.#reply(request);
    }
  }

  async #reply(request: Question): Promise<void> {
    const { tell } = this.#options;
    try {
      // Also where it was cancelled while others were answered.
      await this.#breathe(request.ask);
      tell(await this.#answer(request));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tell({ kind: "failed", ask: request.ask, code: error instanceof MesascopeError ? error.code : null, message });
    } finally {
      this.#cancelled.delete(request.ask);
    }
  }

  async #answer(request: Question): Promise<AgentsAnswer> {
    const { ask } = request;
    switch (request.kind) {
      case "worlds":
        return { kind: "worlds", ask, worlds: worlds.map(({ name, summary }) => ({ name, summary })) };
      case "world":
        return { kind: "world", ask, world: outlineOf(placeOf(request.setting).world) };
      case "open": {
        await this.#close(request.agent);
        const agent = await openAgent(request.source, async () => this.#makeEngine());
        this.#held.set(request.agent, { agent, played: new Map() });
        const { world, encoder, policy, notes } = agent;
        const remembers = policy.memory === "episode";
        return { kind: "opened", ask, world: outlineOf(world), encoder: encoder.name, remembers, notes: [...notes] };
      }
      case "play": {
        const { agent } = this.#heldAs(request.agent);
        const { episode, level } = await this.#played(request);
        return { kind: "played", ask, episode: copyOf(episode), text: agent.world.formatLevel(level) };
      }
      case "explain": {
        const { world, policy } = this.#heldAs(request.agent).agent;
        const played = await this.#played(request);
        const explanation = await explainEpisode({ world, policy, played, breathe: () => this.#breathe(ask) });
        return { kind: "explained", ask, explanation: copyOf(explanation) };
      }
      case "field": {
        const { agent } = this.#heldAs(request.agent);
        const { level, states } = await this.#played(request);
        const state = states[Math.min(request.step, states.length - 1)];
        return { kind: "field", ask, field: copyOf(await policyField(agent, { level, state })) };
      }
      default:
        return request satisfies never;
    }
  }

  #played({ agent: name, level: given, draw }: EpisodeQuestion): Promise<PlayedEpisode> {
    const { agent, played } = this.#heldAs(name);
    const key = JSON.stringify([given, draw]);
    const known = played.get(key);
    if (known !== undefined) return known;
    const made = Promise.resolve().then(() => playEpisode(agent, { level: levelOf(agent.world, given), draw }));
    played.set(key, made);
    made.catch(() => played.delete(key));
    const [oldest] = played.keys();
    if (played.size > keptEpisodes && oldest !== undefined) played.delete(oldest);
    return made;
  }

  #heldAs(name: string): Held {
    const held = this.#held.get(name);
    if (held === undefined) throw new MesascopeError("usage", `agent ${name} asked for; it was not given before. Open it first.`);
    return held;
  }

  async #close(name: string): Promise<void> {
    const held = this.#held.get(name);
    this.#held.delete(name);
    await held?.agent.release();
  }

  #makeEngine(): Engine {
    if (this.#files === null)
      throw new MesascopeError("usage", "an agent given before the engine; expected the engine's place first.");
    this.#engine ??= this.#options.engine(this.#files);
    return this.#engine;
  }

  /** Lets messages in: they are not heard while something computes. Throws `interrupted` where the question was cancelled. */
  async #breathe(ask: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#cancelled.has(ask)) throw new MesascopeError("interrupted", "the question was cancelled.");
  }
}

/** The same, as a message: plain, and nobody else's. */
function copyOf<Value>(value: Value): Mutable<Value> {
  return structuredClone(value) as Mutable<Value>;
}

type Mutable<Value> = Value extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
    : Value;
