import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PolicyJournal } from "./policy-journal.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A journal with two answers. */
async function begun(name: string): Promise<string> {
  const path = join(folder, name);
  const journal = await PolicyJournal.open(path, "audit-1");
  await journal.add("first?", { id: 0, a: 1 });
  await journal.add("second?", { id: 1, a: 2 });
  await journal.close();
  return path;
}

describe("the journal of a policy's answers", () => {
  it("gives them again in the order of their messages, and nothing beyond", async () => {
    const journal = await PolicyJournal.open(await begun("again"), "audit-1");
    expect([journal.found, journal.length]).toEqual([2, 2]);
    expect(journal.answerTo(0, "first?")).toEqual({ id: 0, a: 1 });
    expect(journal.answerTo(1, "second?")).toEqual({ id: 1, a: 2 });
    expect(journal.answerTo(2, "third?")).toBeUndefined();
    await journal.close();
  });

  it("takes off a last line that was cut short, and goes on from there", async () => {
    const path = await begun("torn");
    const whole = readFileSync(path, "utf8");
    appendFileSync(path, '{"id":2,"mess');
    const journal = await PolicyJournal.open(path, "audit-1");
    expect(journal.length).toBe(2);
    await journal.add("third?", { id: 2, a: 3 });
    await journal.close();
    const lines = readFileSync(path, "utf8");
    expect(lines.startsWith(whole)).toBe(true);
    expect(lines.trimEnd().split("\n")).toHaveLength(4);
  });

  it("refuses a message that is not the one it has an answer to", async () => {
    const journal = await PolicyJournal.open(await begun("other-message"), "audit-1");
    expect(() => journal.answerTo(1, "something else?")).toThrow(/message 1 of this audit is not the one/);
    await journal.close();
  });

  it("refuses the journal of another audit, and files that are none", async () => {
    const path = await begun("foreign");
    await expect(PolicyJournal.open(path, "audit-2")).rejects.toThrow(/is the journal of another audit/);
    const notes = join(folder, "notes");
    writeFileSync(notes, "milk\neggs\n");
    await expect(PolicyJournal.open(notes, "audit-1")).rejects.toThrow(/line 1 of .*notes is not what a journal/);
    expect(readFileSync(notes, "utf8")).toBe("milk\neggs\n");
  });

  it("is begun only in a folder that is there", async () => {
    const path = join(folder, "nowhere", "journal");
    await expect(PolicyJournal.open(path, "audit-1")).rejects.toThrow(
      /cannot write .*journal: no such file or folder \(ENOENT\)/,
    );
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  it("refuses lines out of order, as two audits at once would leave them", async () => {
    const path = await begun("twice");
    appendFileSync(path, readFileSync(path, "utf8").split("\n").slice(1).join("\n"));
    await expect(PolicyJournal.open(path, "audit-1")).rejects.toThrow(/answers message 0; expected 2\. Two audits/);
  });
});
