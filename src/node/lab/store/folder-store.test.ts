import { execFile, execFileSync, spawnSync } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { FolderStore } from "./folder-store.ts";
import { sealDocument } from "./store-content.ts";
import { makeTestFolder, type TestFolder } from "./stores.fixture.ts";

const text = (words: string) => new TextEncoder().encode(words);
const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });
const storeModule = new URL("./folder-store.ts", import.meta.url).href;

let made: TestFolder;
let store: FolderStore;
beforeEach(async () => {
  made = await makeTestFolder();
  store = await made.open();
});
afterEach(() => made.remove());

/** Files of the folder with their paths, temporaries included. */
async function files(): Promise<readonly string[]> {
  const entries = await readdir(made.folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name).slice(made.folder.length + 1))
    .sort();
}

async function listed(prefix: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of store.listDocuments(prefix)) paths.push(path);
  return paths;
}

/** Runs a program that has `store` open in another process. */
const programOf = (body: string, before = "") => `
  import fs from "node:fs/promises";
  import { syncBuiltinESMExports } from "node:module";
  ${before}
  syncBuiltinESMExports();
  const { FolderStore } = await import(${JSON.stringify(storeModule)});
  const store = await FolderStore.open(${JSON.stringify(made.folder)});
  ${body}`;

function runKilled(body: string, before: string): void {
  const ended = spawnSync(process.execPath, ["--input-type=module", "-e", programOf(body, before)], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(ended.signal, ended.stderr).toBe("SIGKILL");
}

describe("damage", () => {
  it("is found in a blob and in a document, whichever bit is flipped and wherever they are cut", async () => {
    const ref = await store.putBlob(text("forty bytes or so, each of them named"));
    await store.putDocument("records/a.json", { text: "ü", number: 12.5, list: [null, true] });
    const blob = store.blobName(ref.sha256);
    const document = store.documentName("records/a.json");
    const cases = [
      { path: blob, read: () => store.getBlob(ref) },
      { path: document, read: () => store.getDocument("records/a.json") },
    ];
    for (const { path, read } of cases) {
      const whole = await readFile(path);
      for (let at = 0; at < whole.length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const altered = Buffer.from(whole);
          altered[at] = (altered[at] ?? 0) ^ (1 << bit);
          await writeFile(path, altered);
          await expect(read(), `bit ${bit} of byte ${at}`).rejects.toThrow(
            failure("damaged-artifact", /is damaged: .*Restore the file/),
          );
        }
      }
      for (let length = 0; length < whole.length; length++) {
        await writeFile(path, whole);
        await truncate(path, length);
        await expect(read(), `${length} bytes left`).rejects.toThrow(failure("damaged-artifact", /is damaged/));
      }
      await writeFile(path, whole);
      await read();
    }
  });

  it("names the file", async () => {
    const ref = await store.putBlob(text("here"));
    await rm(store.blobName(ref.sha256));
    await mkdir(store.blobName(ref.sha256));
    await expect(store.getBlob(ref)).rejects.toThrow(failure("damaged-artifact", /a folder is in its place/));
    await rm(store.blobName(ref.sha256), { recursive: true });
    const path = join(made.folder, "blobs", ref.sha256.slice(0, 2), ref.sha256.slice(2));
    await expect(store.getBlob(ref)).rejects.toThrow(
      failure("damaged-artifact", new RegExp(`^${path} is damaged: it is missing`)),
    );
  });

  it("is healed when the same bytes are put again", async () => {
    const ref = await store.putBlob(text("to be healed"));
    for (const wrong of ["to be heated", "short"]) {
      await writeFile(store.blobName(ref.sha256), wrong);
      await store.putBlob(text("to be healed"));
      expect(await store.getBlob(ref)).toEqual(text("to be healed"));
    }
  });
});

describe("a killed process", () => {
  it("leaves nothing under a blob's or document's name, and its temporary goes with the next opening", async () => {
    const kill = 'fs.rename = () => process.kill(process.pid, "SIGKILL");';
    const forever = "await new Promise(() => setInterval(() => 0, 1e3));";
    for (const put of ["putBlob(new Uint8Array(1000))", 'putDocument("records/a.json", 1)']) {
      runKilled(`await store.${put}; ${forever}`, kill);
      expect(await files()).toEqual([expect.stringMatching(/\.tmp$/)]);
      expect(await listed("")).toEqual([]);
      await made.open();
      expect(await files()).toEqual([]);
    }
  });

  it("that was about to remove a blob leaves it whole after the next opening", async () => {
    const ref = await store.putBlob(text("kept"));
    const removal = `await store.deleteBlob("${ref.sha256}", { unlessPutSince: new Date(0) });`;
    runKilled(
      `${removal} await new Promise(() => setInterval(() => 0, 1e3));`,
      'fs.stat = new Proxy(fs.stat, { apply: (call, self, args) => String(args[0]).includes(".replaced.") ? process.kill(process.pid, "SIGKILL") : call(...args) });',
    );
    await expect(store.getBlob(ref)).rejects.toThrow(failure("damaged-artifact", /missing/));
    store = await made.open();
    expect(await store.getBlob(ref)).toEqual(text("kept"));
  });
});

describe("several processes", () => {
  it("put the same blob, and others remove and open, and it is whole at the end", async () => {
    const put = programOf(
      "for (let at = 0; at < 40; at++) { const ref = await store.putBlob(new Uint8Array(5000)); await store.getBlob(ref); }",
    );
    const open = programOf(`for (let at = 0; at < 40; at++) await FolderStore.open(${JSON.stringify(made.folder)});`);
    const run = promisify(execFile);
    const all = [put, put, put, open].map((program) => run(process.execPath, ["--input-type=module", "-e", program]));
    await Promise.all(all);
    const ref = await store.putBlob(new Uint8Array(5000));
    expect(await store.getBlob(ref)).toEqual(new Uint8Array(5000));
    expect(await files()).toHaveLength(1);
  });

  it("never lose a blob that one puts while another removes it as long unused", async () => {
    const ref = await store.putBlob(text("raced for"));
    for (let round = 0; round < 60; round++) {
      await utimes(store.blobName(ref.sha256), 1, 1);
      const limit = new Date(Date.now() - 3_600_000);
      await Promise.all([store.putBlob(text("raced for")), store.deleteBlob(ref.sha256, { unlessPutSince: limit })]);
      expect(await store.getBlob(ref), `round ${round}`).toEqual(text("raced for"));
    }
  });
});

describe("the folder's bounds", () => {
  it("are kept: symbolic links in it are refused, at any depth and when they lead nowhere", async () => {
    const ref = await store.putBlob(text("inside"));
    const outside = await makeTestFolder();
    await writeFile(join(outside.folder, "a.json"), sealDocument("outside"));
    await symlink(outside.folder, join(made.folder, "records"));
    const words = failure("file-system", /records is a symbolic link to .*; expected all of a lab to lie in .*mount it there/);
    await expect(store.getDocument("records/a.json")).rejects.toThrow(words);
    await expect(store.putDocument("records/b.json", 1)).rejects.toThrow(words);
    await expect(store.deleteDocument("records/a.json")).rejects.toThrow(words);
    await expect(listed("records/")).rejects.toThrow(words);
    await expect(listed("")).rejects.toThrow(words);
    expect(await readdir(outside.folder)).toEqual(["a.json"]);
    await outside.remove();
    await expect(listed("records/")).rejects.toThrow(words);

    const file = store.blobName(ref.sha256);
    await rename(file, join(made.folder, "elsewhere"));
    await symlink(join(made.folder, "elsewhere"), file);
    await expect(store.getBlob(ref)).rejects.toThrow(failure("file-system", /is a symbolic link/));
  });

  it("may themselves be reached through a link", async () => {
    const link = `${made.folder}-link`;
    await symlink(made.folder, link);
    const linked = await FolderStore.open(link);
    await linked.putDocument("records/a.json", 1);
    expect(await store.getDocument("records/a.json")).toBe(1);
    await rm(link);
  });

  it("are not made anew when the folder is gone", async () => {
    await rename(made.folder, `${made.folder}-moved`);
    const gone = failure("file-system", /the lab's folder .* is gone; expected it to stay\. Bring it back/);
    await expect(store.getDocument("records/a.json")).rejects.toThrow(gone);
    await expect(store.putDocument("records/a.json", 1)).rejects.toThrow(gone);
    await mkdir(made.folder);
    await expect(store.putBlob(text("x"))).rejects.toThrow(failure("file-system", /is another folder than when it was opened/));
    await rm(`${made.folder}-moved`, { recursive: true });
  });

  it("are found again when the same lab is mounted anew, and not in another lab", async () => {
    const lab = { id: "one" };
    await store.putDocument("lab.json", lab);
    const opened = await FolderStore.open(made.folder);
    await rename(made.folder, `${made.folder}-moved`);
    await cp(`${made.folder}-moved`, made.folder, { recursive: true });
    expect(await opened.getDocument("lab.json")).toEqual(lab);
    await opened.putDocument("records/a.json", 1);
    await rename(made.folder, `${made.folder}-copied`);
    await mkdir(made.folder);
    const other = await FolderStore.open(made.folder);
    await other.putDocument("lab.json", { id: "two" });
    await expect(opened.getDocument("records/a.json")).rejects.toThrow(failure("file-system", /is another folder than/));
    for (const name of ["moved", "copied"]) await rm(`${made.folder}-${name}`, { recursive: true });
  });

  it("have to be there at all", async () => {
    await expect(FolderStore.open(join(made.folder, "none"))).rejects.toThrow(
      failure("file-system", /there is no folder .*none; .*Make the empty folder, or mount it\.$/),
    );
    await writeFile(join(made.folder, "file"), "");
    await expect(FolderStore.open(join(made.folder, "file"))).rejects.toThrow(failure("file-system", /file, not a folder/));
  });
});

describe("what else lies there", () => {
  it("is no blob and no document", async () => {
    await store.putDocument("lab.json", 1);
    await store.putBlob(text("x"));
    for (const path of [
      "index/base/1.json",
      "records/README",
      "records/.hidden.json",
      "blobs/ab/short",
      "blobs/notes",
      "Other/a.json",
    ]) {
      await mkdir(dirname(join(made.folder, path)), { recursive: true });
      await writeFile(join(made.folder, path), "x");
    }
    expect(await listed("")).toEqual(["lab.json"]);
    const blobs: string[] = [];
    for await (const { sha256 } of store.listBlobs()) blobs.push(sha256);
    expect(blobs).toHaveLength(1);
  });

  it("goes with the last document where it was a folder for some only", async () => {
    await store.putDocument("checkpoints/ab/1.json", 1);
    await store.putDocument("checkpoints/ab/2.json", 2);
    await store.deleteDocument("checkpoints/ab/1.json");
    expect(await readdir(join(made.folder, "checkpoints"))).toEqual(["ab"]);
    await store.deleteDocument("checkpoints/ab/2.json");
    expect(await readdir(join(made.folder, "checkpoints"))).toEqual([]);
    await store.putDocument("checkpoints/ab/1.json", 3);
    expect(await store.getDocument("checkpoints/ab/1.json")).toBe(3);
  });
});

describe("a disk that cannot take more", () => {
  it.runIf(process.getuid?.() !== 0)("says that it may not be written, and can still be read", async () => {
    const ref = await store.putBlob(text("read me"));
    await chmod(made.folder, 0o500);
    const reopened = await made.open();
    await expect(reopened.putDocument("records/a.json", 1)).rejects.toThrow(failure("file-system", /permission denied/));
    expect(await reopened.getBlob(ref)).toEqual(text("read me"));
    await chmod(made.folder, 0o700);
  });

  it("is told of when it is full, holds nothing half-written, and takes more when there is room again", async (context) => {
    await onSmallDisk(context, async (small) => {
      const ref = await small.putBlob(new Uint8Array(300_000).fill(1));
      await small.putDocument("records/a.json", "before");
      const full = failure("file-system", /^cannot write .*: the disk is full \(ENOSPC\)\. Free space there/);
      await expect(small.putBlob(new Uint8Array(2_000_000).fill(2))).rejects.toThrow(full);
      await expect(small.putDocument("records/a.json", "x".repeat(2_000_000))).rejects.toThrow(full);
      expect(await small.getDocument("records/a.json")).toBe("before");
      expect((await small.getBlob(ref)).length).toBe(300_000);
      expect((await readdir(small.name, { recursive: true })).filter((it) => it.endsWith(".tmp"))).toEqual([]);
      await small.deleteBlob(ref.sha256);
      await small.putBlob(new Uint8Array(600_000).fill(3));
    });
  });

  it("is told of when it is read-only, and can still be opened and read", async (context) => {
    await onSmallDisk(context, async (small) => {
      const ref = await small.putBlob(text("read me"));
      await writeFile(join(small.name, ".a.json.999999999-0123456789ab.tmp"), "left over");
      execFileSync("mount", ["-o", "remount,ro", small.name]);
      const reopened = await FolderStore.open(small.name);
      expect(await reopened.getBlob(ref)).toEqual(text("read me"));
      const words = failure("file-system", /read-only \(EROFS\)\. Name a folder that can be written to/);
      await expect(reopened.putBlob(text("new"))).rejects.toThrow(words);
      await expect(reopened.putBlob(text("read me"))).rejects.toThrow(words);
      await expect(reopened.putDocument("lab.json", 1)).rejects.toThrow(words);
      await expect(reopened.deleteBlob(ref.sha256)).rejects.toThrow(words);
    });
  });

  it("is missed when it is unmounted, instead of looking empty", async (context) => {
    await onSmallDisk(context, async (small) => {
      await small.putDocument("records/a.json", 1);
      execFileSync("umount", [small.name]);
      await expect(small.getDocument("records/a.json")).rejects.toThrow(
        failure("file-system", /is another folder than when it was opened.*is its disk mounted/),
      );
    });
  });
});

/** Runs `check` with a store on a disk of 1 MB; skips where none can be mounted. */
async function onSmallDisk(context: TestContext, check: (small: FolderStore) => Promise<void>): Promise<void> {
  const place = join(tmpdir(), `mesascope-small-${process.pid}`);
  await mkdir(place, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", place], { stdio: "ignore" });
  } catch {
    await rm(place, { recursive: true });
    context.skip("a small disk could not be mounted here: that needs root on Linux");
  }
  try {
    await check(await FolderStore.open(place));
  } finally {
    spawnSync("umount", [place]);
    await rm(place, { recursive: true, force: true });
  }
}
