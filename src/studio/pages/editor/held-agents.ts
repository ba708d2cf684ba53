// The agents that a worker of the editor holds: each is opened once, and closed when it is left out.

import type { AgentSource } from "../../agents/open-agent.ts";
import type { LevelsAtHand } from "./ask-levels.ts";

/** An agent to be opened, and its source once it is known. */
export interface AgentToPlay {
  readonly agent: string;
  /** Another for another agent under the same name. */
  readonly key: string;
  readonly source: (signal: AbortSignal) => Promise<AgentSource>;
}

interface Held {
  readonly key: string;
  readonly ending: AbortController;
  /** The number to ask it by. */
  readonly number: Promise<number>;
}

export class HeldAgents {
  readonly #levels: Pick<LevelsAtHand, "open" | "close">;
  readonly #held = new Map<string, Held>();

  constructor(levels: Pick<LevelsAtHand, "open" | "close">) {
    this.#levels = levels;
  }

  /** The number to ask it by. Rejects where it cannot be opened: then it is opened anew when it is asked for again. */
  numberOf({ agent, key, source }: AgentToPlay): Promise<number> {
    const known = this.#held.get(agent);
    if (known?.key === key) return known.number;
    this.close(agent);
    const ending = new AbortController();
    const { signal } = ending;
    const held: Held = { key, ending, number: source(signal).then((found) => this.#levels.open(found, signal)) };
    this.#held.set(agent, held);
    held.number.catch(() => this.#held.get(agent) === held && this.#held.delete(agent));
    return held.number;
  }

  /** Closes all others. */
  keepOnly(agents: readonly Pick<AgentToPlay, "agent" | "key">[]): void {
    for (const [agent, { key }] of this.#held)
      if (!agents.some((each) => each.agent === agent && each.key === key)) this.close(agent);
  }

  close(agent: string): void {
    const held = this.#held.get(agent);
    this.#held.delete(agent);
    held?.ending.abort();
    // What was not opened yet closes itself.
    held?.number.then(
      (number) => this.#levels.close(number),
      () => undefined,
    );
  }
}
