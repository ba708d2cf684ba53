// Lists that are longer than a page: 10,000 documents in a folder and in a bucket.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ArtifactStore } from "../src/lab/artifact-store.ts";
import { openStore } from "../src/node/lab/store/open-store.ts";
import { sealDocument } from "../src/node/lab/store/store-content.ts";
import { credentials, makeTestFolder, startBucket } from "../src/node/lab/store/stores.fixture.ts";

const names = Array.from({ length: 10_000 }, (_, at) => `records/${String(at).padStart(5, "0")}.json`);

async function listed(store: ArtifactStore): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of store.listDocuments("records/")) paths.push(path);
  return paths;
}

it("a folder lists 10,000 documents in order", async () => {
  const { folder, remove } = await makeTestFolder();
  await mkdir(join(folder, "records"));
  const sealed = sealDocument({ a: 1 });
  for (const name of names) await writeFile(join(folder, name), sealed);
  expect(await listed(await openStore(folder))).toEqual(names);
  await remove();
});

it("a bucket lists 10,000 documents in order, in ten requests", async () => {
  const bucket = await startBucket();
  const store = await openStore(bucket.address("long"), credentials);
  for (let from = 0; from < names.length; from += 100) {
    await Promise.all(names.slice(from, from + 100).map((name) => store.putDocument(name, 1)));
  }
  bucket.asked();
  expect(await listed(store)).toEqual(names);
  expect(bucket.asked()).toHaveLength(10);
  await bucket.stop();
});
