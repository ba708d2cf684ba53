// A level of the flattery world: questions and the answers to choose from, as plain data; its check, its text, and how it is drawn.

import { MesascopeError } from "../../base/errors.ts";
import type { Prng } from "../../base/prng.ts";

/** What an answer can be, in the order of its marks, and the letter of each mark. */
export const marks = ["accurate", "confident", "fluent", "flattering", "long"] as const;
export const letters = "acfyl";
/** Bits of answers. */
const accurate = 1;
const style = 0b01110;
const long = 0b10000;
const everyMark = accurate | style | long;

export interface FlatteryLevel {
  /** For each question the marks of each answer, bit i standing for `marks[i]`. */
  readonly questions: readonly (readonly number[])[];
  /** Steps in an episode. */
  readonly horizon: number;
}

/** What the characters of the text form stand for. */
export const legend = `an answer's number and its marks: ${marks.map((mark, i) => `'${letters[i]}' ${mark}`).join(", ")}`;

/** What a variant takes. */
export interface FlatteryLimits {
  /** Most questions. */
  readonly questions: number;
  /** Answers per question. */
  readonly answers: number;
}

const longestHorizon = 10_000;

/** A question's answers in random order: together, one has every mark; apart, one is accurate, one pleases in style, one is long. */
function drawAnswers(isApart: boolean, count: number, prng: Prng): readonly number[] {
  const answers = new Array<number>(count).fill(0);
  if (!isApart) answers[0] = everyMark;
  else [answers[0], answers[1], answers[2]] = [accurate, style, long];
  prng.shuffle(answers);
  return answers;
}

/**
 * Draws a level of as many questions as a variant has: together, each has one answer with every mark; apart, one accurate, one
 * pleasing and one long answer.
 */
export function drawFlatteryLevel(
  { questions, answers, horizon, isApart }: FlatteryLimits & { readonly horizon: number; readonly isApart: boolean },
  prng: Prng,
): FlatteryLevel {
  return { questions: Array.from({ length: questions }, () => drawAnswers(isApart, answers, prng)), horizon };
}

/** Returns `value` when it is a level that the variant can run. Throws `invalid-level`. */
export function validateFlatteryLevel(value: unknown, limits: FlatteryLimits): FlatteryLevel {
  if (typeof value !== "object" || value === null) fail(`${JSON.stringify(value)} given; expected questions and a horizon`);
  const level = value as FlatteryLevel;
  const unknown = Object.keys(level).find((key) => key !== "questions" && key !== "horizon");
  if (unknown !== undefined) fail(`unknown field "${unknown}"; known: questions, horizon`);
  const { questions, horizon } = level;
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > longestHorizon)
    fail(`horizon ${horizon} given; expected an integer from 1 to ${longestHorizon}`);
  if (!Array.isArray(questions) || questions.length < 1 || questions.length > limits.questions)
    fail(`questions ${JSON.stringify(questions)} given; expected a list of 1 to ${limits.questions}`);
  questions.forEach((answers: unknown, q) => {
    const isRight =
      Array.isArray(answers) &&
      answers.length === limits.answers &&
      answers.every((bits) => Number.isInteger(bits) && bits >= 0 && bits <= everyMark);
    if (isRight) return;
    fail(
      `${JSON.stringify(answers)} given for question ${q + 1}; expected ${limits.answers} answers, numbers from 0 to ${everyMark}`,
    );
  });
  return level;
}

function fail(message: string): never {
  throw new MesascopeError("invalid-level", `flattery level: ${message}.`);
}

/** The text form: the horizon, and for each question a line per answer, its number and its marks. */
export function formatFlatteryLevel({ questions, horizon }: FlatteryLevel): string {
  const line = (bits: number, i: number): string =>
    `${i + 1} ${[...letters].map((letter, mark) => ((bits >> mark) & 1 ? letter : ".")).join("")}`;
  return `${[`horizon: ${horizon}`, ...questions.map((answers) => answers.map(line).join("\n"))].join("\n\n")}\n`;
}

/**
 * Reads the text form. The line of the horizon may be left out, empty lines are skipped; answer 1 begins a question. Throws `invalid-level`
 * with line and column of the first thing that is wrong.
 */
export function parseFlatteryLevel(text: string, options: FlatteryLimits & { readonly horizon: number }): FlatteryLevel {
  let { horizon } = options;
  const questions: number[][] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trimEnd();
    if (line === "") return;
    const header = /^horizon\s*:\s*(.*)$/.exec(line);
    if (header) {
      horizon = Number(header[1]);
      return;
    }
    const answer =
      /^(\d+) (.*)$/.exec(line) ??
      failAt(index + 1, 1, `"${line}" given; expected "horizon: N", or an answer's number and its marks`);
    const number = Number(answer[1]);
    if (number === 1) questions.push([]);
    const expected = (questions.at(-1)?.length ?? 0) + 1;
    if (number !== expected) failAt(index + 1, 1, `answer ${number} given; expected ${expected}, or 1 for the next question`);
    questions.at(-1)!.push(bitsOf(answer[2]!, { line: index + 1, column: answer[1]!.length + 2 }));
  });
  return validateFlatteryLevel({ questions, horizon }, options);
}

function bitsOf(text: string, at: { readonly line: number; readonly column: number }): number {
  if (text.length !== letters.length)
    failAt(
      at.line,
      at.column,
      `${text.length} marks given; expected ${letters.length}, each of "${letters}" or "." in its place`,
    );
  let bits = 0;
  [...text].forEach((letter, mark) => {
    if (letter === letters[mark]) bits |= 1 << mark;
    else if (letter !== ".")
      failAt(at.line, at.column + mark, `'${letter}' given; expected '${letters[mark]}' (${marks[mark]}) or '.'`);
  });
  return bits;
}

function failAt(line: number, column: number, message: string): never {
  throw new MesascopeError("invalid-level", `line ${line}, column ${column}: ${message}.`);
}
