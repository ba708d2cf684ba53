// What an audit job found, read from its record.

import type { AuditResult } from "../../core/audit/auditor.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import { auditResultSchema } from "../../lab/audit-result.ts";
import { recordPath } from "../../lab/layout.ts";
import type { JobRecord } from "../../lab/record.ts";

/** Throws `damaged-artifact` where it is missing, altered, or of another version. */
export async function readStoredAudit(store: ArtifactStore, { job, files }: JobRecord): Promise<AuditResult> {
  const ref = files["result.json"];
  if (ref) {
    // Checked, and given as it was written: what a schema gives has its fields in another order.
    const result: AuditResult = JSON.parse(new TextDecoder().decode(await store.getBlob(ref)));
    if (auditResultSchema.safeParse(result).success) return result;
  }
  throw new MesascopeError(
    "damaged-artifact",
    `${store.documentName(recordPath(job))} names no result of an audit that this version reads. Run "mesascope lab verify".`,
  );
}
