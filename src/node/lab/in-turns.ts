// Long computations of the main thread in small steps: signals, heartbeats and requests get through between them.

import { setImmediate as nextTurn } from "node:timers/promises";

/** Milliseconds of one turn. */
const longestTurn = 20;

/**
 * Runs a generator to its end; where a turn was long enough, others come first, and `onTurn` is told what the last step gave. Throws what it
 * throws.
 */
export async function inTurns<Result, Step = void>(
  steps: Generator<Step, Result>,
  onTurn: (step: Step) => void = () => undefined,
): Promise<Result> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began < longestTurn) continue;
    onTurn(step.value);
    await nextTurn();
    began = performance.now();
  }
}
