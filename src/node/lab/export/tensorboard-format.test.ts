import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";
import { fileVersionEvent } from "./event-file.ts";
import { exportLab } from "./export-lab.ts";
import { finishedAt, smallLab, startedAt } from "./lab-records.fixture.ts";

const folder = await mkdtemp(join(tmpdir(), "mesascope-tensorboard-"));
afterAll(async () => await rm(folder, { recursive: true }));

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it("CRC-32C gives the published values", () => {
  // RFC 3720, appendix B.4, and the check value of the catalog of CRCs.
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
});

it("a file begins with the bytes that TensorFlow's own begin with", () => {
  // Every event file of TensorFlow: 24 bytes follow, the masked checksum of that length, and the field of the time.
  const known = [0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22, 0x09];
  const record = fileVersionEvent(1_700_000_000);
  expect([...record.subarray(0, 13)]).toEqual(known);
  expect([...record.subarray(21, 23)]).toEqual([0x1a, 13]);
  expect(text(record.subarray(23, 36))).toBe("brain.Event:2");
  expect(record).toHaveLength(24 + 16);
});

/** A reader of the wire format that shares nothing with the writer: the values of each field number. */
function fieldsOf(bytes: Uint8Array): ReadonlyMap<number, (bigint | number | Uint8Array)[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields = new Map<number, (bigint | number | Uint8Array)[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [field, type] = [tag >>> 3, tag & 7];
    const values = fields.get(field) ?? [];
    fields.set(field, values);
    if (type === 0) values.push(varint());
    else if (type === 1) {
      values.push(view.getFloat64(at, true));
      at += 8;
    } else if (type === 5) {
      values.push(view.getFloat32(at, true));
      at += 4;
    } else if (type === 2) {
      const length = Number(varint());
      values.push(bytes.subarray(at, at + length));
      at += length;
    } else throw new Error(`wire type ${type}`);
  }
  return fields;
}

function messages(fields: ReturnType<typeof fieldsOf>, field: number) {
  return (fields.get(field) ?? []).map((value) => {
    if (!(value instanceof Uint8Array)) throw new Error(`field ${field} is no message`);
    return value;
  });
}

/** CRC-32C bit by bit, as RFC 3720 defines it. */
function slowMaskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const plain = BigInt((crc ^ 0xffffffff) >>> 0);
  return Number(BigInt.asUintN(32, ((plain >> 15n) | (plain << 17n)) + 0xa282ead8n));
}

function eventsOf(file: Uint8Array): readonly ReturnType<typeof fieldsOf>[] {
  const events = [];
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const body = file.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 8, true)).toBe(slowMaskedCrc(file.subarray(at, at + 8)));
    expect(view.getUint32(at + 12 + length, true)).toBe(slowMaskedCrc(body));
    events.push(fieldsOf(body));
    at += length + 16;
  }
  return events;
}

async function exportedRun() {
  const { store } = await smallLab();
  const target = join(folder, `tb-${Math.random()}`);
  await exportLab({ store, format: "tensorboard", folder: target });
  const runs = (await readdir(join(target, "corner_aligned"))).sort();
  const path = join(target, "corner_aligned", runs[0]!);
  const [file] = await readdir(path);
  return { target, runs, file: file!, events: eventsOf(await readFile(join(path, file!))) };
}

it("each run has a folder of its own with one event file, under the name of its organism or objective", async () => {
  const { target, runs, file } = await exportedRun();
  expect(runs).toEqual([expect.stringMatching(/^mlp-ppo-seed1-[0-9a-f]{16}$/), expect.stringMatching(/^mlp-ppo-seed2-/)]);
  expect(file).toBe(`events.out.tfevents.${Date.parse(startedAt) / 1000}.mesascope`);
  expect((await readdir(target)).sort()).toEqual(["cheese", "corner_aligned", "export.json"]);
});

it("a reader of its own finds the curve: whole records, the version first, each scalar with step and time", async () => {
  const { events } = await exportedRun();
  expect(text(messages(events[0]!, 3)[0]!)).toBe("brain.Event:2");
  const scalars = events.slice(2, -1).map((event) => {
    const values = messages(fieldsOf(messages(event, 5)[0]!), 1).map(fieldsOf);
    return {
      time: event.get(1)![0],
      step: event.get(2)?.[0] ?? 0n,
      values: Object.fromEntries(values.map((value) => [text(messages(value, 1)[0]!), value.get(2)![0]])),
    };
  });
  const start = Date.parse(startedAt) / 1000;
  expect(scalars.map(({ step }) => step)).toEqual([0n, 1024n, 2048n, 3072n, 4096n]);
  expect(scalars.map(({ time }) => time)).toEqual([0, 25, 50, 75, 100].map((seconds) => start + seconds));
  const share = 1 - 1 / (1 + 4.096 + 1);
  expect(scalars.at(-1)!.values).toEqual({
    training_return: Math.fround(10 * share),
    oracle_return: 10,
    oracle_share: Math.fround(share),
  });
});

it("the hyper-parameters are there as the plugin reads them, and runs that differ in the seed only are one group", async () => {
  const { store } = await smallLab();
  const target = join(folder, "hparams");
  await exportLab({ store, format: "tensorboard", folder: target });
  const groups = [];
  for (const run of await readdir(join(target, "corner_aligned"))) {
    const path = join(target, "corner_aligned", run);
    const events = eventsOf(await readFile(join(path, (await readdir(path))[0]!)));
    const dataOf = (event: ReturnType<typeof fieldsOf>, tag: string) => {
      const value = fieldsOf(messages(fieldsOf(messages(event, 5)[0]!), 1)[0]!);
      expect(text(messages(value, 1)[0]!)).toBe(tag);
      const plugin = fieldsOf(messages(fieldsOf(messages(value, 9)[0]!), 1)[0]!);
      expect(text(messages(plugin, 1)[0]!)).toBe("hparams");
      return fieldsOf(messages(plugin, 2)[0]!);
    };
    const start = fieldsOf(messages(dataOf(events[1]!, "_hparams_/session_start_info"), 3)[0]!);
    const values = messages(start, 1).map((entry) => {
      const fields = fieldsOf(entry);
      const value = fieldsOf(messages(fields, 2)[0]!);
      const string = value.get(3)?.[0];
      return [text(messages(fields, 1)[0]!), string instanceof Uint8Array ? text(string) : value.get(2)?.[0]] as const;
    });
    expect(Object.fromEntries(values)).toMatchObject({
      world: "corner",
      optimizer: "ppo",
      "optimizer.gamma": 0.97,
      "network.hidden": "[64,64]",
    });
    expect(values.map(([name]) => name)).not.toContain("seed");
    groups.push(text(messages(start, 4)[0]!));
    const end = fieldsOf(messages(dataOf(events.at(-1)!, "_hparams_/session_end_info"), 4)[0]!);
    expect([end.get(1)![0], end.get(2)![0]]).toEqual([1n, Date.parse(finishedAt) / 1000]);
  }
  expect(groups[0]).toHaveLength(64);
  expect(new Set(groups).size).toBe(1);
});
