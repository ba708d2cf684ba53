import { readdir, utimes, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BlobRef } from "../../../lab/artifact-store.ts";
import { jobKey } from "../../../lab/job.ts";
import { checkpointsPrefix, keptPath, labDocument, recordPath } from "../../../lab/layout.ts";
import type { FolderStore } from "../store/folder-store.ts";
import { openStore } from "../store/open-store.ts";
import { credentials, startBucket, type TestFolder } from "../store/stores.fixture.ts";
import { collectGarbage } from "./gc.ts";
import {
  beginning,
  fillLab,
  makeLabFolder,
  measureSpec,
  putCheckpoint,
  putKept,
  putLedger,
  putRecord,
  text,
  trainSpec,
} from "./small-lab.fixture.ts";
import { verifyLab } from "./verify.ts";

const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });
const hour = 3_600_000;

let made: TestFolder;
let store: FolderStore;
beforeEach(async () => {
  made = await makeLabFolder();
  store = await made.open();
});
afterEach(() => made.remove());

/** As if the blob had been put so many hours ago. */
async function age(ref: BlobRef, hours: number): Promise<void> {
  const then = new Date(Date.now() - hours * hour);
  await utimes(store.blobName(ref.sha256), then, then);
}

async function hashes(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { sha256 } of store.listBlobs()) found.push(sha256);
  return found;
}

describe("collecting garbage", () => {
  it("takes what nothing names and is old, and tells how much; a dry run tells the same and takes nothing", async () => {
    for (const ref of Object.values(await fillLab(store))) await age(ref, 1000);
    const old = await store.putBlob(text("old and unnamed"));
    await age(old, 25);
    const young = await store.putBlob(text("young and unnamed"));
    await age(young, 23);
    const expected = { removed: { count: 1, bytes: 15 }, named: { count: 6, bytes: 75 }, young: { count: 1, bytes: 17 } };
    expect(await collectGarbage(store, { isDryRun: true })).toEqual(expected);
    expect(await hashes()).toHaveLength(8);
    expect(await collectGarbage(store)).toEqual(expected);
    expect(await hashes()).toHaveLength(7);
    expect(await hashes()).not.toContain(old.sha256);
    expect(await collectGarbage(store, { grace: 0 })).toMatchObject({ removed: { count: 1, bytes: 17 } });
    expect((await verifyLab(store)).problems).toEqual([]);
  });

  it("never takes a named blob nor a young one, and takes every other, whatever there is", async () => {
    await store.putDocument(labDocument, beginning);
    await putRecord(store, trainSpec, {});
    const place = fc.constantFrom("record", "checkpoint", "ledger", "kept", "old", "young");
    const blob = fc.record({
      bytes: fc.uint8Array({ maxLength: 12 }),
      places: fc.array(place, { minLength: 1, maxLength: 3 }),
      job: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(blob, { maxLength: 15 }), async (drawn) => {
        const written: string[] = [];
        const named = new Set<string>();
        const young = new Set<string>();
        const all = new Set<string>();
        for (const [at, { bytes, places, job }] of drawn.entries()) {
          const ref = await store.putBlob(bytes);
          all.add(ref.sha256);
          await age(ref, 30);
          if (places.some((it) => it !== "old" && it !== "young")) named.add(ref.sha256);
          if (places.includes("record")) written.push(await putRecord(store, measureSpec(100 * job + at), { "a.json": ref }));
          if (places.includes("checkpoint"))
            written.push(await putCheckpoint(store, measureSpec(job), { update: at + 1, blob: ref }));
          if (places.includes("ledger"))
            written.push(await putLedger(store, at + 1, { kind: "sweep", sweep: "a", priority: 1, jobs: ref, count: 1 }));
          if (places.includes("kept")) await putKept(store, `name-${at}`, { it: ref });
          if (places.includes("kept")) written.push(keptPath({ kind: "card", name: `name-${at}` }));
        }
        for (const { bytes, places } of drawn) if (places.includes("young")) young.add((await store.putBlob(bytes)).sha256);
        const report = await collectGarbage(store);
        const kept = new Set([...named, ...young]);
        expect(new Set(await hashes())).toEqual(kept);
        expect(report.removed.count).toBe([...all].filter((it) => !kept.has(it)).length);
        expect(report.named.count).toBe(named.size);
        expect((await verifyLab(store)).problems).toEqual([]);
        for (const path of written) await store.deleteDocument(path);
        for (const sha256 of all) await store.deleteBlob(sha256);
      }),
      { numRuns: 60 },
    );
    expect((await readdir(`${made.folder}/${checkpointsPrefix}`)).length).toBe(0);
  });

  it("takes nothing from a worker that puts its files, old ones again among them, while it collects", async () => {
    await store.putDocument(labDocument, beginning);
    await putRecord(store, trainSpec, {});
    const seeds = Array.from({ length: 120 }, (_, at) => at);
    for (const seed of seeds) await age(await store.putBlob(text(`file ${seed}`)), 100);
    const worker = async () => {
      for (const seed of seeds)
        await putRecord(store, measureSpec(seed), { "a.json": await store.putBlob(text(`file ${seed}`)) });
    };
    const collector = async () => {
      for (let round = 0; round < 12; round++) await collectGarbage(store);
    };
    await Promise.all([worker(), collector()]);
    const { problems, blobs } = await verifyLab(store, { doneJobs: seeds.map((seed) => jobKey(measureSpec(seed))) });
    expect(problems).toEqual([]);
    expect(blobs.count).toBe(120);
  });

  it("goes by the clock of the store, however far this machine's is ahead", async () => {
    await fillLab(store);
    const unnamed = await store.putBlob(text("put just now"));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * hour });
    try {
      expect(await collectGarbage(store)).toMatchObject({ removed: { count: 0 }, young: { count: 1 } });
    } finally {
      vi.useRealTimers();
    }
    expect(await hashes()).toContain(unnamed.sha256);
    expect(await hashes()).toHaveLength(7);
  });

  it("removes nothing where a document cannot be read, nor in what is no lab", async () => {
    const unnamed = await store.putBlob(text("unnamed"));
    await expect(collectGarbage(store, { grace: 0 })).rejects.toThrow(
      failure("damaged-artifact", /lab\.json is missing; expected a lab, and nothing is removed/),
    );
    await fillLab(store);
    const path = store.documentName(recordPath(jobKey(trainSpec)));
    await writeFile(path, "{}");
    await expect(collectGarbage(store, { grace: 0 })).rejects.toThrow(
      failure(
        "damaged-artifact",
        new RegExp(`^${path} is damaged: its 2 bytes do not match.*nothing was removed\\. Run "mesascope lab verify"`),
      ),
    );
    expect(await hashes()).toContain(unnamed.sha256);
    expect(await hashes()).toHaveLength(7);
    await expect(collectGarbage(store, { grace: Number.NaN })).rejects.toThrow(RangeError);
  });

  it("does the same in a bucket", async () => {
    const bucket = await startBucket();
    const away = await openStore(bucket.address("lab"), credentials);
    await fillLab(away);
    await away.putBlob(text("unnamed"));
    expect(await collectGarbage(away)).toMatchObject({ removed: { count: 0 }, young: { count: 1 } });
    expect(await collectGarbage(away, { grace: 0 })).toMatchObject({ removed: { count: 1, bytes: 7 }, named: { count: 6 } });
    expect((await verifyLab(away)).problems).toEqual([]);
    await bucket.stop();
  });
});
