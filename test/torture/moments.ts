// When to kill: while a lab opens, while it trains, or just when something appears in its folder that a crash could come between.

import { watch } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Prng } from "../../src/core/base/prng.ts";
import type { TestBucket } from "../../src/node/lab/store/stores.fixture.ts";

/** `accept`: an entry of the ledger was just written; `confirm`: a record; `checkpoint`: a checkpoint. The index does not know of it yet. */
const moments = ["opening", "training", "accept", "confirm", "checkpoint"] as const;
export type Moment = (typeof moments)[number];

const folders = { accept: "ledger", confirm: "records", checkpoint: "checkpoints" } as const;
/** Milliseconds. */
const longestOpening = 2500;
const longestTraining = 5000;
const longestWait = 10_000;
const longestAfter = 8;
const lookEvery = 4;

export function drawMoment(prng: Prng): Moment {
  return moments[prng.integer(moments.length)]!;
}

/** What the moment was, where it brought no file. */
export function momentText(moment: Moment): string {
  return moment === "opening" || moment === "training" ? moment : `no ${moment} in time`;
}

/** Tells the path of each document that a store is given from now on; returns what ends it. */
export type WatchStore = (onDocument: (path: string) => void) => () => void;

export function watchFolder(folder: string): WatchStore {
  return (onDocument) => {
    const watcher = watch(folder, { recursive: true }, (_, path) => {
      if (path?.endsWith(".json")) onDocument(path);
    });
    watcher.on("error", () => undefined);
    return () => watcher.close();
  };
}

/** Of a bucket, told as each request to it arrives. `prefix`: of its address. */
export function watchBucket(bucket: Pick<TestBucket, "asked">, prefix: string): WatchStore {
  return (onDocument) => {
    bucket.asked();
    const looking = setInterval(() => {
      for (const asked of bucket.asked()) {
        const path = new RegExp(`^PUT \\S*/${prefix}/(\\S+\\.json)`).exec(asked)?.[1];
        if (path !== undefined) onDocument(path);
      }
    }, lookEvery);
    return () => clearInterval(looking);
  };
}

/**
 * Resolves at the moment: for the last three with the path of the document; null where nothing came within some seconds, or where the moment is
 * none of files.
 */
export async function awaitMoment(
  moment: Moment,
  { prng, watchStore }: { readonly prng: Prng; readonly watchStore: WatchStore },
): Promise<string | null> {
  if (moment === "opening") return await after(prng.uniform() * longestOpening);
  if (moment === "training") return await after(500 + prng.uniform() * longestTraining);
  const begin = `${folders[moment]}/`;
  const found = Promise.withResolvers<string | null>();
  const unwatch = watchStore((path) => {
    if (path.startsWith(begin)) found.resolve(path);
  });
  const late = setTimeout(() => found.resolve(null), longestWait);
  const path = await found.promise;
  clearTimeout(late);
  unwatch();
  // Half of them at once.
  if (prng.integer(2) === 1) await sleep(prng.uniform() * longestAfter);
  return path;
}

async function after(milliseconds: number): Promise<null> {
  await sleep(milliseconds);
  return null;
}
