// What an auditor receives of an agent: this, and nothing else. Recipes, labels and training curves stay with the caller.

import type { Policy } from "../agents/policy.ts";
import type { CollectionWorld } from "../worlds/grid/collection.ts";
import type { Encoder } from "../worlds/world.ts";

/** The allow-list of an audit. The world carries its actions and its training distribution; the id is random. */
export interface Subject {
  readonly id: string;
  readonly world: CollectionWorld;
  readonly encoder: Encoder<unknown>;
  readonly policy: Policy;
}
