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
  const { world, encoder, policy } = agent;
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
  const batch = world.createBatch(places.length);
  places.forEach(({ placed }, env) => {
    batch.reset(env, level);
    batch.place(env, placed);
  });
  const answers = await answersAt({ policy, encoder, batch });
  const count = world.actions.length;
  const cells = places.map(({ x, y }, env) => ({ x, y, probabilities: [...answers.subarray(env * count, (env + 1) * count)] }));
  return { kind: "field", cells };
}

function isPossible(place: () => void): boolean {
  try {
    place();
    return true;
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "usage") return false;
    throw error;
  }
}
