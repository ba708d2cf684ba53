// The worlds of the editor: that of the recorded agents comes with it, and all others once one of them is asked for or may be chosen.

import { use } from "react";
import { createArcade } from "../../../core/worlds/arcade/arcade.ts";
import type { World } from "../../../core/worlds/world.ts";
import { loadScript } from "../../app/script-missing.ts";

const first: readonly World[] = [createArcade()];
let all: Promise<readonly World[]> | null = null;

/** All of them, at their standard parameters; the same promise each time. Rejects where their file does not come. */
export function allWorlds(): Promise<readonly World[]> {
  all ??= loadScript(() => import("../../../core/worlds/index.ts")).then(({ worlds }) => worlds);
  return all;
}

/** Some of them, the one of that name among them unless there is none; waits for the others where it takes them. */
export function useWorldsFor(name: string): readonly World[] {
  return first.some((world) => world.name === name) ? first : use(allWorlds());
}
