// The list of organisms. To add one: an entry in its world's file; to add a world's organisms: their file, and a line here.

import { throwUnknown } from "../base/errors.ts";
import { arcadeOrganisms } from "./arcade.ts";
import { cornerOrganisms } from "./corner.ts";
import { dishOrganisms } from "./dish.ts";
import { followOrganisms } from "./follow.ts";
import { goals3Organisms } from "./goals3.ts";
import { keysOrganisms } from "./keys.ts";
import { lavaOrganisms } from "./lava.ts";
import { loopOrganisms } from "./loop.ts";
import { monstersOrganisms } from "./monsters.ts";
import type { Organism } from "./organism.ts";
import { potteryOrganisms } from "./pottery.ts";
import { runnerOrganisms } from "./runner.ts";
import { scenarioOrganisms } from "./scenarios.ts";
import { shapesOrganisms } from "./shapes.ts";
import { supervisorOrganisms } from "./supervisor.ts";
import { treesOrganisms } from "./trees.ts";

export const organisms: readonly Organism[] = [
  ...arcadeOrganisms,
  ...cornerOrganisms,
  ...dishOrganisms,
  ...keysOrganisms,
  ...shapesOrganisms,
  ...goals3Organisms,
  ...supervisorOrganisms,
  ...followOrganisms,
  ...loopOrganisms,
  ...lavaOrganisms,
  ...potteryOrganisms,
  ...runnerOrganisms,
  ...treesOrganisms,
  ...monstersOrganisms,
  ...scenarioOrganisms,
];

/** The organism of that id. Throws `usage`. */
export function findOrganism(id: string): Organism {
  const found = organisms.find((organism) => organism.id === id);
  if (found) return found;
  const known = organisms.map((organism) => organism.id);
  return throwUnknown("organism", id, known, 'Run "mesascope organisms" for the list.');
}
