// Text within the width of a terminal: broken at spaces, never inside a word. Elsewhere (files, pipes) lines are left whole.

import type { Channel } from "./terminal.ts";

const narrowest = 40;

/** Columns that a line may take; infinite where nobody looks at it on a terminal. */
export function columnsOf({ isTerminal, columns }: Pick<Channel, "isTerminal" | "columns">): number {
  return isTerminal ? Math.max(narrowest, columns) : Number.POSITIVE_INFINITY;
}

const letters = new Intl.Segmenter("en");

/** The text in at most so many characters, the last of them … where it was longer; a letter of several is kept or left out whole. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = "";
  for (const { segment } of letters.segment(text)) {
    if (kept.length + segment.length > most - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Breaks each line of a text into lines of at most `width` characters, at spaces; longer words stand on lines of their own. */
export function wrap(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, width))
    .join("\n");
}

/** The text as lines that end in a line end, within the channel's width; what does not fit on the first begins with `hanging` spaces. */
export function prose(text: string, { channel, hanging = 0 }: { readonly channel: Channel; readonly hanging?: number }): string {
  const columns = columnsOf(channel);
  if (!Number.isFinite(columns)) return `${text}\n`;
  const lines = text.split("\n").map((line) => {
    const indent = /^ */.exec(line)![0];
    const rest = " ".repeat(Math.max(indent.length, hanging));
    const first = wrapLine(line.slice(indent.length), columns - indent.length).split("\n")[0]!;
    const others = line.slice(indent.length + first.length).trimStart();
    if (others === "") return line;
    return `${indent}${first}\n${wrapLine(others, columns - rest.length).replace(/^/gm, rest)}`;
  });
  return `${lines.join("\n")}\n`;
}

function wrapLine(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
