import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import {
  atomicWrite,
  fileSystemError,
  kindOf,
  listFolder,
  makeFolder,
  readJson,
  removeStaleTemporaries,
  temporaryPath,
  writeJson,
} from "./files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-files-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("atomicWrite", () => {
  it("writes and replaces a file and leaves nothing else behind", async () => {
    const path = join(folder, "a.txt");
    await atomicWrite(path, "one");
    await atomicWrite(path, new Uint8Array([116, 119, 111]));
    expect(await readFile(path, "utf8")).toBe("two");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  it("says which path failed, why and what to do, and cleans up its temporary", async () => {
    await expect(atomicWrite(join(folder, "none", "a.txt"), "x")).rejects.toThrow(
      failure("file-system", /^cannot write .*none\/a\.txt: no such file or folder \(ENOENT\)\. Check the path/),
    );
    await mkdir(join(folder, "taken"));
    await expect(atomicWrite(join(folder, "taken"), "x")).rejects.toThrow(failure("file-system", /EISDIR/));
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it.runIf(process.getuid?.() !== 0)("refuses a folder without write permission by name", async () => {
    await chmod(folder, 0o500);
    await expect(atomicWrite(join(folder, "a.txt"), "x")).rejects.toThrow(failure("file-system", /permission denied \(EACCES\)/));
    await chmod(folder, 0o700);
  });

  it.runIf(process.platform !== "win32")("keeps the old file and removes the temporary when a write is cut short", async () => {
    const path = join(folder, "a.txt");
    await atomicWrite(path, "old");
    const script = `
      import { atomicWrite } from ${JSON.stringify(new URL("./files.ts", import.meta.url).href)};
      await atomicWrite(${JSON.stringify(path)}, new Uint8Array(1e6)).catch((error) => console.log(error.code, error.message));`;
    const limited = ["-c", 'ulimit -f 8; exec "$0" --input-type=module -e "$1"', process.execPath, script];
    const output = execFileSync("sh", limited, { encoding: "utf8" });
    expect(output).toMatch(/^file-system cannot write .*a\.txt: the file is larger than allowed \(EFBIG\)\. Raise the limit/);
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });
});

describe("fileSystemError", () => {
  it.runIf(process.platform === "linux")("names the full disk and the way out", async () => {
    const cause = await writeFile("/dev/full", "x").catch((error: unknown) => error);
    const error = fileSystemError(cause, { action: "write", path: "/lab/a.txt" });
    expect(error.message).toBe(
      "cannot write /lab/a.txt: the disk is full (ENOSPC). Free space there or name a folder on another disk, then run the command again.",
    );
    expect(error.cause).toBe(cause);
  });

  it("passes an error of the project on, and keeps the words of one it does not know", () => {
    const own = new MesascopeError("usage", "x");
    expect(fileSystemError(own, { action: "write", path: "/a" })).toBe(own);
    const odd = Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
    expect(fileSystemError(odd, { action: "read", path: "/a" }).message).toMatch(/^cannot read \/a: EIO: i\/o error\. Check/);
  });
});

describe("writeJson and readJson", () => {
  it("give back what was written", async () => {
    const path = join(folder, "a.json");
    await writeJson(path, { b: [1, null, "ü"] });
    expect(await readJson(path)).toEqual({ b: [1, null, "ü"] });
  });

  it("tell a missing file, a folder and a broken file apart", async () => {
    await expect(readJson(join(folder, "none.json"))).rejects.toThrow(
      failure("file-system", /^cannot read .*none\.json.*ENOENT/),
    );
    await expect(readJson(folder)).rejects.toThrow(failure("file-system", /EISDIR/));
    const broken = join(folder, "broken.json");
    await writeFile(broken, '{"a": 1');
    await expect(readJson(broken)).rejects.toThrow(
      failure("invalid-data", /broken\.json is not JSON \(.+\); expected a JSON file/),
    );
  });
});

describe("listFolder", () => {
  it("says of a file that it is one, and of a path through a file that a part of it is", async () => {
    const file = join(import.meta.dirname, "files.ts");
    await expect(listFolder(file)).rejects.toThrow(
      failure("file-system", /^cannot list the folder .*files\.ts: it is a file\. /),
    );
    await expect(listFolder(join(file, "a"))).rejects.toThrow(failure("file-system", /a part of the path is a file/));
  });
});

describe("makeFolder and kindOf", () => {
  it("make nested folders and say what is there", async () => {
    const deep = join(folder, "a", "b");
    await makeFolder(deep);
    await makeFolder(deep);
    await writeFile(join(deep, "c"), "");
    expect(await kindOf(deep)).toBe("folder");
    expect(await kindOf(join(deep, "c"))).toBe("file");
    expect(await kindOf(join(deep, "c", "d"))).toBeNull();
    expect(await kindOf("/dev/null")).toBe("other");
    await expect(makeFolder(join(deep, "c"))).rejects.toThrow(failure("file-system", /cannot make the folder/));
  });
});

describe("removeStaleTemporaries", () => {
  it("removes what a dead process left, and old ones, but nothing of a running process nor any other file", async () => {
    const dead = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
    const left = `.a.txt.${dead}-0123456789ab.tmp`;
    await mkdir(join(folder, left));
    await writeFile(join(folder, left, "inside"), "x");
    const fresh = temporaryPath(join(folder, "b.txt"));
    const old = temporaryPath(join(folder, "c.txt"));
    await writeFile(fresh, "x");
    await writeFile(old, "x");
    await utimes(old, new Date(0), new Date(0));
    await writeFile(join(folder, "keep.tmp"), "x");
    const removed = await removeStaleTemporaries(folder);
    expect([...removed].sort()).toEqual([left, old.slice(folder.length + 1)].sort());
    expect((await readdir(folder)).sort()).toEqual([fresh.slice(folder.length + 1), "keep.tmp"].sort());
  });
});

describe("a folder that cannot be made", () => {
  it.skipIf(process.platform !== "linux")(
    "is an error at once, also below a file system that answers as if nothing were there",
    async () => {
      await expect(makeFolder("/proc/mesascope/agents/a")).rejects.toThrow(/cannot make the folder/);
    },
  );

  it("is an error when a file bears its name", async () => {
    await expect(makeFolder(join(import.meta.dirname, "files.ts"))).rejects.toThrow(/a file of that name is there/);
  });
});
