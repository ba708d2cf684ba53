import { chmod, link, mkdir, mkdtemp, readdir, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LabLock } from "./lab-lock.ts";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return { ...real, chmod: vi.fn(real.chmod), link: vi.fn(real.link) };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-lock-"));
});
afterEach(async () => {
  vi.mocked(link).mockReset();
  vi.mocked(chmod).mockReset();
  await rm(folder, { recursive: true });
});

const take = () => LabLock.take(folder, { command: "a test" });
const failing = (code: string) => Object.assign(new Error(`${code}: no`), { code });

describe("the lock of a lab's folder", () => {
  it("makes its socket where nobody else may come, until it is nobody else's to use", async () => {
    const modes: number[] = [];
    const real = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");
    vi.mocked(chmod).mockImplementation(async (path, mode) => {
      modes.push((await stat(dirname(String(path)))).mode & 0o777);
      await real.chmod(path, mode);
    });
    vi.mocked(link).mockImplementation(real.link);
    const before = process.umask(0);
    const lock = await take().finally(() => process.umask(before));
    expect(modes).toEqual([0o700]);
    expect((await stat(join(folder, "lab.sock"))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["lab-000000001.sock", "lab.sock"]);
    await lock.release();
  });

  it.each(["EPERM", "ENOTSUP", "EOPNOTSUPP"])("says so where the file system has no sockets or hard links (%s)", async (code) => {
    vi.mocked(link).mockRejectedValue(failing(code));
    await expect(take()).rejects.toMatchObject({
      code: "file-system",
      message: expect.stringMatching(new RegExp(`\\(${code}\\).*unix sockets and hard links.*Move the folder to another disk`)),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("removes what holders left that were killed on their way, and nothing that is just being made", async () => {
    const real = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");
    vi.mocked(link).mockImplementation(real.link);
    vi.mocked(chmod).mockImplementation(real.chmod);
    await mkdir(join(folder, ".lab-00000001"));
    await mkdir(join(folder, ".lab-00000002"));
    await utimes(join(folder, ".lab-00000001"), 1, 1);
    const lock = await take();
    expect(await readdir(folder)).toEqual([".lab-00000002", "lab-000000001.sock", "lab.sock"]);
    await lock.release();
  });
});
