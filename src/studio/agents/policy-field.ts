// The policy field: what an agent would do if the player stood on each other cell, everything else as it is.

import { z } from "zod";
import { answersAt } from "../../core/agents/rollout.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { AgentAtHand } from "./open-agent.ts";

export interface FieldCell {
  /** Middle of the cell, in cell units of the display list. */
  readonly x: number;
  readonly y: number;
  /** Per action, in the world's order. */
  readonly probabilities: readonly number[];
}

export type PolicyField =
  | { readonly kind: "field"; readonly cells: readonly FieldCell[] }
  /** Worlds without a player on a board have none. */
  | { readonly kind: "none"; readonly reason: string };

/** States of worlds that play on cells name the player's. */
const onACell = z.looseObject({ cell: z.int() });

/** Each cell is asked as if an episode began there: what a policy remembers of this episode is not known to it. */
export async function policyField(
  agent: Pick<AgentAtHand, "world" | "encoder" | "policy">,
  { level, state }: { readonly level: unknown; readonly state: unknown },
): Promise<PolicyField> {
  const { world } = agent;
  const here = onACell.safeParse(state).data;
  if (here === undefined) return { kind: "none", reason: `In ${world.name} there is no player on a cell.` };
  const probe = world.createBatch(1);
  probe.reset(0, level);
  const { columns, rows } = world.display(probe, 0);
  const places = Array.from({ length: columns * rows }, (_, cell) => ({ ...here, cell })).flatMap((placed) => {
    if (!isPossible(() => probe.place(0, placed))) return [];
    const player = world.display(probe, 0).moving.find(({ role }) => role === "player");
    return player === undefined ? [] : [{ placed, x: player.x + player.width / 2, y: player.y + player.height / 2 }];
  });
  if (places.length === 0) return { kind: "none", reason: `In ${world.name} the player cannot be put on other cells.` };
  const answers = await answersIn(agent, { level, states: places.map(({ placed }) => placed) });
  const cells = places.flatMap(({ x, y }, place) => {
    const probabilities = answers[place]!;
    return probabilities === null ? [] : [{ x, y, probabilities }];
  });
  return { kind: "field", cells };
}

/** Null for states that the policy refuses: planners know no values where nobody can come. */
async function answersIn(
  { world, encoder, policy }: Pick<AgentAtHand, "world" | "encoder" | "policy">,
  { level, states }: { readonly level: unknown; readonly states: readonly unknown[] },
): Promise<readonly (readonly number[] | null)[]> {
  const batch = world.createBatch(states.length);
  states.forEach((state, env) => {
    batch.reset(env, level);
    batch.place(env, state);
  });
  const count = world.actions.length;
  try {
    const answers = await answersAt({ policy, encoder, batch });
    return states.map((_, env) => [...answers.subarray(env * count, (env + 1) * count)]);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (states.length === 1) return [null];
    const each = [];
    for (const state of states) each.push(...(await answersIn({ world, encoder, policy }, { level, states: [state] })));
    return each;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof MesascopeError && error.code === "usage";
}

function isPossible(place: () => void): boolean {
  try {
    place();
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
