// The numbers behind a chart as links that hold the files themselves: they need neither a script nor a server.

import type { NamedTable } from "./figure.tsx";
import { fileAddress, fileStem, tableCsv, tableJson } from "./table-files.ts";

/** For `ChartTools`, in pages that are one file. */
export function fileLinks(table: NamedTable) {
  return <FileLinks table={table} />;
}

function FileLinks({ table }: { readonly table: NamedTable }) {
  const { caption } = table;
  const stem = fileStem(caption);
  return (
    <p className="files">
      Numbers as{" "}
      <a download={`${stem}.csv`} href={fileAddress("text/csv", tableCsv(table))} aria-label={`CSV: ${caption}`}>
        CSV
      </a>
      ,{" "}
      <a download={`${stem}.json`} href={fileAddress("application/json", tableJson(table))} aria-label={`JSON: ${caption}`}>
        JSON
      </a>
    </p>
  );
}
