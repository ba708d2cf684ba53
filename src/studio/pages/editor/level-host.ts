// The worker's side of the editor: one question after the other; one that was cancelled before its turn is not worked on.

import { MesascopeError } from "../../../core/base/errors.ts";
import { Prng } from "../../../core/base/prng.ts";
import type { Engine } from "../../../core/engine/engine.ts";
import { levelPlannerOf } from "../../../core/objectives/planning/level-planner.ts";
import { tellingDistribution } from "../../../core/objectives/planning/telling-distribution.ts";
import type { LevelDistribution, World } from "../../../core/worlds/world.ts";
import { playCase } from "../../../report/level-case/case-result.ts";
import { type LevelCase, levelCaseSchema, openLevelCase } from "../../../report/level-case/level-case.ts";
import { objectivePlays } from "../../../report/level-case/objective-plays.ts";
import { type AgentAtHand, openAgent } from "../../agents/open-agent.ts";
import { placeOf } from "../../agents/places.ts";
import { playEpisode } from "../../agents/play-episode.ts";
import type { LevelAnswer, LevelRequest, RoundAsked } from "./level-messages.ts";
import { bestOfRound, type Side } from "./tell-apart.ts";

export interface LevelHostOptions {
  /** Makes the engine of the runtime's files; called when the first model is opened. */
  readonly engine: (files: { readonly mjs: string; readonly wasm: string }) => Engine;
  readonly tell: (answer: LevelAnswer) => void;
}

type Question = Exclude<LevelRequest, { readonly kind: "engine" | "cancel" }>;

export class LevelHost {
  readonly #options: LevelHostOptions;
  readonly #agents = new Map<string, AgentAtHand>();
  readonly #cancelled = new Set<number>();
  #files: { readonly mjs: string; readonly wasm: string } | null = null;
  #engine: Engine | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(options: LevelHostOptions) {
    this.#options = options;
  }

  /** Resolves when it is answered, whatever came of it. */
  receive(request: LevelRequest): Promise<void> {
    if (request.kind === "cancel") {
      this.#cancelled.add(request.of);
      return Promise.resolve();
    }
    if (request.kind === "engine") {
      this.#files = request;
      return Promise.resolve();
    }
    this.#last = this.#last.then(() => this.#reply(request));
    return this.#last;
  }

  async #reply(request: Question): Promise<void> {
    const { tell } = this.#options;
    try {
      // Lets messages in: they are not heard while something computes.
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#cancelled.has(request.ask)) throw new MesascopeError("interrupted", "the question was cancelled.");
      tell(structuredClone(await this.#answer(request)));
    } catch (error) {
      tell({ kind: "failed", ask: request.ask, message: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#cancelled.delete(request.ask);
    }
  }

  async #answer(request: Question): Promise<LevelAnswer> {
    const { ask } = request;
    switch (request.kind) {
      case "open": {
        const before = this.#agents.get(request.agent);
        this.#agents.delete(request.agent);
        await before?.release();
        const opened = await openAgent(request.source, async () => this.#makeEngine());
        this.#agents.set(request.agent, opened);
        return { kind: "opened", ask, notes: [...opened.notes] };
      }
      case "play": {
        const { seed, text } = request;
        const agent = this.#agentNamed(request.agent);
        const { world } = placeOf(request.setting);
        const level = world.parseLevel(text);
        const opened = { name: "here", world, level, expected: null, note: "" };
        const result = await playCase({ id: "agent", ...agent }, opened, seed);
        const { episode } = await playEpisode(agent, { level, draw: { seed, number: 1 } });
        return { kind: "played", ask, episode: plain(episode), result };
      }
      case "objectives": {
        const { world } = placeOf(request.setting);
        return { kind: "objectives", ask, plays: plain(objectivePlays(world, world.parseLevel(request.text))) };
      }
      case "round":
        return { kind: "round", ask, ...(await this.#round(request)) };
      case "read":
        return { kind: "read", ask, levelCase: readCase(request.file) };
      default:
        return request satisfies never;
    }
  }

  async #round({ setting, sides, among, levels, seed, round }: RoundAsked) {
    const { world } = placeOf(setting);
    const [first, second] = sides.map(
      (side): Side => (side.kind === "objective" ? side : { kind: "agent", agent: this.#agentNamed(side.agent) }),
    );
    const distribution = distributionOf(world, among);
    return await bestOfRound({ world, sides: [first!, second!], distribution, levels, prng: Prng.fromSeed(seed, round) });
  }

  #agentNamed(name: string): AgentAtHand {
    const agent = this.#agents.get(name);
    if (agent === undefined)
      throw new MesascopeError("usage", `agent ${name} asked for; it was not given before. Open it first.`);
    return agent;
  }

  #makeEngine(): Engine {
    if (this.#files === null)
      throw new MesascopeError("usage", "an agent given before the engine; expected the engine's place first.");
    this.#engine ??= this.#options.engine(this.#files);
    return this.#engine;
  }
}

/** Throws `invalid-data` for what is no JSON, and as `openLevelCase`. */
function readCase(file: string): LevelCase {
  let document: unknown;
  try {
    document = JSON.parse(file);
  } catch {
    throw new MesascopeError("invalid-data", "the file is no JSON; expected a test case, as this page saves them.");
  }
  openLevelCase(document);
  return levelCaseSchema.parse(document);
}

function distributionOf(world: World, among: RoundAsked["among"]): LevelDistribution {
  if (among.kind === "point") return { kind: "shift", point: among.point };
  return tellingDistribution(world, { planner: levelPlannerOf(world), prng: Prng.fromSeed(0) });
}

/** As a message: what is read-only here is anybody's there. */
function plain<Value>(value: Value): Mutable<Value> {
  return structuredClone(value) as Mutable<Value>;
}

type Mutable<Value> = Value extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
    : Value;
