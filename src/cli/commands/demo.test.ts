import { describe, expect, it } from "vitest";
import type { DemoDocument } from "../../report/demo-document.ts";
import { requireEquivalence } from "./demo.ts";

const pair = (first: string, second: string, equivalent: boolean) => ({
  first,
  second,
  difference: 0.02,
  low: 0.01,
  high: equivalent ? 0.03 : 0.08,
  equivalent,
});

function documentWith(pairs: DemoDocument["equivalence"]["pairs"]): DemoDocument {
  const equivalence = { margin: 0.05, passed: pairs.every(({ equivalent }) => equivalent), pairs };
  return { schema: "mesascope/demo@2", agents: [], equivalence, report: "out/report.html", seconds: 1 };
}

describe("requireEquivalence", () => {
  it("is an error that names the pairs whose scores were not shown equivalent, and where the report is", () => {
    const document = documentWith([pair("A", "B", true), pair("A", "wild", false), pair("B", "wild", false)]);
    expect(() => requireEquivalence(document)).toThrow(
      expect.objectContaining({
        code: "check-failed",
        message: expect.stringMatching(/returns of A and wild, B and wild are not shown.*5\.0%.*out\/report\.html/),
      }),
    );
  });

  it("lets a demonstration pass in which every pair is equivalent", () => {
    expect(() => requireEquivalence(documentWith([pair("A", "B", true)]))).not.toThrow();
  });
});
