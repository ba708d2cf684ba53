// What cards and leagues keep in a lab, file by file.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { KeptFile } from "../../../lab/export-tables.ts";
import { keptDocumentSchema } from "../../../lab/kept.ts";
import { keptPrefix } from "../../../lab/layout.ts";

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
  for await (const { path } of store.listDocuments(keptPrefix)) {
    const json = await store.getDocument(path);
    if (json === null) continue;
    const { success, data: of, error } = keptDocumentSchema.safeParse(json);
    if (!success) {
      const [issue] = error.issues;
      throw new MesascopeError(
        "damaged-artifact",
        `${store.documentName(path)} tells of nothing that is kept (${issue!.path.join(".") || "it"}: ${issue!.message}). ` +
          'Run "mesascope lab verify" to see what else is damaged.',
      );
    }
    for (const [name, blob] of Object.entries(of.files).sort(([a], [b]) => (a < b ? -1 : 1))) {
      signal?.throwIfAborted();
      const isTold = name.endsWith(".json") && blob.bytes <= mostTold;
      yield { of, name, blob, content: isTold ? new TextDecoder().decode(await store.getBlob(blob)) : null };
    }
  }
}
