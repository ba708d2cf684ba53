// The worlds of the editor: that of the recorded agents comes with it, and all others once one of them is asked for or may be chosen.

import { use } from "react";
import { createArcade } from "../../../core/worlds/arcade/arcade.ts";
import type { World } from "../../../core/worlds/world.ts";
import { loadScript } from "../../app/script-missing.ts";

const first: readonly World[] = [createArcade()];
let all: Promise<readonly World[]> | null = null;
let hasFailed = false;

/** All of them, at their standard parameters; asked for anew where they did not come before. Rejects where their file does not come. */
export function allWorlds(): Promise<readonly World[]> {
  if (all !== null && !hasFailed) return all;
  hasFailed = false;
  all = loadScript(() => import("../../../core/worlds/index.ts")).then(({ worlds }) => worlds);
  all.catch(() => {
    hasFailed = true;
  });
  return all;
}

/** Some of them, the one of that name among them unless there is none; waits for the others where it takes them. */
export function useWorldsFor(name: string): readonly World[] {
  // The same promise at each rendering, also one that was rejected: with another each time it would never be told.
  return first.some((world) => world.name === name) ? first : use(all ?? allWorlds());
}
