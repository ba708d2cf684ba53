import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "./chromium.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-path-"));
  for (const [name, mode] of [
    ["chromium", 0o644],
    ["google-chrome", 0o755],
    ["mine", 0o755],
  ] as const) {
    await writeFile(join(folder, name), "");
    await chmod(join(folder, name), mode);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(process.platform === "win32")("findChromium", () => {
  it("finds the first program on the path that can be run", () => {
    expect(findChromium({ PATH: ["/nowhere", folder].join(delimiter) })).toBe(join(folder, "google-chrome"));
    expect(findChromium({ PATH: "/nowhere" })).toBeNull();
    expect(findChromium({})).toBeNull();
  });

  it("takes the one that is named, and refuses a name that leads nowhere", () => {
    expect(findChromium({ PATH: folder, MESASCOPE_CHROMIUM: join(folder, "mine") })).toBe(join(folder, "mine"));
    expect(() => findChromium({ PATH: folder, MESASCOPE_CHROMIUM: "/nowhere/chromium" })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("/nowhere/chromium") }),
    );
  });
});
