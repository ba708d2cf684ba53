// At the end of a run: which tests were left out for want of something that the machine lacks, and how it is had. A test tells by the note of its
// skip; one without a note is of another platform.

import type { Reporter } from "vitest/node";

/** A line for each note, with how many tests gave it, in the order in which they first came. */
export function linesOfSkips(notes: readonly string[]): readonly string[] {
  return [...Map.groupBy(notes, (note) => note)].map(
    ([note, tests]) => `${tests.length} ${tests.length === 1 ? "test" : "tests"} skipped: ${note}`,
  );
}

/** A reporter beside another: writes the lines to standard error. */
export const toldSkips: Reporter = {
  onTestRunEnd: (modules) => {
    const results = modules.flatMap((module) => [...module.children.allTests("skipped")].map((test) => test.result()));
    const notes = results.flatMap((result) => (result.state === "skipped" && result.note !== undefined ? [result.note] : []));
    for (const line of linesOfSkips(notes)) process.stderr.write(`${line}\n`);
  },
};
