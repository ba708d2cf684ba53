// What an audit job found, read from its record.

import type { AuditResult } from "../../core/audit/auditor.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import { auditResultSchema } from "../../lab/audit-result.ts";
import { recordPath } from "../../lab/layout.ts";
import type { JobRecord } from "../../lab/record.ts";

/** Throws `damaged-artifact` where it is missing or altered, `unsupported-version` for one that another version wrote. */
export async function readStoredAudit(store: ArtifactStore, { job, spec, files }: JobRecord): Promise<AuditResult> {
  const ref = files["result.json"];
  if (ref) {
    // Checked, and given as it was written: what a schema gives has its fields in another order.
    const result: AuditResult = JSON.parse(new TextDecoder().decode(await store.getBlob(ref)));
    if (auditResultSchema.safeParse(result).success) return result;
    throw new MesascopeError(
      "unsupported-version",
      `the result of the audit ${job} (${store.blobName(ref.sha256)}) is whole, and none that this version reads: another Mesascope wrote it, of the code ${spec.code}. ` +
        "Update this one.",
    );
  }
  throw new MesascopeError(
    "damaged-artifact",
    `${store.documentName(recordPath(job))} names no result of an audit. Run "mesascope lab verify".`,
  );
}
