// What every store keeps to, asked of a folder and of a bucket alike.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import { openStore } from "./open-store.ts";
import { sha256Of } from "./store-content.ts";
import { credentials, makeTestFolder, startBucket, type TestBucket, type TestFolder } from "./stores.fixture.ts";

const text = (words: string) => new TextEncoder().encode(words);
const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

let bucket: TestBucket;
const folders: TestFolder[] = [];
let prefixes = 0;
beforeAll(async () => {
  bucket = await startBucket();
});
afterAll(async () => {
  await bucket.stop();
  for (const folder of folders) await folder.remove();
});

const makers: Readonly<Record<string, () => Promise<ArtifactStore>>> = {
  folder: async () => {
    const made = await makeTestFolder();
    folders.push(made);
    return await openStore(made.folder);
  },
  bucket: () => openStore(bucket.address(`contract-${prefixes++}`), credentials),
};

describe.each(Object.keys(makers))("a store in a %s", (kind) => {
  const make = makers[kind] ?? (() => Promise.reject(new Error(kind)));

  it("gives back any bytes, under their hash", async () => {
    const store = await make();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        const ref = await store.putBlob(bytes);
        expect(ref).toEqual({ sha256: sha256Of(bytes), bytes: bytes.length });
        expect(await store.getBlob(ref)).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it("gives back any document", async () => {
    const store = await make();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const json: unknown = JSON.parse(JSON.stringify(value));
        await store.putDocument("records/any.json", json);
        expect(await store.getDocument("records/any.json")).toEqual(json);
      }),
      { numRuns: 100 },
    );
  });

  it("keeps the same bytes once, and counts them as put when they were put last", async () => {
    const store = await make();
    await store.putBlob(text("once"));
    const [first] = await all(store.listBlobs());
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await store.putBlob(text("once"));
    const second = await all(store.listBlobs());
    expect(second.map(({ sha256 }) => sha256)).toEqual([sha256Of(text("once"))]);
    expect(second[0]?.putAt.getTime()).toBeGreaterThan(first?.putAt.getTime() ?? Number.NaN);
  });

  it("lists blobs in the order of their hashes, with their sizes, and forgets those that are deleted", async () => {
    const store = await make();
    const refs = await Promise.all(Array.from({ length: 40 }, (_, at) => store.putBlob(text("b".repeat(at)))));
    const expected = refs.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    expect((await all(store.listBlobs())).map(({ sha256, bytes }) => ({ sha256, bytes }))).toEqual(expected);
    const [gone, ...left] = expected;
    if (gone === undefined) throw new Error("no blob");
    expect(await store.deleteBlob(gone.sha256)).toBe(true);
    expect(await store.deleteBlob(gone.sha256)).toBe(false);
    expect((await all(store.listBlobs())).map(({ sha256 }) => sha256)).toEqual(left.map(({ sha256 }) => sha256));
    await expect(store.getBlob(gone)).rejects.toThrow(
      failure("damaged-artifact", /is damaged: it is missing; expected \d+ bytes/),
    );
  });

  it("finds a blob without reading it", async () => {
    const store = await make();
    const ref = await store.putBlob(text("found"));
    expect(await all(store.listBlobs())).toEqual([await store.findBlob(ref.sha256)]);
    expect(await store.findBlob(ref.sha256)).toMatchObject(ref);
    expect(await store.findBlob(sha256Of(text("lost")))).toBeNull();
  });

  it("spares a blob that was put since", async () => {
    const store = await make();
    const ref = await store.putBlob(text("late"));
    expect(await store.deleteBlob(ref.sha256, { unlessPutSince: new Date(Date.now() - 60_000) })).toBe(false);
    expect(await store.getBlob(ref)).toEqual(text("late"));
    expect(await store.deleteBlob(ref.sha256, { unlessPutSince: new Date(Date.now() + 60_000) })).toBe(true);
    expect(await all(store.listBlobs())).toEqual([]);
  });

  it("names a blob's file where its length is not the one asked for", async () => {
    const store = await make();
    const ref = await store.putBlob(text("four"));
    await expect(store.getBlob({ ...ref, bytes: 5 })).rejects.toThrow(
      failure("damaged-artifact", new RegExp(`${ref.sha256.slice(2)}.* is damaged: it has 4 bytes; expected 5`)),
    );
  });

  it("replaces, deletes and does without documents", async () => {
    const store = await make();
    expect(await store.getDocument("records/a.json")).toBeNull();
    await store.putDocument("records/a.json", { a: 1 });
    await store.putDocument("records/a.json", { a: 2 });
    expect(await store.getDocument("records/a.json")).toEqual({ a: 2 });
    await store.deleteDocument("records/a.json");
    await store.deleteDocument("records/a.json");
    expect(await store.getDocument("records/a.json")).toBeNull();
  });

  it("lists documents by the beginning of their paths, in order, and no blobs", async () => {
    const store = await make();
    const paths = [
      "kept/card-a.json",
      "lab.json",
      "ledger/1.json",
      "records/a-b.json",
      "records/a.json",
      "records/a/b.json",
      "records/ab.json",
    ];
    for (const path of paths.toReversed()) await store.putDocument(path, path);
    await store.putBlob(text("x"));
    const listed = async (prefix: string) => (await all(store.listDocuments(prefix))).map(({ path }) => path);
    expect(await listed("")).toEqual(paths.toSorted());
    expect(await listed("records/")).toEqual(["records/a-b.json", "records/a.json", "records/a/b.json", "records/ab.json"]);
    expect(await listed("records/a.")).toEqual(["records/a.json"]);
    expect(await listed("none/")).toEqual([]);
    const after = async (path: string) =>
      (await all(store.listDocuments("records/", { after: path }))).map((found) => found.path);
    expect(await after("records/a-b.json")).toEqual(["records/a.json", "records/a/b.json", "records/ab.json"]);
    expect(await after("records/a.")).toEqual(["records/a.json", "records/a/b.json", "records/ab.json"]);
    expect(await after("records/a/b")).toEqual(["records/a/b.json", "records/ab.json"]);
    expect(await after("ledger/1.json")).toEqual(await listed("records/"));
    expect(await after("records/b.json")).toEqual([]);
    expect((await all(store.listDocuments("lab")))[0]?.bytes).toBeGreaterThan(64);
    await store.putDocument("lab.json", { n: 1 });
    const [before] = await all(store.listDocuments("lab"));
    expect(await all(store.listDocuments("lab"))).toEqual([before]);
    await store.putDocument("lab.json", { n: 2 });
    const [changed] = await all(store.listDocuments("lab"));
    expect({ ...changed, version: null }).toEqual({ ...before, version: null });
    expect(changed?.version).not.toBe(before?.version);
  });

  it("takes no path that leads elsewhere", async () => {
    const store = await make();
    const paths = [
      "../a.json",
      "/a.json",
      "a/../../b.json",
      "a//b.json",
      "./a.json",
      "blobs/a.json",
      "index/a.json",
      "A.json",
      "a",
      "a\\b.json",
      "",
    ];
    for (const path of paths) {
      await expect(store.putDocument(path, 1), path).rejects.toThrow(RangeError);
      await expect(store.getDocument(path), path).rejects.toThrow(RangeError);
      await expect(store.deleteDocument(path), path).rejects.toThrow(RangeError);
    }
    await expect(all(store.listDocuments("../"))).rejects.toThrow(RangeError);
    await expect(store.deleteBlob("../../../etc/passwd")).rejects.toThrow(RangeError);
    await expect(store.putDocument("a.json", undefined)).rejects.toThrow(RangeError);
  });

  it("holds what several put at once", async () => {
    const store = await make();
    const refs = await Promise.all(Array.from({ length: 20 }, () => store.putBlob(text("same"))));
    await Promise.all(Array.from({ length: 20 }, (_, at) => store.putDocument(`records/deep/${at % 5}.json`, at % 5)));
    expect(await store.getBlob(refs[0] ?? { sha256: "", bytes: 0 })).toEqual(text("same"));
    for (let at = 0; at < 5; at++) expect(await store.getDocument(`records/deep/${at}.json`)).toBe(at);
  });
});
