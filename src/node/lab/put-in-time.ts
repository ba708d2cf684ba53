// Puts a document while a transaction waits for it, and its locks with it: not for as long as a store that does not answer is waited for elsewhere.

import { setTimeout as sleep } from "node:timers/promises";
import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";

/** Seconds that a transaction waits for the store; the server ends it after more silence than that. */
const storePatience = 8;

/** Throws `file-system`, also where it takes longer than some seconds; it may arrive after that, and is found then by `maintenance/reconcile.ts`. */
export async function putInTime(
  store: ArtifactStore,
  { path, document, what }: { readonly path: string; readonly document: unknown; readonly what: string },
): Promise<void> {
  const over = new AbortController();
  const late = sleep(storePatience * 1000, true, { signal: over.signal }).catch(() => false);
  const put = store.putDocument(path, document).then(() => false);
  try {
    if (!(await Promise.race([put, late]))) return;
  } finally {
    over.abort();
  }
  put.catch(() => undefined);
  throw new MesascopeError(
    "file-system",
    `${store.name} did not take ${what} within ${storePatience} s, which counts all the same if it arrives late. Check that it can be reached, then try again.`,
  );
}
