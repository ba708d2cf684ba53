import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createArcade } from "../../core/worlds/arcade/arcade.ts";
import { meetPolicy } from "./policy-conversation.ts";
import { PolicyJournal } from "./policy-journal.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders.find(({ name }) => name === "compass")!;
const folder = mkdtempSync(join(tmpdir(), "mesascope-conversation-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = "sesame-open";
type Said = { readonly id: number; readonly type: string; readonly schema?: string; readonly rows?: number };

/** Meets a policy that answers as `answer` says, over a transport that hides a key. */
async function meet(name: string, answer: (message: Said) => object) {
  const path = join(folder, name);
  const journal = await PolicyJournal.open(path, "audit");
  const transport = {
    who: "the policy",
    ask: async (text: string) => JSON.stringify(answer(JSON.parse(text))),
    hide: (text: string) => text.replaceAll(key, "[key]"),
    lastWords: () => "",
    close: async () => {},
  };
  try {
    const met = await meetPolicy({ transport, journal, world, preset: "quick", encoder, maxRows: 7 });
    return { ...met, kept: readFileSync(path, "utf8") };
  } finally {
    await journal.close();
  }
}

const hello = (message: Said, more: object = {}) => ({
  ...{ id: message.id, schema: message.schema, name: "test", answers: "actions" },
  ...more,
});
const actions = ({ id, rows }: Said) => ({ id, actions: Array(rows).fill(0) });

describe("what must not be shown of a policy's answers", () => {
  it("stands neither in its name nor in the journal", async () => {
    const { name, kept } = await meet("name", (message) =>
      message.type === "hello" ? hello(message, { name: `I know ${key}` }) : actions(message),
    );
    expect(name).toBe("I know [key]");
    expect(kept).toContain("[key]");
    expect(kept).not.toContain(key);
  });

  it("stands in no error, also where a long one is cut within it, or the version is wrong", async () => {
    const long = `${"x".repeat(395)}${key}`;
    for (const [name, answer] of [
      ["refusal", ({ id }: Said) => ({ id, error: long })],
      ["version", (message: Said) => hello(message, { schema: `mesascope/${key}` })],
    ] as const) {
      await expect(meet(name, answer)).rejects.toEqual(
        expect.objectContaining({ message: expect.not.stringContaining("sesame") }),
      );
    }
  });
});

describe("an answer in the journal that was altered", () => {
  const answer = (message: Said) => (message.type === "hello" ? hello(message) : actions(message));

  it.each([
    ["has another form", '"actions":[0,', '"actions":["up",'],
    ["has too few actions", '"actions":[0,', '"actions":['],
    ["is to another message", '"answer":{"id":1,', '"answer":{"id":7,'],
  ])("is told with the file, the line and what to do: it %s", async (name, from, to) => {
    const { kept } = await meet(name, answer);
    const path = join(folder, name);
    writeFileSync(path, kept.replace(from, to));
    expect(readFileSync(path, "utf8")).not.toBe(kept);
    await expect(meet(name, answer)).rejects.toMatchObject({
      code: "invalid-data",
      message: expect.stringMatching(
        /^line 3 of .* is not the answer that was kept to message 1; .*Remove the file to start over/,
      ),
    });
    expect(readFileSync(path, "utf8").split("\n")[2]).toContain(to);
  });
});

describe("what a policy answered in its trial", () => {
  const acting = (action: number) => (message: Said) =>
    message.type === "hello" ? hello(message) : { id: message.id, actions: Array(message.rows).fill(action) };

  it("is the same for the same policy, also where the journal answers, and another for another", async () => {
    const { tried } = await meet("tried-up", acting(0));
    expect(tried).toHaveLength(16 * world.actions.length);
    expect((await meet("tried-up", acting(0))).tried).toEqual(tried);
    expect((await meet("tried-up-again", acting(0))).tried).toEqual(tried);
    expect((await meet("tried-down", acting(1))).tried).not.toEqual(tried);
  });
});

it("a version with characters that steer a terminal is told without them", async () => {
  await expect(meet("steering", (message) => hello(message, { schema: "\u009b2Jx" }))).rejects.toMatchObject({
    code: "unsupported-version",
    message: expect.stringMatching(/^\P{Cc}*$/u),
  });
});
