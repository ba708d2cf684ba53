import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonicalJson", () => {
  it("sorts the fields of objects, not the entries of lists, and can be read back", () => {
    const text = '{"a":[2,1,{"x":null,"y":true}],"b":"z"}';
    expect(canonicalJson({ b: "z", a: [2, 1, { y: true, x: null }] })).toBe(text);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  it.each([Number.NaN, undefined, Number.POSITIVE_INFINITY, () => 1])("refuses %s, which JSON does not have", (value) => {
    expect(() => canonicalJson({ value })).toThrow(expect.objectContaining({ code: "invalid-data" }));
  });
});
