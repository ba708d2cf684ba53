import { describe, expect, it } from "vitest";
import { anonymousId, openTarget } from "./audit-target.ts";

async function idOf(name: string, lapse?: number): Promise<string> {
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
  return open.subject.id;
}

describe("the id of a scripted agent, which the auditor sees", () => {
  it("is made from how it acts and not from its name, which an auditor could guess", async () => {
    expect(await idOf("cue-gated")).toBe(await idOf("cue-gated:lamp"));
    expect(await idOf("nearest-coin")).toBe(await idOf("nearest-coin", 0.05));
    for (const text of ["nearest-coin", "nearest-coin undefined"]) expect(await idOf("nearest-coin")).not.toBe(anonymousId(text));
  });

  it("tells agents apart", async () => {
    const ids = await Promise.all(
      ["nearest-coin", "nearest-capsule", "cue-gated", "random", "loiterer"].map((name) => idOf(name)),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
