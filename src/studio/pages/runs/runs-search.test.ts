import { expect, it } from "vitest";
import { jobKinds, runsSearchSchema, shownColumns, usualColumns } from "./runs-search.ts";

it("shows of audits what they concluded and of runs what they reached, unless columns were chosen", () => {
  const shown = (search: object) => shownColumns(runsSearchSchema.parse(search));
  expect(shown({ kind: "audit" })).toEqual(["state", "name", "world", "seed", "outcome", "seconds", "code", "created"]);
  expect(shown({})).toEqual(["state", "name", "world", "seed", "return", "share", "steps", "seconds", "code", "created"]);
  expect(shown({ kind: "audit", columns: "name,share" })).toEqual(["name", "share"]);
  for (const kind of jobKinds)
    expect(runsSearchSchema.parse({ kind, columns: usualColumns(kind).join(",") }).columns).toEqual(usualColumns(kind));
});
