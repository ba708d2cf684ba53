// What of an audit can be taken along: the report as one file, the verdict document, its findings as a table, and the page on paper.

import { type ReactNode, useState } from "react";
import { columnsOf, findingCells, type Row } from "../../../lab/export-tables.ts";
import { csvText } from "../../../report/charts/csv-text.ts";
import { problemOf } from "../../api/lab-client.ts";
import { loadScript } from "../../app/script-missing.ts";
import { Button } from "../../components/button.tsx";
import { offerFile } from "../../views/verdict/offer-file.ts";
import type { Audited } from "./audited.ts";
import type { Replayed } from "./replay-audit.ts";

export interface AuditFilesProps {
  readonly audited: Audited;
  /** The episodes, where they were opened. */
  readonly replayed: Replayed | undefined;
}

export function AuditFiles({ audited, replayed }: AuditFilesProps): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const stem = `audit-${audited.key}`;
  const { document } = audited.result;
  const offer = (name: string, { text, type }: { readonly text: string; readonly type: string }) =>
    offerFile(name, new Blob([text], { type }));
  // The renderer of whole pages comes when it is asked for.
  const offerReport = async () => {
    setProblem(null);
    try {
      const { reportFile } = await loadScript(() => import("./report-file.ts"));
      offer(`${stem}.html`, { text: reportFile(audited, replayed), type: "text/html" });
    } catch (error) {
      setProblem(problemOf(error).message);
    }
  };
  const offerVerdict = () => offer(`${stem}.json`, { text: `${JSON.stringify(document, null, 2)}\n`, type: "application/json" });
  const offerFindings = () => offer(`${stem}-findings.csv`, { text: findingsCsv(audited), type: "text/csv" });
  return (
    <div className="audit-files">
      <Button onPress={() => void offerReport()}>Report, HTML</Button>
      <Button onPress={offerVerdict}>Verdict, JSON</Button>
      <Button onPress={offerFindings}>Findings, CSV</Button>
      <Button onPress={() => window.print()}>Print</Button>
      {problem !== null && (
        <span role="status" className="bad">
          {problem}
        </span>
      )}
    </div>
  );
}

/** The table `findings` of an export of the lab, of this audit. */
function findingsCsv({ keys, result }: Audited): string {
  const columns = columnsOf("findings", []).map(({ name }) => name);
  const rows = result.document.findings.map((finding, position): Row => ({ ...keys, ...findingCells(finding, position) }));
  return csvText([columns, ...rows.map((row) => columns.map((column) => row[column] ?? null))]);
}
