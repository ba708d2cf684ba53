// YAML of strangers as plain JSON. Aliases, tags and keys that are collections are refused, and so is what nests deeply or is very much: the
// syntax is looked at in a loop before anything recurses into it.

import { Composer, type CST, LineCounter, Parser } from "yaml";
import { MesascopeError } from "../../core/base/errors.ts";

const mostDepth = 40;
const mostNodes = 20_000;
/** The reader takes some ten microseconds a letter. */
const mostLetters = 2 ** 17;
/** Keys of a map are compared each with each. */
const mostKeys = 2000;

/** The value of a YAML 1.2 text with one document. Throws `usage` naming `source` and the line. */
export function parsePlainYaml(text: string, source: string): unknown {
  const lines = new LineCounter();
  const refuse = (offset: number, what: string, expected: string): MesascopeError => {
    const { line } = lines.linePos(offset);
    return new MesascopeError("usage", `${source}, line ${line}: ${what}; expected ${expected}. Correct it.`);
  };
  if (text.length > mostLetters) {
    throw refuse(
      0,
      `${text.length.toLocaleString("en-US")} letters of YAML given`,
      `at most ${mostLetters.toLocaleString("en-US")}, or JSON`,
    );
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  requirePlain(tokens, refuse);
  const [document, second] = new Composer({ lineCounter: lines, stringKeys: true }).compose(tokens, true, text.length);
  if (second) throw refuse(second.range[0], "a second document given", "one");
  const [problem] = [...document!.errors, ...document!.warnings];
  if (problem) throw refuse(problem.pos[0], problem.message.split(/ at line \d+|\n/, 1)[0]!, "YAML 1.2");
  return document!.toJS({ maxAliasCount: 0 });
}

type Refuse = (offset: number, what: string, expected: string) => MesascopeError;

function requirePlain(tokens: readonly CST.Token[], refuse: Refuse): void {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let seen = 0; waiting.length > 0; seen++) {
    const { token, depth } = waiting.pop()!;
    if (seen > mostNodes) throw refuse(token.offset, `more than ${mostNodes.toLocaleString("en-US")} values given`, "fewer");
    if (depth > mostDepth) throw refuse(token.offset, `more than ${mostDepth} levels given`, "fewer");
    if (token.type === "alias") throw refuse(token.offset, `the alias ${token.source} given`, "what it stands for, written out");
    if (token.type === "document" && token.value) waiting.push({ token: token.value, depth });
    if ("start" in token && Array.isArray(token.start)) requirePlainMarks(token.start, refuse);
    if (!("items" in token)) continue;
    const isMap = token.type === "block-map" || (token.type === "flow-collection" && token.start.source === "{");
    if (isMap && token.items.length > mostKeys) {
      throw refuse(token.offset, `a map of ${token.items.length} keys given`, `at most ${mostKeys}`);
    }
    for (const item of token.items) {
      requirePlainMarks([...item.start, ...(item.sep ?? [])], refuse);
      if (item.key) waiting.push({ token: item.key, depth: depth + 1 });
      if (item.value) waiting.push({ token: item.value, depth: depth + 1 });
    }
  }
}

/** What stands before a value. An anchor alone does no harm, but without aliases it is a mistake. */
function requirePlainMarks(marks: readonly CST.SourceToken[], refuse: Refuse): void {
  for (const { type, offset, source } of marks) {
    if (type === "tag") throw refuse(offset, `the tag ${source} given`, "values without tags");
    if (type === "anchor")
      throw refuse(offset, `the anchor ${source} given`, "values that are written out wherever they are meant");
    if (type === "explicit-key-ind") throw refuse(offset, 'a key after "?" given', "keys that are words, followed by a colon");
  }
}
