// Reads TypeScript source as text: which part of it is code, and which modules it imports. By the lexical grammar; not a parser.

interface MaskedSource {
  /** The source with the contents of comments, strings and regular expressions as spaces; every offset stays. */
  readonly code: string;
  /** Offset of a string's opening quote → what stands in it. Template strings with parts to fill in are left out. */
  readonly strings: ReadonlyMap<number, string>;
}

// After these a slash begins a regular expression; after a name, a number or a closing bracket it divides.
const beforeRegex = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))\s*$/;

/** Tells code from comments, strings (templates within templates too) and regular expressions. */
export function maskSource(source: string): MaskedSource {
  const out = source.split("");
  const strings = new Map<number, string>();
  // For every template string that is being filled in, how many braces are open inside its `${`.
  const openBraces: number[] = [];
  const blank = (start: number, end: number) => {
    for (let i = start; i < Math.min(end, out.length); i++) if (out[i] !== "\n") out[i] = " ";
    return end;
  };
  let at = 0;
  while (at < source.length) {
    const character = source[at]!;
    const next = source[at + 1];
    if (character === "/" && (next === "/" || next === "*")) {
      at = blank(at, endOf(source, { start: at + 2, closing: next === "/" ? "\n" : "*/" }));
    } else if (character === '"' || character === "'") {
      const end = stringEnd(source, at + 1, [character, "\n"]);
      strings.set(at, source.slice(at + 1, end));
      at = blank(at + 1, end) + 1;
    } else if (character === "`" || (character === "}" && openBraces.at(-1) === 0)) {
      if (character === "}") openBraces.pop();
      const end = stringEnd(source, at + 1, ["`", "${"]);
      const filledIn = source[end] === "$";
      if (character === "`" && !filledIn) strings.set(at, source.slice(at + 1, end));
      if (filledIn) openBraces.push(0);
      at = blank(at + 1, end) + (filledIn ? 2 : 1);
    } else if (character === "/" && beforeRegex.test(codeBefore(out, at))) {
      const end = regexEnd(source, at);
      at = end === null ? at + 1 : blank(at + 1, end) + 1;
    } else {
      const change = character === "{" ? 1 : character === "}" ? -1 : 0;
      if (openBraces.length > 0) openBraces[openBraces.length - 1]! += change;
      at++;
    }
  }
  return { code: out.join(""), strings };
}

function endOf(source: string, { start, closing }: { readonly start: number; readonly closing: string }): number {
  const found = source.indexOf(closing, start);
  return found < 0 ? source.length : found + closing.length;
}

function stringEnd(source: string, start: number, closings: readonly string[]): number {
  let at = start;
  while (at < source.length && !closings.some((closing) => source.startsWith(closing, at))) at += source[at] === "\\" ? 2 : 1;
  return Math.min(at, source.length);
}

/** Where the slash stands that ends the regular expression, or null when none does in this line. */
function regexEnd(source: string, start: number): number | null {
  let inClass = false;
  for (let at = start + 1; at < source.length && source[at] !== "\n"; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "[") inClass = true;
    else if (source[at] === "]") inClass = false;
    else if (source[at] === "/" && !inClass) return at;
  }
  return null;
}

/** The last few characters of code before `at`, across blanks and comments. */
function codeBefore(out: readonly string[], at: number): string {
  let end = at;
  while (end > 0 && /\s/.test(out[end - 1]!)) end--;
  return out.slice(Math.max(0, end - 12), end).join("");
}

export interface ModuleImports {
  /** Specifiers of imports, exports from, dynamic imports, import types, and `new URL(…, import.meta.url)` (workers), in order. */
  readonly specifiers: readonly string[];
  /** Whether a dynamic import computes what it imports. */
  readonly computed: boolean;
}

/** The modules that a source imports, types included. */
export function importsOf(masked: MaskedSource): ModuleImports {
  const { code, strings } = masked;
  const specifiers = new Map<number, string>();
  const collect = (pattern: RegExp) => {
    for (const match of code.matchAll(pattern)) {
      const quote = match.index + match[0].length - 1;
      const specifier = strings.get(quote);
      if (specifier !== undefined) specifiers.set(quote, specifier);
    }
  };
  collect(/[}\w*$]\s*\bfrom\s*["']/g);
  collect(/(?<![.\w$])import\s*["']/g);
  collect(/(?<![.\w$])import\s*\(\s*["'`]/g);
  for (const match of code.matchAll(/\bnew\s+URL\s*\(\s*(["'`])\s*\1\s*,\s*import\.meta\.url/g)) {
    const quote = match.index + match[0].search(/["'`]/);
    specifiers.set(quote, strings.get(quote) ?? "");
  }
  const dynamic = [...code.matchAll(/(?<![.\w$])import\s*\(\s*/g)];
  const computed = dynamic.some((match) => !strings.has(match.index + match[0].length));
  return { specifiers: [...specifiers].sort(([a], [b]) => a - b).map(([, specifier]) => specifier), computed };
}
