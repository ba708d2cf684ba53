// Boards and tallies of the agents that are shown: out of the recording where it has them, else played here by a worker, which is started by the
// first board that needs it.

import type { Episode } from "../../report/report-data.ts";
import type { AgentsAtHand } from "./ask-agents.ts";
import type { RecordedAgent } from "./recording.ts";
import { framesOf, levelAt } from "./story.ts";
import type { AgentName, Tally } from "./story-agents.ts";

/** What plays an agent: its recording and the place of its recorded model, or a model that was trained here. */
export type AgentSource =
  | { readonly kind: "recorded"; readonly recorded: RecordedAgent; readonly modelUrl: string }
  | { readonly kind: "live"; readonly model: Uint8Array<ArrayBuffer> };

export interface BoardPlace {
  readonly agent: AgentName;
  readonly shift: number;
  readonly number: number;
}

/** A policy in the worker, under the number that the worker knows it by. */
interface Opened {
  readonly worker: AgentsAtHand;
  readonly opened: number;
}

async function startWorker(): Promise<AgentsAtHand> {
  const { startAgentWorker } = await import("./ask-agents.ts");
  return startAgentWorker();
}

export class BoardPlayer {
  readonly #start: () => Promise<AgentsAtHand>;
  #worker: Promise<AgentsAtHand> | null = null;
  /** What the worker has of each agent, or is being given. */
  readonly #opened = new Map<AgentName, { readonly what: string | Uint8Array; readonly opening: Promise<Opened> }>();

  /** `start` is for tests: the worker to ask. */
  constructor(start: () => Promise<AgentsAtHand> = startWorker) {
    this.#start = start;
  }

  /** The frames of a board, from the first to the one after the last action. Rejects where it cannot be played; asked again it is tried anew. */
  async episode(source: AgentSource, { agent, shift, number }: BoardPlace): Promise<Episode> {
    const level = levelAt(shift, number);
    const known = source.kind === "recorded" ? source.recorded.shifts[shift]?.boards[number - 1] : undefined;
    if (known !== undefined) return await framesOf(level, { actions: known });
    const { actions } = await this.#ask(source, agent, ({ worker, opened }) => worker.board({ opened, shift, number }));
    return await framesOf(level, { actions });
  }

  /** What it takes per episode, in the order of the world's features. Rejects as `episode` does. */
  async tally(source: AgentSource, { agent, shift }: Omit<BoardPlace, "number">): Promise<Tally> {
    const known = source.kind === "recorded" ? source.recorded.shifts[shift]?.tally : undefined;
    if (known !== undefined) return known;
    return (await this.#ask(source, agent, ({ worker, opened }) => worker.tally({ opened, shift }))).tally;
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#forget();
    (await worker?.catch(() => null))?.end();
  }

  async #ask<Answer>(source: AgentSource, agent: AgentName, question: (at: Opened) => Promise<Answer>): Promise<Answer> {
    const worker = this.#worker;
    try {
      return await question(await this.#open(source, agent));
    } catch (error) {
      // A worker that was lost answers nothing any more: the next question starts another.
      if (isLost(error) && (worker === null || worker === this.#worker)) this.#forget();
      throw error;
    }
  }

  #forget(): void {
    this.#worker = null;
    this.#opened.clear();
  }

  /** Once per policy, however many questions come while it is on its way. */
  #open(source: AgentSource, agent: AgentName): Promise<Opened> {
    const what = source.kind === "live" ? source.model : source.modelUrl;
    const before = this.#opened.get(agent);
    if (before?.what === what) return before.opening;
    const opening = this.#begin(source, before?.opening);
    this.#opened.set(agent, { what, opening });
    opening.catch(() => {
      if (this.#opened.get(agent)?.opening === opening) this.#opened.delete(agent);
    });
    return opening;
  }

  async #begin(source: AgentSource, before: Promise<Opened> | undefined): Promise<Opened> {
    const worker = await this.#started();
    const model = source.kind === "live" ? source.model : await fetchBytes(source.modelUrl);
    const opened = worker.open(model);
    before?.then(
      (replaced) => replaced.worker.release(replaced.opened),
      () => {},
    );
    return { worker, opened };
  }

  #started(): Promise<AgentsAtHand> {
    if (this.#worker !== null) return this.#worker;
    const started = this.#start();
    this.#worker = started;
    started.catch(() => {
      if (this.#worker === started) this.#worker = null;
    });
    return started;
  }
}

function isLost(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "worker-lost";
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}; expected a policy. Reload the page.`);
  return new Uint8Array(await response.arrayBuffer());
}
