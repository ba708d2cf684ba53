// What of an audit can be taken along: the verdict document, its findings as a table, and the page on paper.

import type { ReactNode } from "react";
import type { VerdictDocument } from "../../../core/audit/verdict-document.ts";
import { columnsOf, rowsOf } from "../../../lab/export-tables.ts";
import type { JobRecord } from "../../../lab/record.ts";
import { Button } from "../../components/button.tsx";
import { csvText } from "../../views/verdict/csv-text.ts";
import { offerFile } from "../../views/verdict/offer-file.ts";

export interface AuditFilesProps {
  readonly record: JobRecord;
  readonly document: VerdictDocument;
}

export function AuditFiles({ record, document }: AuditFilesProps): ReactNode {
  const stem = `audit-${record.job.slice(0, 12)}`;
  const offerVerdict = () =>
    offerFile(`${stem}.json`, new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: "application/json" }));
  const offerFindings = () => offerFile(`${stem}-findings.csv`, new Blob([findingsCsv(record, document)], { type: "text/csv" }));
  return (
    <div className="audit-files">
      <Button onPress={offerVerdict}>Verdict, JSON</Button>
      <Button onPress={offerFindings}>Findings, CSV</Button>
      <Button onPress={() => window.print()}>Print</Button>
    </div>
  );
}

/** The table `findings` of an export of the lab, of this audit. */
function findingsCsv(record: JobRecord, verdict: VerdictDocument): string {
  const columns = columnsOf("findings", []).map(({ name }) => name);
  const findings = rowsOf({ record, curve: null, verdict }, []).find(({ table }) => table === "findings");
  return csvText([columns, ...(findings?.rows ?? []).map((row) => columns.map((column) => row[column] ?? null))]);
}
