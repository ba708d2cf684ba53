import fc from "fast-check";
import { expect, it } from "vitest";
import { kindsFoundBy } from "./filter-kinds.ts";
import { matchesFilter } from "./match-filter.ts";
import { filters, runs } from "./run-filter.fixture.ts";
import { type FilterableRun, parseRunFilter } from "./run-filter.ts";

it.each([
  ["", "train audit measure"],
  ["world:corner config.seed:3", "train audit measure"],
  ["verdict:proxy", "audit"],
  ["objective:coin AND state:done", "audit"],
  ["return:>0.9", "train"],
  ["steps:[1 TO 5] OR verdict:*", "train audit"],
  ["run:ab12", "audit measure"],
  ["verdict:proxy AND return:>0.9", ""],
  ["verdict:null", "train audit measure"],
  ["NOT verdict:proxy", "train audit measure"],
  ["kind:audit", "audit"],
  ["kind:*t", "audit"],
  ["NOT kind:audit", "train measure"],
  ["NOT (kind:audit verdict:proxy)", "train audit measure"],
])("of %j can be jobs of the kinds: %s", (filter, kinds) => {
  expect(kindsFoundBy(parseRunFilter(filter)).join(" ")).toBe(kinds);
});

it("leaves out no kind of which a job passes", () => {
  const ofItsKind = (run: FilterableRun): FilterableRun => ({
    ...run,
    ...(run.kind !== "train" && { return: null, share: null, steps: null }),
    ...(run.kind !== "audit" && { verdict: null, objective: null }),
  });
  fc.assert(
    fc.property(runs, filters, (rows, text) => {
      const filter = parseRunFilter(text);
      const passing = rows.map(ofItsKind).filter((run) => matchesFilter(run, filter));
      expect(kindsFoundBy(filter)).toEqual(expect.arrayContaining(passing.map(({ kind }) => kind)));
    }),
    { numRuns: 500 },
  );
});
