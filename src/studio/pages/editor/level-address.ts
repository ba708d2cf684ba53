// Levels as a part of an address: lines that say what would be so without them are left out, and the commonest characters are ones that
// addresses take as they are. What comes from an address is text to be parsed and nothing else; its length is the page's schema's to limit.

import type { World } from "../../../core/worlds/world.ts";
import { readLevel } from "./tiles.ts";

/** Line ends and walls as characters that an address leaves alone; those themselves, and the mark, behind a mark. */
const plain: readonly (readonly [string, string])[] = [
  ["\n", "_"],
  ["#", "-"],
  ["_", "!u"],
  ["-", "!m"],
  ["!", "!!"],
];
const toAddress = new Map(plain);
const fromAddress = new Map(plain.map(([text, address]) => [address, text]));

/** The level of a text in its shortest form; a text that is none stays as it is. */
export function addressOfLevel(world: World, text: string): string {
  return [...shortened(world, text)].map((character) => toAddress.get(character) ?? character).join("");
}

/** The text that an address holds. */
export function levelOfAddress(address: string): string {
  return address.replaceAll(/!.|[-_]/gs, (part) => fromAddress.get(part) ?? part);
}

function shortened(world: World, text: string): string {
  const read = readLevel(world, text);
  if (read.kind === "invalid") return text;
  const whole = world.formatLevel(read.level);
  const lines = whole.trimEnd().split("\n");
  const isSame = (fewer: readonly string[]): boolean => {
    const again = readLevel(world, fewer.join("\n"));
    return again.kind === "level" && world.formatLevel(again.level) === whole;
  };
  return lines
    .reduce<readonly string[]>((kept, line) => {
      const fewer = kept.filter((other) => other !== line);
      return line.includes(":") && isSame(fewer) ? fewer : kept;
    }, lines)
    .join("\n");
}
