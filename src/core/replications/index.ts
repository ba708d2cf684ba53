// The list of replications. To add one: its file, and a line here.

import { throwUnknown } from "../base/errors.ts";
import { arcadeReplication } from "./arcade.ts";
import { cornerReplication } from "./corner.ts";
import { dishReplication } from "./dish.ts";
import { failureModesReplication } from "./failure-modes.ts";
import { followReplication } from "./follow.ts";
import { goals3Replication } from "./goals3.ts";
import { keysReplication } from "./keys.ts";
import { lavaReplication } from "./lava.ts";
import { loopReplication } from "./loop.ts";
import { monstersReplication } from "./monsters.ts";
import { potteryReplication } from "./pottery.ts";
import type { Replication } from "./replication.ts";
import { runnerReplication } from "./runner.ts";
import { scenarioReplications } from "./scenarios.ts";
import { shapesReplication } from "./shapes.ts";
import { supervisorReplication } from "./supervisor.ts";
import { treesReplication } from "./trees.ts";

export const replications: readonly Replication[] = [
  arcadeReplication,
  cornerReplication,
  dishReplication,
  keysReplication,
  shapesReplication,
  goals3Replication,
  supervisorReplication,
  followReplication,
  loopReplication,
  lavaReplication,
  potteryReplication,
  runnerReplication,
  treesReplication,
  monstersReplication,
  ...scenarioReplications,
  failureModesReplication,
];

/** The replication of that name. Throws `usage`. */
export function findReplication(name: string): Replication {
  const found = replications.find((replication) => replication.name === name);
  if (found) return found;
  const known = replications.map((replication) => replication.name);
  return throwUnknown("replication", name, known, 'Run "mesascope replicate" for the list.');
}
