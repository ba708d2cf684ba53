// An agent on disk: policy.onnx, manifest.json and curve.csv in one folder, written whole or not at all and checked when read. Where it was kept
// of a training, so is what the agent was on the way: snapshot-STEPS.onnx.

import { createHash } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type AgentManifest, parseManifest } from "../../core/agents/manifest.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { parseJson } from "../../lab/parse-json.ts";
import { snapshotFile, snapshotsAmong } from "../../lab/snapshots.ts";
import {
  asidePath,
  atomicWrite,
  fileSystemError,
  jsonText,
  kindOf,
  listFolder,
  makeFolder,
  readBytes,
  readJson,
  removeStaleTemporaries,
  restoreAsides,
  syncFolder,
  temporaryPath,
} from "./files.ts";

const manifestFile = "manifest.json";
const policyFile = "policy.onnx";
const curveFile = "curve.csv";

/** The files of an agent, wherever they are kept. */
const agentFileNames = [policyFile, curveFile, manifestFile] as const;
export type AgentFiles = Readonly<Record<(typeof agentFileNames)[number], Uint8Array>>;

/** The policy of an agent in training, after so many steps. */
export interface PolicySnapshot {
  readonly environmentSteps: number;
  /** A serialized ONNX model. */
  readonly policy: Uint8Array;
}

/** A row of the training curve, the same columns in every row; null where nothing was measured. */
export type CurveRow = Readonly<Record<string, number | null>>;

export interface AgentContents {
  /** A serialized ONNX model. */
  readonly policy: Uint8Array;
  readonly manifest: AgentManifest;
  readonly curve: readonly CurveRow[];
}

export interface AgentToWrite extends Omit<AgentContents, "manifest"> {
  /** The hashes of the policy and of `snapshots` are filled in. */
  readonly manifest: Omit<AgentManifest, "policySha256">;
  /** Ascending in steps. Left out: none, whatever the manifest says. */
  readonly snapshots?: readonly PolicySnapshot[];
  /** Replace an agent that is already there. Never replaces anything but an agent. Default false. */
  readonly overwrite?: boolean;
}

/** An agent as files, and its manifest with the hashes of what was given. Throws `invalid-manifest`, `invalid-data` (an uneven curve). */
export function encodeAgent(agent: Omit<AgentToWrite, "overwrite">): {
  readonly manifest: AgentManifest;
  readonly files: AgentFiles;
  /** By name. */
  readonly snapshots: Readonly<Record<string, Uint8Array>>;
} {
  const { snapshots: _, ...described } = agent.manifest;
  const hashes = agent.snapshots?.map(({ environmentSteps, policy }) => ({ environmentSteps, policySha256: sha256(policy) }));
  const manifest = parseManifest({ ...described, policySha256: sha256(agent.policy), ...(hashes && { snapshots: hashes }) });
  const text = new TextEncoder();
  const files = (agent.snapshots ?? []).map(({ environmentSteps, policy }) => [snapshotFile(environmentSteps), policy]);
  return {
    manifest,
    snapshots: Object.fromEntries(files),
    files: {
      [policyFile]: agent.policy,
      [curveFile]: text.encode(formatCurve(agent.curve)),
      [manifestFile]: text.encode(jsonText(manifest)),
    },
  };
}

/**
 * The agent in files that were read from `place`, which messages name. Throws `invalid-manifest` or `unsupported-version` for the manifest,
 * `invalid-model` when the policy is not the one that the manifest was written for, `invalid-data` for a broken curve.
 */
export function decodeAgent(files: AgentFiles, place: string): AgentContents {
  const refuse = (why: string) =>
    new MesascopeError("invalid-manifest", `${place} has a ${manifestFile} that is ${why}. Train the agent again.`);
  const manifest = parseManifest(parseJson(new TextDecoder().decode(files[manifestFile]), refuse));
  return agentOf({ manifest, policy: files[policyFile], curve: files[curveFile] }, place);
}

/**
 * Writes an agent's folder, and those above it, so that it is there whole or not at all (after a crash in the instant between the two
 * renames of an overwrite, the next look at the folder brings the old agent back). Returns the manifest as written. Throws `usage`
 * when something is there already (and is not an agent to overwrite), `invalid-manifest`, `invalid-data` (an uneven curve),
 * `file-system`.
 */
export async function writeAgent(folder: string, agent: AgentToWrite): Promise<AgentManifest> {
  const target = resolve(folder);
  const { manifest, files, snapshots } = encodeAgent(agent);
  await restoreAsides(dirname(target));
  const replaced = await requireRoom(target, agent.overwrite ?? false);
  await makeFolder(dirname(target));
  await removeStaleTemporaries(dirname(target));
  const temporary = temporaryPath(target);
  const aside = asidePath(target);
  try {
    await mkdir(temporary);
    for (const [name, bytes] of Object.entries(snapshots)) await atomicWrite(join(temporary, name), bytes);
    for (const name of agentFileNames) await atomicWrite(join(temporary, name), files[name]);
    if (replaced) await rename(target, aside);
    await rename(temporary, target);
  } catch (cause) {
    if (replaced && (await kindOf(target)) === null) await rename(aside, target).catch(() => undefined);
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw fileSystemError(cause, { action: "write the agent", path: target });
  }
  await syncFolder(dirname(target));
  if (replaced) {
    await rm(aside, { recursive: true, force: true }).catch((cause: unknown) => {
      throw fileSystemError(cause, { action: "remove the agent that was replaced,", path: aside });
    });
  }
  return manifest;
}

/** Whether an agent is there and is to be replaced. An empty folder counts as room. */
async function requireRoom(target: string, overwrite: boolean): Promise<boolean> {
  const kind = await kindOf(target);
  if (kind === null) return false;
  const names = kind === "folder" ? await listFolder(target) : [];
  if (kind === "folder" && names.length === 0) return false;
  const isAgent = names.includes(manifestFile);
  if (isAgent && overwrite) return true;
  const what = isAgent ? "an agent" : kind === "folder" ? "a folder with other files" : "a file";
  const advice = isAgent
    ? "Name another folder, or allow overwriting."
    : "Name another folder; nothing but an agent is ever overwritten.";
  throw new MesascopeError("usage", `${target} given as the folder to write an agent to; ${what} is already there. ${advice}`);
}

/**
 * Reads an agent's folder and checks that it is whole: the manifest to the letter, the policy against the manifest's hash. Throws
 * `usage` when there is no agent folder, `invalid-manifest` or `unsupported-version` for its manifest, `invalid-model` when the policy
 * is missing or is not the one that the manifest was written for, `invalid-data` for a broken curve, `file-system`.
 */
export async function readAgent(folder: string): Promise<AgentContents> {
  if ((await kindOf(folder)) === null) await restoreAsides(dirname(resolve(folder)));
  await requireAgentFolder(folder);
  const manifest = await readManifest(join(folder, manifestFile));
  const policyPath = join(folder, policyFile);
  if ((await kindOf(policyPath)) !== "file") {
    throw new MesascopeError(
      "invalid-model",
      `${policyPath} is missing; an agent needs its policy. Restore it or train the agent again.`,
    );
  }
  const policy = await readBytes(policyPath);
  const curvePath = join(folder, curveFile);
  const hasCurve = (await kindOf(curvePath)) === "file";
  return agentOf({ manifest, policy, curve: hasCurve ? await readBytes(curvePath) : null }, folder);
}

/**
 * What was kept of an agent's training in its folder, ascending in steps; empty where nothing was. What was removed since is not missed. Throws as
 * `readAgent` for what is no agent's folder, `invalid-model` for a snapshot that is not the one that the manifest tells of; a manifest of an
 * earlier version tells of none, and they are taken as they are.
 */
export async function readSnapshots(folder: string): Promise<readonly PolicySnapshot[]> {
  await requireAgentFolder(folder);
  const manifest = await readManifest(join(folder, manifestFile));
  const kept: PolicySnapshot[] = [];
  for (const environmentSteps of snapshotsAmong(await listFolder(folder))) {
    const path = join(folder, snapshotFile(environmentSteps));
    const policy = await readBytes(path);
    if (manifest.snapshots !== undefined) {
      const told = manifest.snapshots.find((each) => each.environmentSteps === environmentSteps);
      requireSame({ path, policy, told: told?.policySha256 ?? null });
    }
    kept.push({ environmentSteps, policy });
  }
  return kept;
}

/** An agent as it was when a snapshot of it was kept: without a curve, and its manifest tells of the end. */
export function agentAt({ manifest }: Pick<AgentContents, "manifest">, { policy }: PolicySnapshot): AgentContents {
  return { policy, curve: [], manifest: { ...manifest, policySha256: sha256(policy) } };
}

function agentOf(
  read: { readonly manifest: AgentManifest; readonly policy: Uint8Array; readonly curve: Uint8Array | null },
  place: string,
): AgentContents {
  const { manifest, policy, curve } = read;
  requireSame({ path: join(place, policyFile), policy, told: manifest.policySha256 });
  const rows = curve === null ? [] : parseCurve(new TextDecoder().decode(curve), join(place, curveFile));
  return { policy, manifest, curve: rows };
}

interface ReadPolicy {
  readonly path: string;
  readonly policy: Uint8Array;
  /** The SHA-256 that the manifest has for it; null where it tells of no such file. */
  readonly told: string | null;
}

function requireSame({ path, policy, told }: ReadPolicy): void {
  const given = sha256(policy);
  if (given === told) return;
  const [what, says] = told === null ? ["not of this agent", "knows no such snapshot"] : ["truncated or altered", `says ${told}`];
  throw new MesascopeError(
    "invalid-model",
    `${path} is ${what}: its SHA-256 is ${given} (${policy.length} bytes); the manifest ${says}. Restore both files from one copy or train the agent again.`,
  );
}

async function requireAgentFolder(folder: string): Promise<void> {
  const kind = await kindOf(folder);
  const expected = `expected an agent's folder with ${manifestFile} and ${policyFile}`;
  if (kind === null) {
    throw new MesascopeError("usage", `${folder} does not exist; ${expected}. Check the path, or train an agent first.`);
  }
  if (kind !== "folder") {
    throw new MesascopeError("usage", `${folder} is not a folder; ${expected}. Name the folder and not a file in it.`);
  }
  if ((await kindOf(join(folder, manifestFile))) !== "file") {
    const names = await listFolder(folder);
    const found = names.length === 0 ? "is empty" : `holds ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`;
    throw new MesascopeError(
      "usage",
      `${folder} has no ${manifestFile} (it ${found}); ${expected}. Name the folder that training wrote.`,
    );
  }
}

async function readManifest(path: string): Promise<AgentManifest> {
  try {
    return parseManifest(await readJson(path));
  } catch (cause) {
    if (!(cause instanceof MesascopeError) || cause.code === "file-system") throw cause;
    if (cause.code === "invalid-data") throw new MesascopeError("invalid-manifest", cause.message, { cause });
    throw new MesascopeError(cause.code, `${path}: ${cause.message}`, { cause });
  }
}

/** RFC 4180 without quoting: a header of column names, then numbers; an empty field is null. */
function formatCurve(rows: readonly CurveRow[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row, i) => {
    if (
      Object.keys(row).join() !== columns.join() ||
      !Object.values(row).every((value) => value === null || Number.isFinite(value))
    ) {
      throw new MesascopeError(
        "invalid-data",
        `row ${i} of the training curve is ${JSON.stringify(row)}; expected a finite number or null for each of ${columns.join(", ")}.`,
      );
    }
    return columns.map((column) => row[column] ?? "").join(",");
  });
  return [columns.join(","), ...lines].map((line) => `${line}\n`).join("");
}

export function parseCurve(text: string, path: string): readonly CurveRow[] {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const columns = header.split(",");
  return lines.map((line, i) => {
    const fields = line.split(",");
    const numbers = fields.map((field) => (field === "" ? null : Number(field)));
    if (fields.length !== columns.length || !numbers.every((value) => value === null || Number.isFinite(value))) {
      throw new MesascopeError(
        "invalid-data",
        `${path}, line ${i + 2}: "${line}" given; expected a number or nothing for each of ${header}. Restore the file or delete it.`,
      );
    }
    return Object.fromEntries(columns.map((column, c) => [column, numbers[c]!]));
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
