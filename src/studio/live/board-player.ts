// Boards and tallies of the agents that are shown: out of the recording where it has them, else played here by a worker, which is started by the
// first board that needs it.

import type { Episode } from "../../report/report-data.ts";
import type { AgentsAtHand } from "./ask-agents.ts";
import type { RecordedAgent } from "./recording.ts";
import { type AgentName, framesOf, levelAt } from "./story.ts";

/** What plays an agent: its recording and the place of its recorded model, or a model that was trained here. */
export type AgentSource =
  | { readonly kind: "recorded"; readonly recorded: RecordedAgent; readonly modelUrl: string }
  | { readonly kind: "live"; readonly model: Uint8Array<ArrayBuffer> };

export interface BoardPlace {
  readonly agent: AgentName;
  readonly shift: number;
  readonly number: number;
}

export class BoardPlayer {
  #worker: Promise<AgentsAtHand> | null = null;
  /** What the worker has of each agent. */
  readonly #opened = new Map<AgentName, string | Uint8Array>();

  /** The frames of a board, from the first to the one after the last action. */
  async episode(source: AgentSource, { agent, shift, number }: BoardPlace): Promise<Episode> {
    const level = levelAt(shift, number);
    const known = source.kind === "recorded" ? source.recorded.shifts[shift]?.boards[number - 1] : undefined;
    if (known !== undefined) return await framesOf(level, { actions: known });
    const worker = await this.#open(source, agent);
    const { actions } = await worker.board({ agent, shift, number });
    return await framesOf(level, { actions });
  }

  /** Means per episode, in the order of the world's features. */
  async tally(source: AgentSource, { agent, shift }: Omit<BoardPlace, "number">): Promise<readonly number[]> {
    const known = source.kind === "recorded" ? source.recorded.shifts[shift]?.tally : undefined;
    if (known !== undefined) return known;
    const worker = await this.#open(source, agent);
    return (await worker.tally({ agent, shift })).tally;
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#opened.clear();
    (await worker)?.end();
  }

  async #open(source: AgentSource, agent: AgentName): Promise<AgentsAtHand> {
    this.#worker ??= import("./ask-agents.ts").then(({ startAgentWorker }) => startAgentWorker());
    const worker = await this.#worker;
    const what = source.kind === "live" ? source.model : source.modelUrl;
    if (this.#opened.get(agent) !== what) {
      const model = source.kind === "live" ? source.model : await fetchBytes(source.modelUrl);
      this.#opened.set(agent, what);
      worker.open(agent, model);
    }
    return worker;
  }
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}; expected a policy. Reload the page.`);
  return new Uint8Array(await response.arrayBuffer());
}
