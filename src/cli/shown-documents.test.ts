import { expect, it } from "vitest";
import { z } from "zod";
import { organisms } from "../core/organisms/index.ts";
import { figuresSchema } from "./bench/bench-document.ts";
import { figures } from "./bench/figures.ts";
import { organismsCommand } from "./commands/organisms.ts";
import { episodeSchema, modelSchema, organismsSchema } from "./shown-documents.ts";
import type { Terminal } from "./terminal.ts";

/** What a command prints on standard output. */
async function printed(...args: readonly string[]): Promise<unknown> {
  const out: string[] = [];
  const channel = {
    write: (text: string) => void out.push(text),
    isTerminal: false,
    columns: 100,
    style: (_: string, text: string) => text,
  };
  const terminal: Terminal = { out: channel, err: { ...channel, write: () => undefined } };
  await organismsCommand({ terminal }).parseAsync(args, { from: "user" });
  return JSON.parse(out.join(""));
}

it("the list of organisms and each of them with its recipe follow their schema", async () => {
  const list = organismsSchema.parse(await printed("--json"));
  expect(list.organisms.map(({ id }) => id)).toEqual(organisms.map(({ id }) => id));
  for (const { id } of organisms.filter((_, i) => i % 10 === 0)) {
    const [only] = organismsSchema.parse(await printed(id, "--json", "--preset", "quick")).organisms;
    expect(only).toMatchObject({ id, recipe: { seed: 1 } });
  }
});

it("the list of figures follows its schema", () => {
  const described = figures.map(({ name, unit, goal, definition }) => ({ name, unit, goal, definition }));
  expect(figuresSchema.parse({ schema: "mesascope/figures@1", figures: described }).figures).toEqual(described);
});

it("all of them can be published as JSON Schema", () => {
  for (const schema of [organismsSchema, episodeSchema, modelSchema, figuresSchema])
    expect(z.toJSONSchema(schema)).toMatchObject({ type: "object", additionalProperties: false });
});
