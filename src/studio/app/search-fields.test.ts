import { describe, expect, it } from "vitest";
import { z } from "zod";
import { choiceField, flagField, listField, longestText, numberField, textField, wholeTextField } from "./search-fields.ts";

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

  it("are the nearest bound where a number is beyond one, and the default where there is none", () => {
    const sizes = ["0", "-5", "12", "9.5", "4.5", "", "nine"].map((size) => schema.parse({ size }).size);
    expect(sizes).toEqual([1, 1, 9, 9, 4.5, 3, 3]);
  });

  it("keep of a whole text that is too long so much that it is seen to be, where of others the default stands", () => {
    const texts = z.object({ name: textField("none"), level: wholeTextField() });
    const most = "@".repeat(longestText);
    expect(texts.parse({ name: most, level: most })).toEqual({ name: most, level: most });
    const { name, level } = texts.parse({ name: `${most}@`, level: `${most}@@@` });
    expect([name, level.length]).toEqual(["none", longestText + 1]);
    expect(texts.parse({ level: 7 }).level).toBe("");
  });
});
