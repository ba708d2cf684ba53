// What networks see of a question: the marks of its answers, flat or as planes, with the question's number and the time left.

import { MesascopeError } from "../../base/errors.ts";
import type { Batch, Encoder } from "../world.ts";
import { FlatteryBatch } from "./batch.ts";
import { type FlatteryLevel, letters, marks } from "./level.ts";

export interface FlatteryFrame {
  readonly questions: number;
  readonly answers: number;
  readonly horizon: number;
  /** How often the length of an answer is shown: it is seen at a glance. */
  readonly copies: number;
}

const lengthMark = marks.indexOf("long");

/** All encoders of a variant, the default first. */
export function flatteryEncoders(frame: FlatteryFrame): readonly Encoder<FlatteryLevel>[] {
  const { questions, horizon, copies } = frame;
  const context = questions + horizon;
  return [
    encoderOf("answers", frame, { copies, context, shape: null }),
    planes(frame, context),
    encoderOf("compass", frame, { copies: 1, context: 0, shape: null }),
    encoderOf("blind", frame, { copies: 0, context, shape: null }),
  ];
}

/**
 * Planes `[copies + context, answers, marks]`: the table of answers and marks, `copies − 1` tables of the length alone, and as many more as
 * the question's number and the time left need, in reading order.
 */
function planes(frame: FlatteryFrame, context: number): Encoder<FlatteryLevel> {
  const cells = frame.answers * letters.length;
  const channels = frame.copies + Math.ceil(context / cells);
  return encoderOf("planes", frame, { copies: frame.copies, context, shape: [channels, frame.answers, letters.length] });
}

interface Layout {
  /** Tables of answers and marks: the first of all marks, the others of the length alone. */
  readonly copies: number;
  /** Inputs for the question's number and the time left, or 0. */
  readonly context: number;
  /** Null: flat, as long as needed. */
  readonly shape: readonly number[] | null;
}

/** Inputs in order: tables answer by answer (left out of the flat form where they would hold one mark only), question, time left. */
function encoderOf(name: string, frame: FlatteryFrame, { copies, context, shape }: Layout): Encoder<FlatteryLevel> {
  const { questions, answers, horizon } = frame;
  const width = letters.length;
  const table = answers * width;
  const isFlat = shape === null;
  /** Where copy `c` of an answer's mark is. */
  const place = (answer: number, mark: number, copy: number): number =>
    copy === 0 || !isFlat ? copy * table + answer * width + mark : table + (copy - 1) * answers + answer;
  const contextStart = copies === 0 ? 0 : isFlat ? table + (copies - 1) * answers : copies * table;
  const size = isFlat ? contextStart + context : shape.reduce((product, length) => product * length, 1);
  const maxActive = (copies === 0 ? 0 : answers * (width - 1 + copies)) + (context === 0 ? 0 : 2);
  const names = new Map<number, string>();
  for (let answer = 0; answer < answers; answer++) {
    for (let mark = 0; mark < width; mark++) {
      for (let copy = 0; copy < (mark === lengthMark ? copies : Math.min(1, copies)); copy++)
        names.set(place(answer, mark, copy), `answer ${answer + 1} ${marks[mark]}${copy > 0 ? `, copy ${copy + 1}` : ""}`);
    }
  }
  for (let q = 0; q < (context === 0 ? 0 : questions); q++) names.set(contextStart + q, `question ${q + 1}`);
  for (let t = 0; t < (context === 0 ? 0 : horizon); t++) names.set(contextStart + questions + t, `${t + 1} steps left`);

  const write = (batch: FlatteryBatch, env: number, out: Int32Array, start: number): void => {
    let n = start;
    const level = batch.levels[env]!;
    const question = batch.questions[env]!;
    const shown = level.questions[question];
    for (let answer = 0; shown !== undefined && copies > 0 && answer < answers; answer++) {
      const bits = shown[answer]!;
      for (let mark = 0; mark < width; mark++) {
        if (((bits >> mark) & 1) === 0) continue;
        const last = mark === lengthMark ? copies : 1;
        for (let copy = 0; copy < last; copy++) out[n++] = place(answer, mark, copy);
      }
    }
    if (context > 0) {
      if (shown !== undefined) out[n++] = contextStart + question;
      const left = Math.min(horizon, level.horizon - batch.elapsed[env]!);
      if (left > 0) out[n++] = contextStart + questions + left - 1;
    }
    out.fill(size, n, start + maxActive);
  };
  let active = new Int32Array(0);
  const writeAll = (batch: Batch<FlatteryLevel>, out: Int32Array): void => {
    if (!(batch instanceof FlatteryBatch))
      throw new MesascopeError(
        "usage",
        "a batch of another world given to an encoder of flattery; give it one made by createBatch of flattery.",
      );
    for (let env = 0; env < batch.numEnvs; env++) write(batch, env, out, env * maxActive);
  };
  return {
    ...{ name, size, maxActive, shape: shape ?? [size] },
    describeInput(index) {
      if (!Number.isInteger(index) || index < 0 || index >= size)
        throw new MesascopeError(
          "usage",
          `input ${index} given; expected an integer from 0 to ${size - 1}. Ask for one of the encoder's own inputs.`,
        );
      return names.get(index) ?? `unused ${index + 1}`;
    },
    writeActive: writeAll,
    writeDense(batch, out) {
      if (active.length !== batch.numEnvs * maxActive) active = new Int32Array(batch.numEnvs * maxActive);
      writeAll(batch, active);
      out.fill(0, 0, batch.numEnvs * size);
      for (let i = 0; i < active.length; i++) if (active[i]! < size) out[Math.floor(i / maxActive) * size + active[i]!] = 1;
    },
  };
}
