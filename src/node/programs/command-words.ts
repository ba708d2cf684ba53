// A command as it is typed, taken apart into its words. No shell reads it: nothing in it can mean more than a program and its arguments.

import { MesascopeError } from "../../core/base/errors.ts";

/** What only a shell understands, outside of quotes. */
const shellOnly = new Set(["|", "&", ";", "<", ">", "(", ")", "$", "`"]);

/**
 * The words of a command: separated by spaces, joined by single or double quotes. Outside of single quotes a backslash takes the meaning
 * from the character after it, but for Windows (`platform` win32), where it is part of paths: there only `\"` inside of double quotes is
 * special. Throws `usage` for an open quote, for no word at all, and for characters that ask for a shell.
 */
export function commandWords(command: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let i = 0; i < command.length; i++) {
    const character = command[i]!;
    const following = command[i + 1];
    const escapes = platform === "win32" ? quote === '"' && following === '"' : quote !== "'";
    if (character === "\\" && escapes && following !== undefined) {
      word = (word ?? "") + following;
      i++;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (shellOnly.has(character)) {
      throw new MesascopeError(
        "usage",
        `the command "${command}" has ${character}, which only a shell understands, and no shell reads it. Quote it, put it into a script, or name the shell: sh -c '…'.`,
      );
    } else word = (word ?? "") + character;
  }
  if (quote !== "") {
    throw new MesascopeError("usage", `the command "${command}" has a ${quote} that is not closed; close it.`);
  }
  if (word !== null) words.push(word);
  if (words[0] === undefined || words[0] === "") {
    throw new MesascopeError("usage", 'no program given; expected a command such as "python3 my_policy.py".');
  }
  return words;
}
