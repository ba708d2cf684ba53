import { expect, it } from "vitest";
import { issuesText } from "./issues-text.ts";

it("tells each field with what is wrong about it, and what is wrong about the whole as it is", () => {
  const issues = [
    { code: "too_big", message: "too large", path: ["jobs", 0, "seed"] },
    { message: 'Unrecognized key: "limt"', path: [] },
    { message: "expected an object" },
  ];
  expect(issuesText({ issues })).toBe('jobs.0.seed: too large; Unrecognized key: "limt"; expected an object');
});

it("stays short, however many issues there are and however long what they quote", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => ({ message: "expected a job", path: ["jobs", i] }));
  expect(issuesText({ issues: many })).toMatch(/^jobs\.0: expected a job; .*jobs\.7: expected a job; and 9992 more$/);
  const long = issuesText({ issues: [{ message: "expected a number", path: ["k".repeat(1e6)] }] });
  expect(long).toMatch(/^k{299}…$/);
});

it("is null for data that has no issues", () => {
  for (const data of [undefined, null, {}, { code: "usage" }, { issues: [] }, { issues: [{ path: ["filter"] }] }]) {
    expect(issuesText(data)).toBeNull();
  }
});
