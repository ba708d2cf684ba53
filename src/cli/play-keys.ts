// Which key stands for which action of a world, and how that is told to who plays.

import type { Key } from "node:readline";

/** Keys by the names that Node gives them. */
const directions: Readonly<Record<string, readonly string[]>> = {
  up: ["up", "w"],
  down: ["down", "s"],
  left: ["left", "a"],
  right: ["right", "d"],
};

export interface PlayKeys {
  /** What a key press asks for: the place of an action, or the end of the game or of the program; undefined for a key without a meaning. */
  askedBy(press: unknown): number | "quit" | "interrupt" | undefined;
  /** A line that names the keys. */
  readonly legend: string;
}

/**
 * Directions are arrow keys and w a s d; of the other actions the last is the space bar, those before it are the numbers from 1. q ends the
 * game. Ctrl-C, which in raw mode is a key like others, interrupts the program.
 */
export function playKeys(actions: readonly string[]): PlayKeys {
  const others = actions.filter((action) => !Object.hasOwn(directions, action));
  const numbered = others.slice(0, -1);
  const last = others.at(-1);
  const byKey = new Map<string, number>();
  for (const [direction, keys] of Object.entries(directions))
    if (actions.includes(direction)) for (const key of keys) byKey.set(key, actions.indexOf(direction));
  numbered.forEach((action, i) => {
    byKey.set(String(i + 1), actions.indexOf(action));
  });
  if (last !== undefined) byKey.set("space", actions.indexOf(last));
  const parts = [
    ...(others.length < actions.length ? ["arrows or wasd move"] : []),
    ...numbered.map((action, i) => `${i + 1} ${action}`),
    ...(last === undefined ? [] : [`space ${last}`]),
    "q quit",
  ];
  return {
    legend: parts.join(", "),
    askedBy(press) {
      const { name, sequence, ctrl } = press as Key;
      if (ctrl) return name === "c" ? "interrupt" : undefined;
      // Digits have no name on some terminals.
      const key = name ?? sequence ?? "";
      return key === "q" ? "quit" : byKey.get(key);
    },
  };
}
