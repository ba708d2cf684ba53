import { expect, it, vi } from "vitest";
import { hasSomebody, openInBrowser } from "./open-studio.ts";
import type { Channel, Terminal } from "./terminal.ts";

function channel(isTerminal: boolean, said: string[] = []): Channel {
  return { write: (text) => void said.push(text), isTerminal, columns: 100, style: (_, text) => text };
}

function terminal(isTerminal: boolean, said: string[] = []): Terminal {
  return { out: channel(isTerminal), err: channel(isTerminal, said) };
}

/** `body` where standard input is a terminal or not, and CI says that. */
async function where(input: boolean, { ci, body }: { readonly ci: string; readonly body: () => unknown }): Promise<void> {
  const before = process.stdin.isTTY;
  Object.assign(process.stdin, { isTTY: input });
  vi.stubEnv("CI", ci);
  try {
    await body();
  } finally {
    Object.assign(process.stdin, { isTTY: before });
    vi.unstubAllEnvs();
  }
}

it("serves only where somebody could end it: with a terminal to read from and to write to, and not in CI", async () => {
  await where(true, { ci: "", body: () => expect(hasSomebody(terminal(true))).toBe(true) });
  await where(true, { ci: "", body: () => expect(hasSomebody(terminal(false))).toBe(false) });
  await where(false, { ci: "", body: () => expect(hasSomebody(terminal(true))).toBe(false) });
  await where(true, { ci: "true", body: () => expect(hasSomebody(terminal(true))).toBe(false) });
});

it("names the address where there is nothing to open it with", async () => {
  const said: string[] = [];
  await where(false, { ci: "", body: () => openInBrowser("http://127.0.0.1:4321", terminal(true, said)) });
  expect(said).toEqual(["No desktop here to open it on: open http://127.0.0.1:4321 in a browser.\n"]);
});
