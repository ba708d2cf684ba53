// Results that are no jobs' (a card's, a league's) put into a lab's store, so that they lie with the rest and are never collected.

import type { BlobRef } from "../../lab/artifact-store.ts";
import { type KeptDocument, keep } from "../../lab/kept.ts";
import { readBytes } from "../storage/files.ts";
import { openStore } from "./store/open-store.ts";

export interface ResultsToKeep {
  readonly kind: KeptDocument["kind"];
  /** Lowercase letters, digits and hyphens. What was kept by the same kind and name before is replaced. */
  readonly name: string;
  /** Paths, by the names under which they are kept. */
  readonly files: Readonly<Record<string, string>>;
}

/** Needs no database, and does not mind who has the lab open. Throws `file-system`, and `usage` where there is no store. */
export async function keepResults(lab: string, { kind, name, files }: ResultsToKeep): Promise<void> {
  const store = await openStore(lab);
  const kept: Record<string, BlobRef> = {};
  for (const [file, path] of Object.entries(files)) kept[file] = await store.putBlob(await readBytes(path));
  await keep(store, { kind, name, at: new Date(), files: kept });
}
