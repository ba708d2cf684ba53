import { expect, it } from "vitest";
import { fileAddress, fileStem, tableCsv, tableJson } from "./table-files.ts";

const table = {
  columns: ["Agent", "100% & more"],
  rows: [
    ["“A” <b>#1</b>", -0.5],
    ['said "so"', null],
    ["nothing", Number.NaN],
  ],
};

it("writes the same numbers as lines of cells and as records", () => {
  expect(tableCsv(table)).toBe('Agent,100% & more\r\n“A” <b>#1</b>,-0.5\r\n"said ""so""",\r\nnothing,\r\n');
  expect(JSON.parse(tableJson(table))).toEqual([
    { Agent: "“A” <b>#1</b>", "100% & more": -0.5 },
    { Agent: 'said "so"', "100% & more": null },
    { Agent: "nothing", "100% & more": null },
  ]);
});

it("puts a whole file into an address, with nothing in it that ends an address or an attribute", async () => {
  for (const text of [tableCsv(table), tableJson(table)]) {
    const address = fileAddress("text/csv", text);
    expect(address).not.toMatch(/[#"<>&\r\n]/);
    const answer = await fetch(address);
    expect(answer.headers.get("content-type")).toBe("text/csv;charset=utf-8");
    expect(await answer.text()).toBe(text);
  }
});

it("names files after what is in them, in letters and digits that any system takes", () => {
  expect(fileStem("Inferred weights of “the agent”")).toBe("inferred-weights-of-the-agent");
  expect(fileStem(`${"a".repeat(59)} b`)).toBe("a".repeat(59));
  expect(fileStem("π ∈ …")).toBe("chart");
});
