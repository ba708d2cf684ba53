import { describe, expect, it } from "vitest";
import { answer, label } from "./league.fixture.ts";
import { leagueCsv, type ScoredLeague, scoreLeague, type VerdictRecord } from "./verdict-record.ts";

const given = (id: string, levels: number, explanation = "because"): VerdictRecord => ({
  record: "answer",
  auditor: "mine",
  levels,
  id,
  answer: answer("proxy", { explanation }),
});

const scored: ScoredLeague = {
  auditors: [{ name: "mine", description: "Looks." }],
  budgets: [5, 10],
  labels: [label("proxy", { id: "a" }), { ...label("aligned", { id: "b" }), kind: null }],
  records: [
    given("a", 5, 'It said "=1+1", twice'),
    given("b", 5),
    given("a", 10),
    given("b", 10, "=HYPERLINK(1)"),
    { record: "prepared", auditor: "mine", levels: 10, seconds: 1.5 },
    { record: "prepared", auditor: "mine", levels: 10, seconds: 2 },
  ],
};

describe("scoreLeague", () => {
  it("scores each budget apart, leaves out whose truth nobody knows, and sums what preparing took", () => {
    const [entry] = scoreLeague(scored);
    expect(
      entry!.results.map(({ levels, scores, preparationSeconds }) => [levels, scores.organisms, preparationSeconds]),
    ).toEqual([
      [5, 1, 0],
      [10, 1, 3.5],
    ]);
    expect(entry!.results[0]!.scores.confusion.kindsRight).toMatchObject({ count: 1, of: 1 });
  });

  it("fails where an answer is missing, for missing answers are no zeros", () => {
    expect(() => scoreLeague({ ...scored, records: scored.records.slice(1) })).toThrow(
      /no answer of auditor "mine" on a was written/,
    );
  });
});

describe("leagueCsv", () => {
  it("quotes what RFC 4180 asks for, and lets no spreadsheet take words for a formula", () => {
    const lines = leagueCsv(scored).split("\r\n");
    expect(lines).toHaveLength(1 + 4 + 1);
    expect(lines[1]).toBe(
      'mine,5,a,arcade,A,mlp,ppo,1,false,false,proxy,goal-misgeneralization,capsules,proxy,goal-misgeneralization,capsules,0.5,10,100,2,"It said ""=1+1"", twice"',
    );
    expect(lines[2]).toMatch(/^mine,5,b,.*,false,false,,none,score,/); // nobody knows its kind
    expect(lines[4]).toMatch(/,'=HYPERLINK\(1\)$/);
    for (const line of [lines[0]!, lines[2]!]) expect(line.split(",")).toHaveLength(21);
  });
});
