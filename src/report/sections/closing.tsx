// The end of the report: what it cannot show, and how to make it again.

import { formatSeconds } from "../charts/format.ts";
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

/** The command, the preset and seed, the machine, the version and the time it took. */
export function HowItWasMade({ data }: { readonly data: ReportData }) {
  return (
    <section aria-labelledby="made">
      <h2 id="made">How this was made</h2>
      <dl className="facts">
        <div>
          <dt>Command</dt>
          <dd>
            <code>{data.command}</code>
          </dd>
        </div>
        <div>
          <dt>Preset and seed</dt>
          <dd>{data.preset}</dd>
        </div>
        <div>
          <dt>World</dt>
          <dd>{data.world}</dd>
        </div>
        <div>
          <dt>Base objective</dt>
          <dd>{data.baseObjective}</dd>
        </div>
        <div>
          <dt>Code version</dt>
          <dd>
            <code>{data.codeVersion}</code>
          </dd>
        </div>
        <div>
          <dt>Machine</dt>
          <dd>{data.machine}</dd>
        </div>
        <div>
          <dt>Time from start to report</dt>
          <dd>{formatSeconds(data.seconds)}</dd>
        </div>
      </dl>
    </section>
  );
}
