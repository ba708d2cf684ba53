import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkpointPath, checkpointsPrefix } from "../../../lab/layout.ts";
import type { TrainingState } from "../../training/training-checkpoint.ts";
import { removeCheckpoints, StoreCheckpoints } from "./store-checkpoints.ts";
import { damageBlob, makeTestStore, smallRecipe, type TestStore } from "./worker.fixture.ts";

const job = "a".repeat(64);
const startedAt = "2026-01-02T03:04:05.000Z";

/** Every update has another. */
const stateAfter = (update: number): TrainingState => ({
  organism: null,
  recipe: smallRecipe(1),
  codeVersion: "1",
  engine: "test",
  seconds: update,
  curve: [],
  snapshot: { tensors: { weights: Float32Array.of(update, 2) }, state: { update } },
  kept: [{ environmentSteps: 8, parameters: Float32Array.of(update) }],
});

let lab: TestStore;
beforeEach(async () => {
  lab = await makeTestStore();
});
afterEach(() => lab.remove());

async function save(updates: readonly number[], checkpoints = new StoreCheckpoints(lab.store, job)): Promise<StoreCheckpoints> {
  for (const update of updates) await checkpoints.save(stateAfter(update), { update, startedAt });
  return checkpoints;
}

async function load() {
  const warnings: string[] = [];
  const checkpoints = new StoreCheckpoints(lab.store, job);
  const found = await checkpoints.load((text) => warnings.push(text));
  return { checkpoints, found, warnings };
}

async function documents(): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of lab.store.listDocuments(checkpointsPrefix)) paths.push(path);
  return paths;
}

async function blobs(): Promise<number> {
  let count = 0;
  for await (const _ of lab.store.listBlobs()) count++;
  return count;
}

async function blobOf(update: number): Promise<string> {
  return ((await lab.store.getDocument(checkpointPath(job, update))) as { blob: { sha256: string } }).blob.sha256;
}

describe("checkpoints in a store", () => {
  it("there are none of a job that was not begun", async () => {
    await save([1]);
    expect(await new StoreCheckpoints(lab.store, "b".repeat(64)).load(() => {})).toBeNull();
  });

  it("the newest counts, whatever number of digits its update has, and comes back as it was", async () => {
    await save([9, 10]);
    const { found, warnings } = await load();
    expect(found).toEqual({ state: stateAfter(10), startedAt });
    expect(warnings).toEqual([]);
  });

  it("two are kept, documents and blobs", async () => {
    await save([1, 2, 3, 4, 5]);
    expect(await documents()).toEqual([checkpointPath(job, 4), checkpointPath(job, 5)]);
    expect(await blobs()).toBe(2);
  });

  it.each([
    ["altered", (sha256: string) => damageBlob(lab.store, sha256)],
    ["missing", (sha256: string) => lab.store.deleteBlob(sha256)],
  ])("where the newest blob is %s, the one before counts, and that is said", async (_, damage) => {
    await save([3, 4]);
    await damage(await blobOf(4));
    const { found, warnings } = await load();
    expect(found?.state).toEqual(stateAfter(3));
    expect(warnings).toEqual([expect.stringMatching(/000000000004\.json is not used/)]);
  });

  it("where the newest document is none, the one before counts", async () => {
    await save([3, 4]);
    await lab.store.putDocument(checkpointPath(job, 4), { schema: "other" });
    const { found, warnings } = await load();
    expect(found?.state).toEqual(stateAfter(3));
    expect(warnings).toHaveLength(1);
  });

  it("where all are damaged there is none, and each is told", async () => {
    await save([3, 4]);
    for (const update of [3, 4]) await damageBlob(lab.store, await blobOf(update));
    const { found, warnings } = await load();
    expect(found).toBeNull();
    expect(warnings).toHaveLength(2);
  });

  it("a damaged one does not push out the whole one that was gone back to", async () => {
    await save([3, 4]);
    await damageBlob(lab.store, await blobOf(4));
    const { checkpoints } = await load();
    await save([5], checkpoints);
    expect(await documents()).toEqual([checkpointPath(job, 3), checkpointPath(job, 5)]);
    await damageBlob(lab.store, await blobOf(5));
    expect((await load()).found?.state).toEqual(stateAfter(3));
  });

  it("an attempt that is behind leaves another's newer checkpoints alone", async () => {
    await save([20, 30]);
    await save([10]);
    expect((await load()).found?.state).toEqual(stateAfter(30));
  });

  it("of another attempt that goes on meanwhile are found, though those that were listed are gone", async () => {
    await save([20, 30]);
    const { checkpoints: other } = await load();
    let isBetween = true;
    const list = lab.store.listDocuments.bind(lab.store);
    lab.store.listDocuments = async function* (prefix) {
      yield* list(prefix);
      if (!isBetween) return;
      isBetween = false;
      await save([40, 50], other);
    };
    const { found, warnings } = await load();
    expect(found?.state).toEqual(stateAfter(50));
    expect(warnings).toEqual([]);
  });

  it("one that is removed while it is read is gone, and not damaged", async () => {
    await save([20, 30]);
    const { checkpoints: other } = await load();
    let isBetween = true;
    const read = lab.store.getBlob.bind(lab.store);
    lab.store.getBlob = async (ref) => {
      if (isBetween) {
        isBetween = false;
        await save([40, 50], other);
      }
      return await read(ref);
    };
    const { found, warnings } = await load();
    expect(found?.state).toEqual(stateAfter(50));
    expect(warnings).toEqual([]);
  });

  it("are removed with their blobs, damaged or not, and those of other jobs stay", async () => {
    const other = "b".repeat(64);
    await new StoreCheckpoints(lab.store, other).save(stateAfter(7), { update: 7, startedAt });
    await save([3, 4]);
    await lab.store.putDocument(checkpointPath(job, 4), { schema: "other" });
    await removeCheckpoints(lab.store, job);
    expect(await documents()).toEqual([checkpointPath(other, 7)]);
    await removeCheckpoints(lab.store, job);
  });
});
