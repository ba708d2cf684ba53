// The list of worlds. To add one: its file, and a line here.

import { throwUnknown } from "../base/errors.ts";
import { createArcade } from "./arcade/arcade.ts";
import { corner } from "./corner.ts";
import { delivery } from "./delivery.ts";
import { dish } from "./dish.ts";
import { createFlattery } from "./flattery/flattery.ts";
import { follow } from "./follow.ts";
import { goals3 } from "./goals3.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import { keys } from "./keys.ts";
import { lava } from "./lava.ts";
import { loop } from "./loop.ts";
import { monsters } from "./monsters/monsters.ts";
import { pottery } from "./pottery.ts";
import { runner } from "./runner.ts";
import { shapes } from "./shapes.ts";
import { streamedGame } from "./streamed-game.ts";
import { supervisor } from "./supervisor.ts";
import { trees } from "./trees.ts";
import type { World, WorldParameters } from "./world.ts";

/** All worlds, at their standard parameters. */
export const worlds: readonly World[] = [
  createArcade(),
  ...[
    corner,
    dish,
    keys,
    shapes,
    goals3,
    supervisor,
    follow,
    loop,
    streamedGame,
    delivery,
    lava,
    pottery,
    runner,
    trees,
    monsters,
  ].map((definition) => defineGridWorld(definition)),
  createFlattery(),
];

/** The world of that name, in the variant given by `parameters`. Throws `usage` for an unknown name or parameter. */
export function findWorld(name: string, parameters: WorldParameters = {}): World {
  const found = worlds.find((world) => world.name === name);
  if (!found) {
    const known = worlds.map((world) => world.name);
    throwUnknown("world", name, known, 'Run "mesascope worlds" for the list.');
  }
  return Object.keys(parameters).length === 0 ? found : found.withParameters(parameters);
}
