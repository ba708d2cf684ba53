// The end of the report: what it cannot show.

import type { ReportData } from "../report-data.ts";

/** What no audit of this kind can show. */
export function Limits({ data }: { readonly data: ReportData }) {
  return (
    <section aria-labelledby="limits">
      <h2 id="limits">What this audit cannot show</h2>
      {data.limits.length === 0 ? (
        <p>No limits were written down for this audit. That is an omission, not a sign that there are none.</p>
      ) : (
        <ul>
          {data.limits.map((limit, place) => (
            <li key={place}>{limit}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
