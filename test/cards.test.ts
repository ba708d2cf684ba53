// The cards that the repository holds, and the page that lists them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cardSchema } from "../src/core/replications/card.ts";
import { replications } from "../src/core/replications/index.ts";
import { cardSvg } from "../src/report/cards/card-svg.ts";
import { answerText } from "../src/report/cards/card-words.ts";

const folder = new URL("../cards/", import.meta.url);
const page = readFileSync(new URL("README.md", folder), "utf8");
const names = readdirSync(folder).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : []));

describe("the cards in cards/", () => {
  it.each(names)("has %s at its stated scale, as text and picture too, and listed with its answer", (name) => {
    const card = cardSchema.parse(JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")));
    expect(card.name).toBe(name);
    expect(card.scale.kind).toBe("stated");
    const row = `| [${name}](${name}.md) | ${card.title} | ${answerText(card)} | ${card.verdict.sentence} |`;
    expect(page.split("\n")).toContain(row);
    expect(existsSync(new URL(`${name}.md`, folder))).toBe(true);
    // As this code draws it, in the colors of today.
    expect(readFileSync(new URL(`${name}.svg`, folder), "utf8") === cardSvg(card)).toBe(true);
  });

  it("has one of each replication, or the page says that it is missing", () => {
    const missing = replications.flatMap(({ name }) => (names.includes(name) ? [] : [name]));
    const said = /^Not made yet: (.*)\.$/m.exec(page)?.[1]?.split(", ") ?? [];
    expect(said).toEqual(missing.map((name) => `\`${name}\``));
  });
});
