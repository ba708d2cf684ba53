import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jobKey } from "../../../lab/job.ts";
import { ledgerPath, ledgerPrefix, recordPath } from "../../../lab/layout.ts";
import type { EntryName } from "../../../lab/ledger.ts";
import type { FolderStore } from "../store/folder-store.ts";
import { openStore } from "../store/open-store.ts";
import { credentials, startBucket, type TestFolder } from "../store/stores.fixture.ts";
import { entryNameOf } from "./reconcile-ledger.ts";
import { fillLab, makeLabFolder, measureSpec, putCheckpoint, putRecord, run, text, trainSpec } from "./small-lab.fixture.ts";
import { type VerifyProgress, verifyLab } from "./verify.ts";

let made: TestFolder;
let store: FolderStore;
let blobs: Awaited<ReturnType<typeof fillLab>>;
beforeEach(async () => {
  made = await makeLabFolder();
  store = await made.open();
  blobs = await fillLab(store);
});
afterEach(() => made.remove());

async function files(): Promise<readonly string[]> {
  const entries = await readdir(made.folder, { recursive: true, withFileTypes: true });
  return entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
}

describe("verifying a lab", () => {
  it("finds a whole one whole, counts what it read and what nothing names, and tells how far it is", async () => {
    await store.putBlob(text("nobody names this"));
    const told: VerifyProgress[] = [];
    const report = await verifyLab(store, { doneJobs: [run], onProgress: (progress) => told.push(progress) });
    const bytes = Object.values(blobs).reduce((sum, ref) => sum + ref.bytes, 0);
    expect(report).toEqual({ documents: 8, blobs: { count: 6, bytes }, unnamed: { count: 1, bytes: 17 }, problems: [] });
    expect(told.filter(({ stage }) => stage === "documents").at(-1)).toEqual({ stage: "documents", done: 8 });
    const blobsTold = told.filter(({ stage }) => stage === "blobs");
    expect(blobsTold.at(-1)).toEqual({ stage: "blobs", done: 6, total: 6, bytes, totalBytes: bytes });
    expect(told.at(-1)).toEqual({ stage: "listing", done: 7 });
  });

  it("finds every file that is altered, cut or missing, by name", async () => {
    for (const path of await files()) {
      const whole = await readFile(path);
      const middle = whole.length >> 1;
      const found = async () => (await verifyLab(store)).problems.find(({ file }) => file === path)?.what;
      await writeFile(path, whole.with(middle, (whole[middle] ?? 0) ^ 1));
      expect(await found()).toMatch(/do not match the hash|have the SHA-256/);
      await truncate(path, middle);
      expect(await found()).toMatch(/do not match the hash|it has \d+ bytes; expected/);
      await rm(path);
      // A ledger's entry, a checkpoint, a card or the last of a chain of jobs that is gone as a whole leaves no trace: nothing names it.
      if (/blobs|lab\.json/.test(path) || path.includes(run)) expect(await found()).toMatch(/it is missing/);
      await writeFile(path, whole);
    }
    expect((await verifyLab(store)).problems).toEqual([]);
  });

  it("says which jobs a damaged file hits and what to do, by what names it", async () => {
    const problemOf = async (damage: () => Promise<unknown>, path: string) => {
      const whole = await readFile(path);
      await damage();
      const { problems } = await verifyLab(store);
      await writeFile(path, whole);
      expect(problems).toHaveLength(1);
      return problems[0];
    };
    const damaged = (path: string) => problemOf(() => writeFile(path, "x"), path);
    const record = store.documentName(recordPath(run));
    const again = `Restore it from a backup. Without one, remove ${record} and run "mesascope lab rebuild": the job is queued again`;
    // Of a record and of a card: the record's weighs more.
    expect(await damaged(store.blobName(blobs.curve.sha256))).toEqual({
      file: store.blobName(blobs.curve.sha256),
      kind: "blob",
      what: "it has 1 bytes; expected 21",
      jobs: [run],
      advice: expect.stringContaining(again),
    });
    expect(await damaged(record)).toMatchObject({ kind: "record", jobs: [run], advice: expect.stringContaining(again) });
    expect(await damaged(store.blobName(blobs.second.sha256))).toMatchObject({
      jobs: [jobKey(measureSpec(2))],
      advice: expect.stringMatching(/^Nothing: the job goes on from the checkpoint before it/),
    });
    expect(await damaged(store.blobName(blobs.jobs.sha256))).toMatchObject({
      jobs: [],
      advice: expect.stringMatching(/remove .*ledger.*000000000001-.*"mesascope sweep" with the sweep's file again/),
    });
    expect(await damaged(store.blobName(blobs.drawn.sha256))).toMatchObject({
      jobs: [],
      advice: expect.stringMatching(/make the card or league again/),
    });
  });

  it("holds documents against their schemas, their paths and their keys", async () => {
    const whatOf = async (path: string, json: unknown) => {
      const before = await store.getDocument(path);
      await store.putDocument(path, json);
      const { problems } = await verifyLab(store);
      if (before === null) await store.deleteDocument(path);
      else await store.putDocument(path, before);
      return problems.map(({ what }) => what).join("; ");
    };
    const path = recordPath(run);
    const record = (await store.getDocument(path)) as Record<string, unknown>;
    expect(await whatOf(path, { ...record, outcome: { ...(record.outcome as object), oracleShare: "all" } })).toMatch(
      /it is no record \(outcome\.oracleShare: /,
    );
    expect(await whatOf(path, { ...record, spec: measureSpec(5) })).toMatch(/its job is not the one that its key is of/);
    expect(await whatOf(path, { ...record, outcome: { kind: "measure", points: [] } })).toMatch(
      /a train job has no measure outcome/,
    );
    expect(await whatOf("records/elsewhere.json", record)).toMatch(/it belongs at records\/[0-9a-f]{64}\.json/);
    expect(await whatOf("kept/card-other.json", await store.getDocument("kept/card-cards.json"))).toMatch(
      /it belongs at kept\/card-cards/,
    );
    expect(await whatOf("lab.json", { schema: "mesascope/lab@2" })).toMatch(/it is no lab \(schema: /);
    expect(await whatOf("notes/of-somebody.json", { any: 1 })).toBe("");
  });

  it("misses the record of a job that others need or that an index holds for done", async () => {
    await store.deleteDocument(recordPath(run));
    expect((await verifyLab(store)).problems).toMatchObject([{ kind: "record", what: "it is missing", jobs: [run] }]);
    await putRecord(store, trainSpec, {});
    const lost = jobKey(measureSpec(7));
    expect((await verifyLab(store, { doneJobs: [run, lost] })).problems).toMatchObject([{ what: "it is missing", jobs: [lost] }]);
  });

  it("misses an entry of the ledger that an index holds", async () => {
    const entries: EntryName[] = [];
    for await (const { path } of store.listDocuments(ledgerPrefix)) entries.push(entryNameOf(path));
    expect(entries.length).toBeGreaterThan(1);
    expect((await verifyLab(store, { entries })).problems).toEqual([]);
    const lost = ledgerPath(entries[0]!);
    await store.deleteDocument(lost);
    expect((await verifyLab(store, { entries })).problems).toMatchObject([
      { file: store.documentName(lost), kind: "ledger", what: "it is missing", jobs: [] },
    ]);
  });

  it("advises to remove no file that is missing", async () => {
    const entries: EntryName[] = [];
    for await (const { path } of store.listDocuments(ledgerPrefix)) entries.push(entryNameOf(path));
    await store.deleteDocument(ledgerPath(entries[0]!));
    await store.deleteDocument(recordPath(run));
    const { problems } = await verifyLab(store, { entries });
    expect(problems.map(({ kind, advice }) => [kind, advice])).toEqual([
      [
        "ledger",
        expect.stringMatching(
          /^Restore it from a backup\. Without one, run "mesascope lab rebuild", which forgets what it said; then /,
        ),
      ],
      [
        "record",
        expect.stringMatching(/^Restore it from a backup\. Without one, run "mesascope lab rebuild": the job is queued again/),
      ],
    ]);
  });

  it("takes what is removed while it reads for no problem", async () => {
    const blob = await store.putBlob(text("checkpoint 3"));
    const path = await putCheckpoint(store, measureSpec(2), { update: 3, blob });
    let isRemoved = false;
    const { problems } = await verifyLab(store, {
      onProgress: ({ stage, done }) => {
        if (stage !== "documents" || done !== 8) return;
        isRemoved = true;
        // Synchronously begun, before any blob is read.
        removal = store.deleteDocument(path).then(() => store.deleteBlob(blob.sha256));
      },
    });
    await removal;
    expect(isRemoved).toBe(true);
    expect(problems).toEqual([]);
  });
  let removal: Promise<unknown> = Promise.resolve();

  it("can be ended, and does the same in a bucket", async () => {
    await expect(verifyLab(store, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    const bucket = await startBucket();
    const away = await openStore(bucket.address("lab"), credentials);
    const refs = await fillLab(away);
    expect((await verifyLab(away)).problems).toEqual([]);
    await away.deleteBlob(refs.policy.sha256);
    expect((await verifyLab(away)).problems).toMatchObject([
      {
        file: expect.stringContaining(`${refs.policy.sha256.slice(2)} in s3://`),
        what: "it is missing; expected 6 bytes",
        jobs: [run],
      },
    ]);
    await bucket.stop();
  });
});
