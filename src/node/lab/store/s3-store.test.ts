import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { S3mini } from "s3mini";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MesascopeError } from "../../../core/base/errors.ts";
import { parseBucketAddress } from "./bucket-address.ts";
import { openStore } from "./open-store.ts";
import { S3Store } from "./s3-store.ts";
import { credentials, startBucket, type TestBucket } from "./stores.fixture.ts";

const text = (words: string) => new TextEncoder().encode(words);
const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });
const patience = { total: 400, first: 5, longest: 50, tellAfter: 60_000 };

let bucket: TestBucket;
let store: S3Store;
let prefixes = 0;
beforeAll(async () => {
  bucket = await startBucket();
});
afterAll(() => bucket.stop());
beforeEach(async () => {
  store = await S3Store.open(parseBucketAddress(bucket.address(`faults-${prefixes++}`), credentials), { patience });
  bucket.asked();
});
afterEach(() => bucket.fail(null));

const isPut = ({ method }: { readonly method: string }) => method === "PUT";
const isGet = ({ method }: { readonly method: string }) => method === "GET";

describe("a bucket that is gone for a moment", () => {
  it.each([
    ["answers 503", { kind: "status", status: 503, code: "SlowDown" }],
    ["answers 500", { kind: "status", status: 500, code: "InternalError" }],
    ["answers 429", { kind: "status", status: 429, code: "TooManyRequests" }],
    ["hangs up", { kind: "hang-up" }],
    ["stops in the middle", { kind: "cut", bytes: 3 }],
  ] as const)("that %s is asked again until it answers", async (_, answer) => {
    const ref = await store.putBlob(text("through all this"));
    let failures = 0;
    bucket.fail(() => (failures++ % 3 < 2 ? answer : null));
    expect(await store.getBlob(ref)).toEqual(text("through all this"));
    expect(await store.putBlob(text("and back"))).toMatchObject({ bytes: 8 });
    for await (const { bytes } of store.listBlobs()) expect(bytes).toBeGreaterThan(0);
    bucket.fail(null);
    expect(failures).toBeGreaterThanOrEqual(6);
  });
});

describe("a bucket that stays gone", () => {
  it("is given up in a bounded time, with words that say what to do", async () => {
    bucket.fail(() => ({ kind: "status", status: 503, code: "SlowDown" }));
    await expect(store.putBlob(text("x"))).rejects.toThrow(
      failure(
        "file-system",
        /^cannot write blobs\/.* in s3:\/\/lab-of-tests\/.* after trying for 0 s: it answered 503 \(SlowDown\)\. Look/,
      ),
    );
    expect(bucket.asked().length).toBeGreaterThan(4);
  });

  it("is told of by what the connection says", async () => {
    bucket.fail(() => ({ kind: "hang-up" }));
    await expect(store.getDocument("lab.json")).rejects.toThrow(
      failure("file-system", /no answer came \(.+\)\. Check that the endpoint/),
    );
    const nowhere = parseBucketAddress("s3://lab-of-tests/x?endpoint=http://127.0.0.1:9", credentials);
    await expect(S3Store.open(nowhere, { patience })).rejects.toThrow(failure("file-system", /no answer came \(.+\)/));
  });

  it("is told of while the store is opened, and no longer waited for than is said, where somebody listens and says nothing", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const at = parseBucketAddress(`s3://lab-of-tests/x?endpoint=http://127.0.0.1:${port}`, credentials);
    const told: string[] = [];
    const opening = S3Store.open(at, {
      patience: { total: 1200, first: 5, longest: 50, tellAfter: 40 },
      onSlow: (words) => told.push(words),
    });
    await expect(opening).rejects.toThrow(failure("file-system", /after trying for 1 s: no answer came \(silence\)/));
    expect(told).toEqual([
      expect.stringMatching(/^s3:\/\/lab-of-tests\/x at .* has not answered for 0 s; waiting for it, 1 s in all at most\.$/),
    ]);
    silent.close();
    told.length = 0;
    await S3Store.open(parseBucketAddress(bucket.address("quick"), credentials), {
      patience,
      onSlow: (words) => told.push(words),
    });
    expect(told).toEqual([]);
  });

  it("is not waited for when the store is opened and nobody listens at the endpoint", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    await new Promise((resolve) => taken.close(resolve));
    const at = (free: number) => parseBucketAddress(`s3://lab-of-tests/x?endpoint=http://127.0.0.1:${free}`, credentials);
    await expect(S3Store.open(at(port))).rejects.toThrow(
      failure("file-system", /^cannot list files in ((?!after trying).)*: no answer came \(ECONNREFUSED\)/),
    );
    await expect(S3Store.open(at(1))).rejects.toThrow(
      failure("file-system", /^cannot list files in ((?!after trying).)*: no answer came \(bad port\)/),
    );
  });

  it.each([
    ["NoSuchBucket", 404, /the bucket does not exist/],
    ["AccessDenied", 403, /access is denied\. Allow these credentials/],
    ["SignatureDoesNotMatch", 403, /Check AWS_SECRET_ACCESS_KEY/],
    ["RequestTimeTooSkewed", 403, /Set the clock/],
    ["XMinioStorageFull", 507, /the storage is full\. Free space/],
  ])("with %s is not asked in vain, and never looks like an empty one", async (code, status, words) => {
    bucket.fail(() => ({ kind: "status", status, code }));
    const told = failure("file-system", words);
    await expect(store.getDocument("lab.json")).rejects.toThrow(told);
    await expect(store.getBlob({ sha256: "0".repeat(64), bytes: 1 })).rejects.toThrow(told);
    await expect(store.putDocument("lab.json", 1)).rejects.toThrow(told);
    await expect(store.deleteDocument("lab.json")).rejects.toThrow(told);
    expect(bucket.asked()).toHaveLength(4);
    await expect(store.listDocuments("")[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(MesascopeError);
  });

  it("that was never made is told of at opening", async () => {
    const address = bucket.address("x").replace("lab-of-tests", "another-bucket");
    await expect(openStore(address, credentials)).rejects.toThrow(failure("file-system", /the bucket does not exist\. Make it/));
  });
});

describe("what a bucket holds", () => {
  it("is checked after writing: bytes altered on the way are not taken for written", async () => {
    bucket.fail((asked) => (isPut(asked) ? { kind: "alter" } : null));
    await expect(store.putBlob(text("precious"))).rejects.toThrow(
      failure("file-system", /is not what was written there; expected the same 8 bytes/),
    );
    await expect(store.putDocument("lab.json", 1)).rejects.toThrow(failure("file-system", /is not what was written there/));
  });

  it("is checked after reading: altered bytes are damage, named by key", async () => {
    const ref = await store.putBlob(text("precious"));
    await store.putDocument("records/a.json", { a: 1 });
    const { endpoint, bucket: name, region, prefix, ...keys } = parseBucketAddress(bucket.address("x"), credentials);
    const client = new S3mini({
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      endpoint: `${endpoint}/${name}`,
      region,
    });
    expect(prefix).toBe("x/");
    const own = `faults-${prefixes - 1}`;
    await client.putObject(`${own}/blobs/${ref.sha256.slice(0, 2)}/${ref.sha256.slice(2)}`, "previous");
    await expect(store.getBlob(ref)).rejects.toThrow(
      failure(
        "damaged-artifact",
        /^blobs\/.* in s3:\/\/lab-of-tests\/.* is damaged: its bytes have the SHA-256 [0-9a-f]{64}; expected/,
      ),
    );
    await client.putObject(`${own}/records/a.json`, '{"a":1}');
    await expect(store.getDocument("records/a.json")).rejects.toThrow(
      failure("damaged-artifact", /^records\/a\.json in s3.* is damaged/),
    );
    await store.putBlob(text("precious"));
    expect(await store.getBlob(ref)).toEqual(text("precious"));
  });

  it("is not taken from the next prefix, which begins alike", async () => {
    const address = (prefix: string) => parseBucketAddress(bucket.address(prefix), credentials);
    const [lab, laboratory] = [await S3Store.open(address("lab")), await S3Store.open(address("laboratory"))];
    await laboratory.putDocument("lab.json", 1);
    expect(await lab.getDocument("lab.json")).toBeNull();
    expect((await lab.listDocuments("")[Symbol.asyncIterator]().next()).done).toBe(true);
  });
});

describe("credentials", () => {
  it("are in no message, name or error, whatever goes wrong", async () => {
    const errors: unknown[] = [];
    const collect = (promise: Promise<unknown>) => promise.catch((error: unknown) => errors.push(error));
    for (const code of ["AccessDenied", "SignatureDoesNotMatch", credentials.AWS_ACCESS_KEY_ID]) {
      bucket.fail((asked) => (isGet(asked) ? { kind: "status", status: 403, code } : null));
      if (code !== credentials.AWS_ACCESS_KEY_ID) await collect(store.getDocument("lab.json"));
    }
    bucket.fail(() => ({ kind: "hang-up" }));
    await collect(store.getDocument("lab.json"));
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = credentials;
    const encoded = encodeURIComponent(secret);
    for (const address of [
      `s3://${id}:${encoded}@bucket/lab`,
      `s3://${id}:${secret}@bucket/lab`,
      `s3://bucket/lab?endpoint=https://${id}:${encoded}@host`,
      `s3://bucket/lab?endpoint=${id}:${encoded}@host`,
      `s3://bucket/lab?secret=${encoded}&id=${id}`,
      `https://${id}:${encoded}@bucket/lab`,
    ]) {
      await collect(openStore(address, credentials));
    }
    expect(errors).toHaveLength(9);
    for (const error of errors) {
      expect(error).toBeInstanceOf(MesascopeError);
      const told =
        error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}` : "";
      expect(told).not.toContain(id);
      expect(told).not.toContain(secret);
      expect(told).not.toContain(encoded);
    }
    expect(store.name).toBe(
      `s3://lab-of-tests/faults-${prefixes - 1} at ${parseBucketAddress(bucket.address(""), credentials).endpoint}`,
    );
  });
});
