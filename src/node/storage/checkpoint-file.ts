// Checkpoints on disk: named tensors and strings in the safetensors format, checked by hash, and a folder that keeps the last two.

import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { MesascopeError } from "../../core/base/errors.ts";
import type { TensorArray, TensorData } from "../../core/engine/engine.ts";
import { atomicWrite, fileSystemError, kindOf, listFolder, makeFolder, readBytes, removeStaleTemporaries } from "./files.ts";

export interface Checkpoint {
  readonly tensors: Readonly<Record<string, TensorData>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const checksumKey = "mesascope.sha256";
const checksumPattern = /"mesascope\.sha256":"([0-9a-f]{64})"/;
const noChecksum = "0".repeat(64);
const headerLimit = 100_000_000;

type Dtype = TensorData["dtype"];
const formatNames: Readonly<Record<Dtype, string>> = {
  float64: "F64",
  int64: "I64",
  float32: "F32",
  int32: "I32",
  uint8: "U8",
  bool: "BOOL",
};
const dtypes = Object.keys(formatNames) as readonly Dtype[];
const itemBytes: Readonly<Record<Dtype, number>> = { float64: 8, int64: 8, float32: 4, int32: 4, uint8: 1, bool: 1 };

interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The bytes of a safetensors file (github.com/huggingface/safetensors, "Format"): header length as uint64, JSON header, data; all
 * little-endian. Tensors lie by item size, then name, so that each is aligned. The metadata carries a SHA-256 of everything else in
 * the file. The same checkpoint gives the same bytes. Throws `invalid-checkpoint` on a tensor whose data does not fit its dims.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const names = Object.keys(checkpoint.tensors).sort();
  names.sort((a, b) => itemBytes[checkpoint.tensors[b]!.dtype] - itemBytes[checkpoint.tensors[a]!.dtype]);
  const strings = Object.entries(checkpoint.metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const header: Record<string, unknown> = { __metadata__: { [checksumKey]: noChecksum, ...Object.fromEntries(strings) } };
  let end = 0;
  for (const name of names) {
    const tensor = checkpoint.tensors[name]!;
    requireFit(name, tensor);
    const start = end;
    end += tensor.data.byteLength;
    const entry: TensorEntry = { dtype: formatNames[tensor.dtype], shape: tensor.dims, data_offsets: [start, end] };
    header[name] = entry;
  }
  const text = JSON.stringify(header);
  const headerLength = Math.ceil(new TextEncoder().encode(text).length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  new TextEncoder().encodeInto(text, bytes.subarray(8));
  let place = 8 + headerLength;
  for (const name of names) {
    const { data } = checkpoint.tensors[name]!;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place);
    place += data.byteLength;
  }
  const checksum = sha256(bytes);
  new TextEncoder().encodeInto(text.replace(noChecksum, checksum), bytes.subarray(8));
  return bytes;
}

/**
 * The checkpoint in the bytes that `encodeCheckpoint` made; its tensors own their memory. `name` is what messages call the file.
 * Throws `invalid-checkpoint` when the bytes are truncated, altered, or another program's (which carry no checksum).
 */
export function decodeCheckpoint(bytes: Uint8Array, name = "the checkpoint"): Checkpoint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw damaged(name, `${bytes.length} bytes given, less than a header`);
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > headerLimit || 8n + headerLength > BigInt(bytes.length)) {
    throw damaged(name, `a header of ${headerLength} bytes announced, ${bytes.length - 8} there`);
  }
  const dataStart = 8 + Number(headerLength);
  const text = new TextDecoder().decode(bytes.subarray(8, dataStart));
  verifyChecksum(bytes, { name, text });
  const { __metadata__: strings, ...entries } = JSON.parse(text) as Record<string, TensorEntry> & {
    __metadata__: Record<string, string>;
  };
  const { [checksumKey]: _, ...metadata } = strings;
  const tensors: Record<string, TensorData> = {};
  for (const [tensorName, entry] of Object.entries(entries)) {
    const dtype = dtypes.find((candidate) => formatNames[candidate] === entry.dtype);
    if (!dtype) throw damaged(name, `tensor ${tensorName} has the unknown dtype ${entry.dtype}`);
    const [start, end] = entry.data_offsets;
    const data = arrayOf(dtype, new Uint8Array(bytes.subarray(dataStart + start, dataStart + end)).buffer);
    tensors[tensorName] = { dtype, dims: entry.shape, data };
  }
  return { tensors, metadata };
}

/** Throws unless the checksum in the header is that of the file with the checksum's place zeroed. After it, the header can be trusted. */
function verifyChecksum(bytes: Uint8Array, { name, text }: { readonly name: string; readonly text: string }): void {
  const given = checksumPattern.exec(text);
  if (!given) throw damaged(name, "no checksum in its header");
  const zeroed = new Uint8Array(bytes);
  const place = 8 + new TextEncoder().encode(text.slice(0, given.index)).length + `"${checksumKey}":"`.length;
  zeroed.fill(0x30, place, place + noChecksum.length);
  if (sha256(zeroed) !== given[1]) throw damaged(name, "its bytes do not match its checksum");
}

function requireFit(name: string, tensor: TensorData): void {
  if (name === "__metadata__") {
    throw new MesascopeError(
      "invalid-checkpoint",
      'a tensor named "__metadata__" given; the format reserves that name. Rename it.',
    );
  }
  const size = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (size !== tensor.data.length || tensor.data.BYTES_PER_ELEMENT !== itemBytes[tensor.dtype]) {
    throw new MesascopeError(
      "invalid-checkpoint",
      `tensor ${name} of ${tensor.dtype} [${tensor.dims.join(", ")}] given with ${tensor.data.length} items of ` +
        `${tensor.data.BYTES_PER_ELEMENT} bytes; expected ${size} of ${itemBytes[tensor.dtype]}.`,
    );
  }
}

function arrayOf(dtype: Dtype, buffer: ArrayBuffer): TensorArray {
  switch (dtype) {
    case "float64":
      return new Float64Array(buffer);
    case "int64":
      return new BigInt64Array(buffer);
    case "float32":
      return new Float32Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "uint8":
    case "bool":
      return new Uint8Array(buffer);
    default:
      return dtype satisfies never;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function damaged(name: string, why: string): MesascopeError {
  return new MesascopeError(
    "invalid-checkpoint",
    `${name} is no whole checkpoint: ${why}. Continue from an earlier checkpoint, or start the run again.`,
  );
}

const filePattern = /^checkpoint-(\d{6,})\.safetensors$/;

/**
 * Writes a checkpoint into `folder` (made if missing) under the next number and removes all older ones but the newest that is whole, so
 * that two good ones are kept. Returns the path written. Throws `file-system`, `invalid-checkpoint` as `encodeCheckpoint`.
 */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint): Promise<string> {
  const bytes = encodeCheckpoint(checkpoint);
  await makeFolder(folder);
  await removeStaleTemporaries(folder);
  const older = await checkpointFiles(folder);
  const number = older[0] ? Number(filePattern.exec(older[0])![1]) + 1 : 1;
  const path = join(folder, `checkpoint-${String(number).padStart(6, "0")}.safetensors`);
  await atomicWrite(path, bytes);
  let kept = false;
  for (const name of older) {
    if (!kept && (await isWhole(join(folder, name)))) kept = true;
    else await removeFile(join(folder, name));
  }
  return path;
}

export interface LoadedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly path: string;
  /** What to tell the user when a newer checkpoint was damaged, else null. */
  readonly warning: string | null;
}

/**
 * The newest checkpoint in `folder` that is whole, or null where none was ever saved (or there is no folder). Throws
 * `invalid-checkpoint` when all are damaged, `file-system`.
 */
export async function loadLatestCheckpoint(folder: string): Promise<LoadedCheckpoint | null> {
  if ((await kindOf(folder)) === null) return null;
  const failures: string[] = [];
  for (const name of await checkpointFiles(folder)) {
    const path = join(folder, name);
    const bytes = await readBytes(path);
    try {
      const checkpoint = decodeCheckpoint(bytes, path);
      const warning = failures.length > 0 ? `${failures.join(" ")} Continuing from the one before, ${path}.` : null;
      return { checkpoint, path, warning };
    } catch (error) {
      if (!(error instanceof MesascopeError)) throw error;
      failures.push(error.message.replace(/ Continue from .*/, ""));
    }
  }
  if (failures.length === 0) return null;
  throw new MesascopeError(
    "invalid-checkpoint",
    `${failures.join(" ")} No earlier checkpoint is left in ${folder}; start the run again.`,
  );
}

/** The checkpoint files in a folder, newest first. */
async function checkpointFiles(folder: string): Promise<readonly string[]> {
  const number = (name: string) => Number(filePattern.exec(name)?.[1]);
  return (await listFolder(folder)).filter((name) => filePattern.test(name)).sort((a, b) => number(b) - number(a));
}

async function isWhole(path: string): Promise<boolean> {
  try {
    decodeCheckpoint(await readBytes(path));
    return true;
  } catch (error) {
    if (error instanceof MesascopeError) return false;
    throw error;
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw fileSystemError(cause, { action: "remove", path });
  }
}
