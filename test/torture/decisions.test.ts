import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../src/lab/api.ts";
import { againstDecisions } from "./decisions.ts";

const job = "a".repeat(64);
const sweeps = new Map([[job, "sweep"]]);
const toldAt = new Map([
  [1, 1000],
  [2, 2000],
  [3, 3000],
]);

function event(number: number, kind: LabEvent["kind"], data: Record<string, unknown> = {}): LabEvent {
  return { number, at: new Date(0).toISOString(), kind, job, sweep: null, data };
}

describe("what happened against decisions", () => {
  const cancelledThen = (kind: "started" | "done") => [
    event(1, "started"),
    event(2, "decided", { action: "cancel" }),
    event(3, kind),
  ];

  it("lets a job be done that had its record before its cancellation was told", () => {
    const records = new Map([[job, 1999]]);
    expect(againstDecisions(cancelledThen("done"), { sweeps, records, toldAt })).toEqual([]);
  });

  it("counts a job that got its record after its cancellation was told, and one without a record", () => {
    const wrong = [`${job} was done while cancelled (event 3)`];
    expect(againstDecisions(cancelledThen("done"), { sweeps, records: new Map([[job, 2001]]), toldAt })).toEqual(wrong);
    expect(againstDecisions(cancelledThen("done"), { sweeps, records: new Map(), toldAt })).toEqual(wrong);
  });

  it("goes by the decision that stopped the job, whatever was decided after it", () => {
    const events = [
      event(1, "decided", { action: "pause" }),
      event(2, "decided", { action: "prioritize" }),
      event(3, "decided", { action: "pause" }),
      event(4, "done"),
    ];
    const wrong = [`${job} was done while held (event 4)`];
    expect(againstDecisions(events, { sweeps, records: new Map([[job, 1500]]), toldAt })).toEqual(wrong);
    expect(againstDecisions(events, { sweeps, records: new Map([[job, 999]]), toldAt })).toEqual([]);
  });

  it("counts a job that is begun while it is cancelled, also where it has a record", () => {
    const records = new Map([[job, 1]]);
    const wrong = [`${job} was started while cancelled (event 3)`];
    expect(againstDecisions(cancelledThen("started"), { sweeps, records, toldAt })).toEqual(wrong);
  });

  it("lets a job go on that was retried", () => {
    const events = [event(1, "decided", { action: "cancel" }), event(2, "decided", { action: "retry" }), event(3, "started")];
    expect(againstDecisions(events, { sweeps, records: new Map(), toldAt })).toEqual([]);
  });
});
