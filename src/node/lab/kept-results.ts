// What cards and leagues keep in a lab, as it is listed and read.

import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore, BlobRef } from "../../lab/artifact-store.ts";
import { type KeptDocument, type KeptResult, keptDocumentSchema } from "../../lab/kept.ts";
import { keptPath, keptPrefix } from "../../lab/layout.ts";

/** Bytes of a file that is told as text: the leagues of four hundred organisms have 6 MB. */
const mostText = 32 * 2 ** 20;
const textFiles = /\.(?:json|jsonl|csv|svg|html|md|txt)$/;

/** In the order of kinds and names. Throws `damaged-artifact` where a document is none, and as the store does. */
export async function* keptDocuments(store: ArtifactStore): AsyncGenerator<KeptDocument, void, undefined> {
  for await (const { path } of store.listDocuments(keptPrefix)) {
    const document = await keptDocument(store, path);
    if (document !== null) yield document;
  }
}

/** The newest first. Throws as `keptDocuments`. */
export async function listKept(store: ArtifactStore): Promise<readonly KeptResult[]> {
  const results: KeptResult[] = [];
  for await (const { kind, name, at, files } of keptDocuments(store)) {
    results.push({ kind, name, at, files: Object.fromEntries(Object.entries(files).map(([file, { bytes }]) => [file, bytes])) });
  }
  return results.sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0));
}

export interface KeptFileName {
  readonly kind: KeptDocument["kind"];
  readonly name: string;
  readonly file: string;
}

/**
 * The text of a kept file, which is looked up in its document and never becomes a path; null where nothing of that name is kept. Throws `usage` for a
 * file that is no text or too long, and `damaged-artifact`, `file-system`.
 */
export async function keptText(store: ArtifactStore, { kind, name, file }: KeptFileName): Promise<string | null> {
  const blob = await keptBlob(store, { kind, name, file });
  if (blob === null) return null;
  // A mark of the order of bytes at its begin is of the file: programs that read tables look for it.
  if (textFiles.test(file) && blob.bytes <= mostText)
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await store.getBlob(blob));
  throw new MesascopeError(
    "usage",
    `${file} of the ${kind} ${name} asked for, of ${blob.bytes} bytes; expected text (.json, .jsonl, .csv, .svg, .html, .md) of at most ${mostText}. "mesascope lab export" takes any.`,
  );
}

/** A kept file as it is, however long; null where nothing of that name is kept. Throws `damaged-artifact`, `file-system`. */
export async function keptBytes(store: ArtifactStore, name: KeptFileName): Promise<Uint8Array | null> {
  const blob = await keptBlob(store, name);
  return blob === null ? null : await store.getBlob(blob);
}

async function keptBlob(store: ArtifactStore, { kind, name, file }: KeptFileName): Promise<BlobRef | null> {
  const document = await keptDocument(store, keptPath({ kind, name }));
  return document !== null && Object.hasOwn(document.files, file) ? document.files[file]! : null;
}

async function keptDocument(store: ArtifactStore, path: string): Promise<KeptDocument | null> {
  const json = await store.getDocument(path);
  if (json === null) return null;
  const { success, data, error } = keptDocumentSchema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  throw new MesascopeError(
    "damaged-artifact",
    `${store.documentName(path)} tells of nothing that is kept (${issue!.path.join(".") || "it"}: ${issue!.message}). ` +
      'Run "mesascope lab verify" to see what else is damaged.',
  );
}
