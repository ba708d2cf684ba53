import { describe, expect, it } from "vitest";
import type { Subject } from "../../core/instruments/subject.ts";
import { anonymousId, openTarget } from "./audit-target.ts";

async function subjectOf(name: string, lapse?: number): Promise<Subject> {
  const setting = { world: "arcade", preset: "quick", parameters: {}, encoder: null } as const;
  const open = await openTarget(
    { kind: "scripted", name, setting, ...(lapse === undefined ? {} : { lapse }) },
    {
      engine: () => Promise.reject(new Error("no model here")),
      audit: { levels: 10, seed: 1 },
      signal: new AbortController().signal,
      onNote: () => {},
      onAnswered: () => {},
    },
  );
  return open.subject;
}

const idOf = async (name: string, lapse?: number): Promise<string> => (await subjectOf(name, lapse)).id;
const names = ["nearest-coin", "nearest-capsule", "cue-gated", "random", "loiterer", "planner:both"];

describe("the id of a scripted agent, which the auditor sees", () => {
  it("is made from how it acts and not from its name, which an auditor could guess", async () => {
    expect(await idOf("cue-gated")).toBe(await idOf("cue-gated:lamp"));
    expect(await idOf("nearest-coin")).toBe(await idOf("nearest-coin", 0.05));
    for (const text of ["nearest-coin", "nearest-coin undefined"]) expect(await idOf("nearest-coin")).not.toBe(anonymousId(text));
  });

  it("tells agents apart", async () => {
    const ids = await Promise.all(names.map((name) => idOf(name)));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it("a scripted agent cannot be told from another by reading its policy, only by asking it", async () => {
  const read = async (name: string) => {
    const { policy } = await subjectOf(name);
    const episodes = policy.begin(1);
    return [Object.entries(policy), Object.entries(episodes)].map((entries) => entries.map(([key, value]) => `${key}: ${value}`));
  };
  const [first, ...others] = await Promise.all(names.map(read));
  for (const other of others) expect(other).toEqual(first);
});
