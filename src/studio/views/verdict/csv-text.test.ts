import { expect, it } from "vitest";
import { csvText } from "./csv-text.ts";

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
