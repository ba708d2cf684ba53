// The syntax of filters, that of Lucene's query parser: terms `FIELD:VALUE`, AND, OR, NOT, parentheses, ranges. What fields there are is not
// known here. Read by hand in one pass, so that the time it takes is that of the text's length; AND binds more tightly than OR, and a space is AND.

import { MesascopeError } from "../core/base/errors.ts";

export type Comparison = ":" | "=" | ">" | ">=" | "<" | "<=";

/** A value as it was written. Only an unquoted one can be a number, a pattern, null, true or false. */
export interface WrittenValue {
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface WrittenTerm {
  readonly kind: "term";
  readonly field: string;
  readonly comparison: Comparison;
  readonly value: WrittenValue;
}

export interface WrittenRange {
  readonly kind: "range";
  readonly field: string;
  readonly low: string;
  readonly high: string;
  readonly isLowIn: boolean;
  readonly isHighIn: boolean;
}

export type WrittenFilter =
  | { readonly kind: "and" | "or"; readonly parts: readonly WrittenFilter[] }
  | { readonly kind: "not"; readonly part: WrittenFilter }
  | WrittenTerm
  | WrittenRange;

const mostLetters = 4000;
const mostNested = 50;
const comparisons: readonly Comparison[] = [">=", "<=", ">", "<", "="];

/** What is written; null for nothing but spaces. Throws `usage` naming the column. */
export function readFilter(text: string): WrittenFilter | null {
  if (text.length > mostLetters) {
    throw new MesascopeError("usage", `a filter of ${text.length} letters given; expected at most ${mostLetters}. Shorten it.`);
  }
  const reader = new Reader(text);
  return reader.isAtEnd ? null : reader.whole();
}

class Reader {
  readonly #text: string;
  #at = 0;
  #nested = 0;
  /** Inside of `FIELD:( … )`, where values stand for themselves. */
  #field: string | null = null;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpaces();
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  whole(): WrittenFilter {
    const filter = this.#or();
    if (this.isAtEnd) return filter;
    throw this.#error('")" given without "("', "as many of one as of the other");
  }

  #or(): WrittenFilter {
    const parts = [this.#and()];
    while (this.#takeWord("OR")) parts.push(this.#and());
    return parts.length === 1 ? parts[0]! : { kind: "or", parts };
  }

  #and(): WrittenFilter {
    const parts = [this.#not()];
    for (;;) {
      if (!this.#takeWord("AND") && (this.isAtEnd || this.#text[this.#at] === ")" || this.#isWord("OR"))) break;
      parts.push(this.#not());
    }
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  }

  #not(): WrittenFilter {
    if (this.#takeWord("NOT")) return this.#inside(() => ({ kind: "not", part: this.#not() }));
    if (this.#text[this.#at] === "-" && this.#field === null) {
      this.#at++;
      return this.#inside(() => ({ kind: "not", part: this.#not() }));
    }
    if (this.#text[this.#at] === "(") return this.#parenthesized();
    return this.#term();
  }

  #parenthesized(): WrittenFilter {
    const opened = this.#at;
    this.#at++;
    this.#skipSpaces();
    const filter = this.#inside(() => this.#or());
    if (this.#text[this.#at] !== ")") {
      this.#at = opened;
      throw this.#error('"(" given without ")"', "as many of one as of the other");
    }
    this.#at++;
    this.#skipSpaces();
    return filter;
  }

  #term(): WrittenFilter {
    for (const word of ["AND", "OR"]) {
      if (this.#isWord(word)) throw this.#error(`${word} given`, "a term on both sides of it");
    }
    if (this.#field !== null) return this.#valueOf(this.#field);
    const field = this.#run((letter) => /[\w.-]/.test(letter));
    if (this.#text[this.#at] !== ":") {
      const isOperator = /^(and|or|not)$/i.test(field);
      const given = field === "" ? `"${this.#text[this.#at] ?? "the end"}" given` : `"${field}" given without a value`;
      throw this.#error(given, isOperator ? "AND, OR and NOT in capitals" : "FIELD:VALUE, such as world:corner");
    }
    if (field === "") throw this.#error('":" given', "the name of a field before it");
    this.#at++;
    if (this.#text[this.#at] !== "(") return this.#valueOf(field);
    this.#field = field;
    try {
      return this.#parenthesized();
    } finally {
      this.#field = null;
    }
  }

  #valueOf(field: string): WrittenFilter {
    const letter = this.#text[this.#at];
    if (letter === "[" || letter === "{") return this.#range(field);
    const found = comparisons.find((comparison) => this.#text.startsWith(comparison, this.#at));
    this.#at += found?.length ?? 0;
    const value = this.#value(field);
    this.#skipSpaces();
    return { kind: "term", field, comparison: found ?? ":", value };
  }

  #value(field: string): WrittenValue {
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'") return { text: this.#quoted(quote), isQuoted: true };
    const text = this.#run((letter) => !/[\s()[\]{}"']/.test(letter));
    if (text === "")
      throw this.#error(`no value of "${field}" given`, 'a value right after it; one with spaces in quotes, "" for an empty one');
    if (text.startsWith("/") && text.endsWith("/") && text.length > 1) {
      throw this.#error(`the regular expression ${text} given`, "a pattern with * for any letters and ? for one");
    }
    return { text, isQuoted: false };
  }

  #quoted(quote: string): string {
    const opened = this.#at;
    let text = "";
    for (this.#at++; !this.isAtEnd; this.#at++) {
      const letter = this.#text[this.#at]!;
      if (letter === quote) {
        this.#at++;
        return text;
      }
      if (letter === "\\" && this.#at + 1 < this.#text.length) this.#at++;
      text += this.#text[this.#at];
    }
    this.#at = opened;
    throw this.#error(`${quote} given without its end`, "quotes in pairs");
  }

  #range(field: string): WrittenRange {
    const opened = this.#at;
    const isLowIn = this.#text[this.#at] === "[";
    this.#at++;
    const end = /[\]}]/.exec(this.#text.slice(this.#at))?.index;
    const words = this.#text
      .slice(this.#at, end === undefined ? undefined : this.#at + end)
      .trim()
      .split(/\s+/);
    const [low, to, high] = words;
    if (end === undefined || words.length !== 3 || to !== "TO") {
      this.#at = opened;
      throw this.#error("an unfinished range given", "[LOW TO HIGH], {LOW TO HIGH} without its bounds, * for no bound");
    }
    this.#at += end;
    const isHighIn = this.#text[this.#at] === "]";
    this.#at++;
    this.#skipSpaces();
    return { kind: "range", field, low: low!, high: high!, isLowIn, isHighIn };
  }

  #run(isPart: (letter: string) => boolean): string {
    const from = this.#at;
    while (!this.isAtEnd && isPart(this.#text[this.#at]!)) this.#at++;
    return this.#text.slice(from, this.#at);
  }

  #isWord(word: string): boolean {
    const after = this.#text[this.#at + word.length];
    return this.#text.startsWith(word, this.#at) && (after === undefined || /[\s()]/.test(after));
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#at += word.length;
    this.#skipSpaces();
    return true;
  }

  #skipSpaces(): void {
    this.#run((letter) => /\s/.test(letter));
  }

  #inside<Result>(read: () => Result): Result {
    if (++this.#nested > mostNested) throw this.#error(`more than ${mostNested} levels given`, "fewer parentheses and negations");
    const result = read();
    this.#nested--;
    return result;
  }

  #error(given: string, expected: string): MesascopeError {
    return new MesascopeError("usage", `filter, column ${this.#at + 1}: ${given}; expected ${expected}. Correct it.`);
  }
}
