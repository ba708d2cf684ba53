import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, loadLatestCheckpoint, saveCheckpoint } from "./checkpoint-file.ts";

const checkpoint: Checkpoint = {
  tensors: {
    parameters: {
      dtype: "float32",
      dims: [2, 3],
      data: new Float32Array([1, -2, 3.5, Number.NaN, Number.POSITIVE_INFINITY, -0]),
    },
    bits: { dtype: "bool", dims: [3], data: new Uint8Array([1, 0, 1]) },
    bytes: { dtype: "uint8", dims: [1], data: new Uint8Array([255]) },
    counter: { dtype: "int64", dims: [], data: new BigInt64Array([-(2n ** 63n)]) },
    exact: { dtype: "float64", dims: [1], data: new Float64Array([Math.PI]) },
    steps: { dtype: "int32", dims: [0, 4], data: new Int32Array(0) },
  },
  metadata: { recipe: '{"name":"größer 🎲"}', quoted: '"mesascope.sha256":"no"' },
};

const damaged = (message: RegExp) =>
  expect.objectContaining({ code: "invalid-checkpoint", message: expect.stringMatching(message) });

describe("encodeCheckpoint", () => {
  it("gives back every dtype, shape and string bit for bit", () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
    expect(decodeCheckpoint(encodeCheckpoint({ tensors: {}, metadata: {} }))).toEqual({ tensors: {}, metadata: {} });
  });

  it("lays the file out as safetensors says", () => {
    const bytes = encodeCheckpoint(checkpoint);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header.__metadata__.recipe).toBe(checkpoint.metadata.recipe);
    expect(header.parameters).toEqual({ dtype: "F32", shape: [2, 3], data_offsets: [16, 40] });
    expect(header.counter).toEqual({ dtype: "I64", shape: [], data_offsets: [0, 8] });
    expect(header.bits.dtype).toBe("BOOL");
    const spans = Object.entries<{ data_offsets: [number, number] }>(header).filter(([name]) => name !== "__metadata__");
    let end = 0;
    for (const [, { data_offsets: offsets }] of spans) {
      expect(offsets[0]).toBe(end);
      end = offsets[1];
    }
    expect(8 + length + end).toBe(bytes.length);
    expect((8 + length) % 8).toBe(0);
  });

  it("gives the same bytes whatever the order of the names, and reads from the middle of a buffer", () => {
    const backwards = Object.fromEntries(Object.entries(checkpoint.tensors).reverse());
    const bytes = encodeCheckpoint(checkpoint);
    expect(encodeCheckpoint({ ...checkpoint, tensors: backwards })).toEqual(bytes);
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(decodeCheckpoint(larger.subarray(3))).toEqual(checkpoint);
  });

  it("reads a Buffer, whose slices share memory, and leaves it as it was", () => {
    const bytes = encodeCheckpoint(checkpoint);
    const buffer = Buffer.from(bytes);
    const decoded = decodeCheckpoint(buffer);
    expect(new Uint8Array(buffer)).toEqual(bytes);
    buffer.fill(0);
    expect(decoded).toEqual(checkpoint);
  });

  it("writes only the part of a buffer that a view shows", () => {
    const view = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const decoded = decodeCheckpoint(
      encodeCheckpoint({ tensors: { a: { dtype: "float32", dims: [2], data: view } }, metadata: {} }),
    );
    expect(decoded.tensors.a!.data).toEqual(new Float32Array([1, 2]));
  });

  it("refuses data that does not fit its shape or dtype, and the reserved name", () => {
    const data = new Float32Array(3);
    expect(() => encodeCheckpoint({ tensors: { a: { dtype: "float32", dims: [2], data } }, metadata: {} })).toThrow(
      damaged(/tensor a of float32 \[2\] given with 3 items of 4 bytes; expected 2 of 4/),
    );
    expect(() => encodeCheckpoint({ tensors: { a: { dtype: "float64", dims: [3], data } }, metadata: {} })).toThrow(
      damaged(/of 8/),
    );
    expect(() => encodeCheckpoint({ tensors: { __metadata__: { dtype: "float32", dims: [3], data } }, metadata: {} })).toThrow(
      damaged(/reserves/),
    );
  });
});

describe("decodeCheckpoint", () => {
  it("refuses a file cut short at any byte", () => {
    const bytes = encodeCheckpoint(checkpoint);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length), "a.safetensors")).toThrow(damaged(/^a\.safetensors is no whole/));
    }
  });

  it("refuses a file with any one bit flipped, in header, checksum or data", () => {
    const bytes = encodeCheckpoint(checkpoint);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        const altered = bytes.slice();
        altered[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => decodeCheckpoint(altered)).toThrow(damaged(/is no whole checkpoint/));
      }),
      { numRuns: 400 },
    );
  });

  it("refuses bytes appended, a file of zeros, and a safetensors file that carries no checksum", () => {
    const bytes = encodeCheckpoint(checkpoint);
    expect(() => decodeCheckpoint(new Uint8Array([...bytes, 0]))).toThrow(damaged(/checksum/));
    expect(() => decodeCheckpoint(new Uint8Array(64))).toThrow(damaged(/no checksum/));
    const foreign = new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]);
    expect(() => decodeCheckpoint(foreign)).toThrow(damaged(/no checksum/));
  });
});

describe("saveCheckpoint and loadLatestCheckpoint", () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "mesascope-checkpoints-")), "run");
  });
  afterEach(async () => {
    await rm(join(folder, ".."), { recursive: true, force: true });
  });
  const save = (update: number) => saveCheckpoint(folder, { ...checkpoint, metadata: { update: String(update) } });
  const truncate = async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 100));

  it("keep the last two and load the newest", async () => {
    expect(await loadLatestCheckpoint(folder)).toBeNull();
    for (let update = 1; update <= 4; update++) await save(update);
    expect(await readdir(folder)).toEqual(["checkpoint-000003.safetensors", "checkpoint-000004.safetensors"]);
    const loaded = await loadLatestCheckpoint(folder);
    expect(loaded).toMatchObject({ warning: null, checkpoint: { metadata: { update: "4" } } });
    expect(loaded!.checkpoint.tensors).toEqual(checkpoint.tensors);
  });

  it("fall back to the one before when the newest is damaged, and say so", async () => {
    await save(1);
    const newest = await save(2);
    await truncate(newest);
    const loaded = await loadLatestCheckpoint(folder);
    expect(loaded!.checkpoint.metadata.update).toBe("1");
    expect(loaded!.warning).toMatch(/000002\.safetensors is no whole checkpoint: .+\. Continuing from the one before, .*000001/);
  });

  it("never throw the last good one away for a damaged newer one", async () => {
    await save(1);
    await truncate(await save(2));
    await save(3);
    expect(await readdir(folder)).toEqual(["checkpoint-000001.safetensors", "checkpoint-000003.safetensors"]);
  });

  it("fail when every checkpoint is damaged", async () => {
    await truncate(await save(1));
    await expect(loadLatestCheckpoint(folder)).rejects.toThrow(damaged(/No earlier checkpoint is left/));
  });

  it("ignore files that are no checkpoints, and count on past a million", async () => {
    await save(1);
    await writeFile(join(folder, "notes.txt"), "x");
    await writeFile(join(folder, "checkpoint-999999.safetensors"), encodeCheckpoint(checkpoint));
    await save(2);
    await save(3);
    expect(await readdir(folder)).toEqual(["checkpoint-1000000.safetensors", "checkpoint-1000001.safetensors", "notes.txt"]);
    expect((await loadLatestCheckpoint(folder))!.checkpoint.metadata.update).toBe("3");
  });
});
