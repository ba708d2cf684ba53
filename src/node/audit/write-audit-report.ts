// Writes the report of a single audit as a page.

import { renderReport } from "../../report/render-report.tsx";
import { atomicWrite } from "../storage/files.ts";
import { type AuditReportOptions, auditReport } from "./audit-report.ts";

/** Throws as its policy does, and `file-system`. */
export async function writeAuditReport(path: string, options: AuditReportOptions): Promise<void> {
  await atomicWrite(path, renderReport(await auditReport(options)));
}
