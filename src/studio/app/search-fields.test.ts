import { describe, expect, it } from "vitest";
import { z } from "zod";
import { choiceField, flagField, listField, numberField } from "./search-fields.ts";

const schema = z.object({
  kind: choiceField(["runs", "audits"], "runs"),
  columns: listField(["a", "b", "c"], ["a"]),
  size: numberField({ least: 1, most: 9, fallback: 3 }),
  isOn: flagField(),
});
const defaults = { kind: "runs", columns: ["a"], size: 3, isOn: false };

describe("fields of an address", () => {
  it("are their defaults where nothing, or nothing that can be read, is given", () => {
    expect(schema.parse({})).toEqual(defaults);
    expect(schema.parse({ kind: "other", columns: 7, size: "many", isOn: "yes" })).toEqual(defaults);
  });

  it("are what is given, lists as words between commas of which unknown ones are left out", () => {
    const given = schema.parse({ kind: "audits", columns: "c,x,a", size: "5", isOn: "true" });
    expect(given).toEqual({ kind: "audits", columns: ["c", "a"], size: 5, isOn: true });
    expect(schema.parse({ columns: "" }).columns).toEqual([]);
    expect(schema.parse({ columns: ["b"] }).columns).toEqual(["b"]);
  });
});
