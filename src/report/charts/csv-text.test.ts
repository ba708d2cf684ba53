import { expect, it } from "vitest";
import { csvRows, csvText } from "./csv-text.ts";

it("quotes what would be read as more than a cell, and leaves empty what is not there", () => {
  expect(
    csvText([
      ["name", "value"],
      ['said "so", twice', 0.5],
      ["two\nlines", null],
      ["plain", false],
    ]),
  ).toBe('name,value\r\n"said ""so"", twice",0.5\r\n"two\nlines",\r\nplain,false\r\n');
});

it("reads back what it wrote, and of other text what can be read", () => {
  const rows = [
    ["name", 'said "so", twice', "two\r\nlines"],
    ["", "0.5", ""],
    ["a", "", "b"],
  ];
  expect(csvRows(csvText(rows))).toEqual(rows);
  expect(csvRows('a,b\n"c')).toEqual([["a", "b"], ["c"]]);
  expect(csvRows("a,")).toEqual([["a", ""]]);
  expect(csvRows("")).toEqual([]);
});

it("keeps spreadsheets from computing what is a name, and leaves numbers alone", () => {
  expect(csvText([['=HYPERLINK("x")', "@a", "-name", "-0.5", "+3", -2]])).toBe(`"'=HYPERLINK(""x"")",'@a,'-name,-0.5,+3,-2\r\n`);
});
