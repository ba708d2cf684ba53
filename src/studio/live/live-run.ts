// Trains the agents of the first page in workers, one processor left to the page, and audits each when it is trained. What was begun can be
// paused and continued; everything begins at nothing.

import { trainInWorker, type WorkerTraining } from "../../browser/train-in-worker.ts";
import type { VerdictDocument } from "../../core/audit/verdict-document.ts";
import type { OptimizerSnapshot } from "../../core/optimizers/base-optimizer.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { startAgentWorker } from "./ask-agents.ts";
import { engineFiles } from "./engine-files.ts";
import { type ProcessorShares, shareProcessors } from "./processors.ts";
import type { CurvePoint } from "./recording.ts";
import { liveAuditLevels } from "./story.ts";
import { type AgentName, agentNames, preset } from "./story-agents.ts";
import { TimeLeft } from "./time-left.ts";
import { keepTrained } from "./trained-here.ts";
import { isInLine, trainingOrder } from "./training-order.ts";

export type LivePhase =
  | { readonly kind: "waiting" }
  /** `secondsLeft` is null until there is a pace to tell it from. */
  | { readonly kind: "training"; readonly secondsLeft: number | null }
  | { readonly kind: "paused" }
  | { readonly kind: "auditing" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };

export interface LiveAgent {
  readonly phase: LivePhase;
  readonly totalSteps: number;
  /** Empty until the first measurement. */
  readonly curve: readonly CurvePoint[];
  /** Once it is trained. */
  readonly model: Uint8Array<ArrayBuffer> | null;
  /** Once it is audited. */
  readonly audit: VerdictDocument | null;
}

export interface LiveState {
  readonly seed: number;
  readonly isPaused: boolean;
  readonly agents: Readonly<Record<AgentName, LiveAgent>>;
}

/** What the page keeps in its hands to act on one agent's training. */
interface Running {
  readonly recipe: Recipe;
  training: WorkerTraining | null;
  snapshot: OptimizerSnapshot | null;
  /** From the last start or resumption on. */
  timeLeft: TimeLeft;
}

export class LiveRun {
  readonly #changed = new EventTarget();
  readonly #running: Readonly<Record<AgentName, Running>>;
  readonly #shares: ProcessorShares;
  #state: LiveState;
  #hasEnded = false;

  constructor(options: { readonly seed: number; readonly processors: number; readonly isIsolated: boolean }) {
    const { seed } = options;
    this.#shares = shareProcessors(options);
    const running = agentNames.map((agent): [AgentName, Running] => {
      const recipe = findOrganism(agent).recipe({ preset, seed });
      return [agent, { recipe, training: null, snapshot: null, timeLeft: new TimeLeft(recipe.optimizer.totalTimesteps) }];
    });
    this.#running = Object.fromEntries(running) as Record<AgentName, Running>;
    const agents = running.map(([agent, { recipe }]): [AgentName, LiveAgent] => [
      agent,
      { phase: { kind: "waiting" }, totalSteps: recipe.optimizer.totalTimesteps, curve: [], model: null, audit: null },
    ]);
    this.#state = { seed, isPaused: false, agents: Object.fromEntries(agents) as Record<AgentName, LiveAgent> };
    this.#fill();
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Calls after every change. Returns what ends it. */
  listen(listener: () => void): () => void {
    this.#changed.addEventListener("change", listener);
    return () => this.#changed.removeEventListener("change", listener);
  }

  /** Trainings stop after the update under way and keep what they have. */
  pause(): void {
    this.#set({ ...this.#state, isPaused: true });
    for (const { training } of Object.values(this.#running)) training?.stop();
  }

  /** To the same weights as without the pause. */
  resume(): void {
    this.#set({ ...this.#state, isPaused: false });
    this.#fill();
  }

  /** Stops for good; nothing is told afterwards. */
  end(): void {
    this.#hasEnded = true;
    for (const { training } of Object.values(this.#running)) training?.stop();
  }

  #fill(): void {
    if (this.#state.isPaused || this.#hasEnded) return;
    const isBusy = (agent: AgentName) => ["training", "auditing"].includes(this.#state.agents[agent].phase.kind);
    const isReady = (agent: AgentName) => isInLine(this.#state.agents[agent].phase);
    for (const agent of trainingOrder) {
      if (agentNames.filter(isBusy).length >= this.#shares.lanes) return;
      if (isReady(agent)) void this.#work(agent);
    }
  }

  async #work(agent: AgentName): Promise<void> {
    try {
      const model = await this.#train(agent);
      if (model !== null) await this.#audit(agent, model);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#change(agent, { phase: { kind: "failed", message } });
    }
    this.#fill();
  }

  /** The model, or null where it was paused. */
  async #train(agent: AgentName): Promise<Uint8Array<ArrayBuffer> | null> {
    const running = this.#running[agent];
    this.#change(agent, { phase: { kind: "training", secondsLeft: null } });
    running.timeLeft = new TimeLeft(running.recipe.optimizer.totalTimesteps);
    running.training = trainInWorker({
      recipe: running.recipe,
      snapshot: running.snapshot ?? undefined,
      engine: { wasmPaths: engineFiles, threads: this.#shares.threads },
      worker: new Worker(new URL("../../browser/train-worker.ts", import.meta.url), { type: "module" }),
      onProgress: ({ environmentSteps, oracleShare }) => this.#told(agent, { environmentSteps, oracleShare }),
    });
    const outcome = await running.training.result;
    running.training = null;
    if (outcome.kind === "stopped") {
      running.snapshot = outcome.snapshot;
      this.#change(agent, { phase: { kind: "paused" } });
      return null;
    }
    const model = new Uint8Array(outcome.model);
    if (!this.#hasEnded) keepTrained({ name: agent, seed: this.#state.seed, model });
    this.#change(agent, { phase: { kind: "auditing" }, model });
    return model;
  }

  #told(agent: AgentName, point: CurvePoint): void {
    const { totalSteps, curve } = this.#state.agents[agent];
    const { timeLeft } = this.#running[agent];
    const secondsLeft = timeLeft.told({ at: performance.now() / 1000, steps: point.environmentSteps });
    // Between two measurements the last one is told again; at the end there is always one.
    const isNew = curve.at(-1)?.oracleShare !== point.oracleShare;
    const isMeasured =
      isNew || (point.environmentSteps >= totalSteps && curve.at(-1)?.environmentSteps !== point.environmentSteps);
    this.#change(agent, {
      phase: { kind: "training", secondsLeft },
      ...(isMeasured && { curve: [...curve, point] }),
    });
  }

  /** In a worker of its own, which the policies that are played do not wait for. */
  async #audit(agent: AgentName, model: Uint8Array<ArrayBuffer>): Promise<void> {
    const worker = startAgentWorker();
    try {
      const opened = worker.open(model);
      const { document } = await worker.audit({ opened, levels: liveAuditLevels, seed: this.#state.seed });
      this.#change(agent, { phase: { kind: "done" }, audit: document });
    } finally {
      worker.end();
    }
  }

  #change(agent: AgentName, change: Partial<LiveAgent>): void {
    const { agents } = this.#state;
    this.#set({ ...this.#state, agents: { ...agents, [agent]: { ...agents[agent], ...change } } });
  }

  #set(state: LiveState): void {
    if (this.#hasEnded) return;
    this.#state = state;
    this.#changed.dispatchEvent(new Event("change"));
  }
}
