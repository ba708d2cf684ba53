// What cards and leagues keep in a lab, file by file.

import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { KeptFile } from "../../../lab/export-tables.ts";
import { keptDocuments } from "../kept-results.ts";

/** Bytes of a file whose content is told. */
const mostTold = 2 ** 20;

/** In the order of kinds, names and files. Throws `damaged-artifact`, `file-system`. */
export async function* readKept({
  store,
  signal,
}: {
  readonly store: ArtifactStore;
  readonly signal: AbortSignal | undefined;
}): AsyncGenerator<KeptFile, void, undefined> {
  for await (const of of keptDocuments(store)) {
    for (const [name, blob] of Object.entries(of.files).sort(([a], [b]) => (a < b ? -1 : 1))) {
      signal?.throwIfAborted();
      const isTold = name.endsWith(".json") && blob.bytes <= mostTold;
      yield { of, name, blob, content: isTold ? new TextDecoder().decode(await store.getBlob(blob)) : null };
    }
  }
}
