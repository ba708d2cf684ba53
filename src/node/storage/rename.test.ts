import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { atomicWrite } from "./files.ts";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return { ...real, rename: vi.fn(real.rename) };
});

const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-rename-"));
  await writeFile(join(folder, "a.json"), "before");
});
afterEach(async () => {
  vi.mocked(rename).mockReset();
  Object.defineProperty(process, "platform", platform);
  await rm(folder, { recursive: true });
});

const on = (name: NodeJS.Platform) => Object.defineProperty(process, "platform", { ...platform, value: name });
const failTimes = async (times: number, code: string) => {
  const real = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");
  let calls = 0;
  vi.mocked(rename).mockImplementation(async (from, to) => {
    if (++calls <= times) throw Object.assign(new Error(`${code}: in use`), { code });
    await real.rename(from, to);
  });
  return () => calls;
};
const write = () => atomicWrite(join(folder, "a.json"), "after");
const read = () => readFile(join(folder, "a.json"), "utf8");

describe("an atomic write", () => {
  it.each(["EPERM", "EBUSY", "EACCES"])("waits on Windows for who has the file open (%s)", async (code) => {
    on("win32");
    const calls = await failTimes(3, code);
    await write();
    expect([calls(), await read()]).toEqual([4, "after"]);
  });

  it("is given up on Windows after a while, and at once for another reason", async () => {
    on("win32");
    const calls = await failTimes(100, "EPERM");
    await expect(write()).rejects.toMatchObject({ code: "file-system" });
    expect([calls(), await read()]).toEqual([9, "before"]);
    const others = await failTimes(100, "ENOSPC");
    await expect(write()).rejects.toMatchObject({ code: "file-system" });
    expect(others()).toBe(1);
  });

  it("does not wait elsewhere, where nobody is in the way of a rename", async () => {
    on("linux");
    const calls = await failTimes(1, "EPERM");
    await expect(write()).rejects.toMatchObject({ code: "file-system" });
    expect(calls()).toBe(1);
  });
});
