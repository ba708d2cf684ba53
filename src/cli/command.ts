// What all commands have in common: the options of every one, examples in the help, parsers of option values, and how a result is given.

import { Command, InvalidArgumentError } from "commander";
import type { Terminal } from "./terminal.ts";

export interface CommonOptions {
  readonly json?: true;
  readonly seed: number;
  readonly debug?: true;
}

export const exitCodes = { done: 0, error: 1, usage: 2, failOn: 3, inconclusive: 4 } as const;

export interface CommandDescription {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** What the seed decides; where nothing is drawn, say so. */
  readonly seed: string;
  /** Default 1. */
  readonly defaultSeed?: number;
  readonly examples: readonly string[];
}

/** What a command's action is given beside its arguments. */
export interface Context {
  readonly terminal: Terminal;
}

/** A command with `--json`, `--seed`, `--debug`, `--help` and its examples. */
export function describeCommand(about: CommandDescription): Command {
  return new Command(about.name)
    .summary(about.summary)
    .description(about.description)
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .option("--seed <number>", about.seed, parseSeed, about.defaultSeed ?? 1)
    .option("--debug", "show stack traces of errors")
    .addHelpText("after", `\nExamples:\n${about.examples.map((example) => `  $ mesascope ${example}\n`).join("")}`);
}

/** Prints a document as JSON, the only thing on standard output. */
export function printJson(terminal: Terminal, document: unknown): void {
  terminal.out.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** An integer from 0 to 2^53 − 1. */
export function parseSeed(text: string): number {
  return parseInteger(text, { least: 0, most: Number.MAX_SAFE_INTEGER });
}

/** A parser of integers within bounds, for commander; `reason` says why these, where that is not plain. */
export function integerFrom(least: number, most: number, reason = ""): (text: string) => number {
  return (text) => parseInteger(text, { least, most, reason });
}

/** A parser of numbers of seconds within bounds, for commander. */
export function secondsFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const seconds = Number(text);
    if (text.trim() !== "" && seconds >= least && seconds <= most) return seconds;
    throw new InvalidArgumentError(`Expected seconds from ${least} to ${most}, such as 30.`);
  };
}

/** A parser of one of a few words, for commander; it names them all when given another. */
export function oneOf<Word extends string>(kind: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`Unknown ${kind} "${text}"; known: ${words.join(", ")}.`);
    return found;
  };
}

/** A parser of a comma-separated list of words, for commander. */
export function listOf<Word extends string>(kind: string, words: readonly Word[]): (text: string) => readonly Word[] {
  const parse = oneOf(kind, words);
  return (text) => text.split(",").map((word) => parse(word.trim()));
}

function parseInteger(text: string, bounds: { readonly least: number; readonly most: number; readonly reason?: string }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= bounds.least && value <= bounds.most) return value;
  throw new InvalidArgumentError(`Expected an integer from ${bounds.least} to ${bounds.most}. ${bounds.reason ?? ""}`.trimEnd());
}
