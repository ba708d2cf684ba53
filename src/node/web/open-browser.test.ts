import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { browserOpener, isInCi, openBrowser } from "./open-browser.ts";

it("knows what opens an address on each system, and that there is none without a desktop, over SSH and in CI", () => {
  const opener = (platform: NodeJS.Platform, environment: Record<string, string> = {}) =>
    browserOpener({ platform, environment })?.[0] ?? null;
  expect(opener("linux", { DISPLAY: ":0" })).toBe("xdg-open");
  expect(opener("linux", { WAYLAND_DISPLAY: "wayland-0" })).toBe("xdg-open");
  expect(opener("darwin")).toBe("open");
  expect(opener("win32")).toBe("rundll32");
  expect(opener("linux")).toBeNull();
  expect(opener("linux", { DISPLAY: "" })).toBeNull();
  expect(opener("darwin", { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" })).toBeNull();
  for (const platform of ["linux", "darwin", "win32"] as const)
    expect(opener(platform, { DISPLAY: ":0", CI: "true" })).toBeNull();
});

it("takes CI for what it says, also where it says no", () => {
  expect(["true", "1", "woodpecker"].map((CI) => isInCi({ CI }))).toEqual([true, true, true]);
  expect([{}, { CI: "" }, { CI: "false" }, { CI: "0" }].map(isInCi)).toEqual([false, false, false, false]);
});

it.skipIf(process.platform === "win32")(
  "hands over the address as one word, and says so where there is nothing to hand it to",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "mesascope-open-"));
    try {
      const program = join(folder, "opener");
      const told = join(folder, "told");
      await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${told}'\n`);
      await chmod(program, 0o755);
      const address = new URL("http://127.0.0.1:4321/runs?filter=a%20b&x=$(id)");
      expect(await openBrowser(address, [program, "first"])).toBe(true);
      await expect.poll(() => readFile(told, "utf8").catch(() => "")).toBe(`first\n${address.href}\n`);
      expect(await openBrowser(address, [join(folder, "nothing")])).toBe(false);
      await writeFile(program, "#!/bin/sh\nexit 3\n");
      expect(await openBrowser(address, [program])).toBe(false);
      await writeFile(program, "#!/bin/sh\nexec sleep 5\n");
      expect(await openBrowser(address, [program])).toBe(true);
      expect(await openBrowser(address, null)).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
