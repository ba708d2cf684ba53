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

it("names the address where nothing opens it, and says why", async () => {
  const said: string[] = [];
  const open = () => openInBrowser("http://127.0.0.1:4321", terminal(true, said));
  await where(false, { ci: "", body: open });
  await where(true, { ci: "true", body: open });
  vi.stubEnv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22");
  for (const name of ["DISPLAY", "WAYLAND_DISPLAY"]) vi.stubEnv(name, "");
  await where(true, { ci: "", body: open });
  const whys = ["Nothing is opened without a terminal", "Nothing is opened in CI", "No desktop here to open it on"];
  expect(said).toEqual(whys.map((why) => `${why}: open http://127.0.0.1:4321 in a browser.\n`));
});
