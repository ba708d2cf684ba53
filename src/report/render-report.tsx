// Report data → one HTML document that opens from disk: no network, no external file, one style sheet and one script inside.

import { sha256 } from "@noble/hashes/sha2.js";
import { renderToStaticMarkup } from "react-dom/server";
import { playEpisodes } from "./page/player-script.ts";
import { styleSheet } from "./page/style-sheet.ts";
import type { ReportData } from "./report-data.ts";
import { AgentSection } from "./sections/agent.tsx";
import { HowItWasMade, Limits } from "./sections/closing.tsx";
import { EquivalenceTest, hasCurves, TrainingCurves } from "./sections/same-score.tsx";
import { Summary, weightDomain } from "./sections/summary.tsx";
import { FirstTaken, partHeading, ShiftedReturns } from "./sections/where-they-part.tsx";

/**
 * The whole report as an HTML document. The same data give the same bytes. Its content security policy allows the one style sheet
 * and the one script by their hashes and nothing else, so whatever a name or an evidence text holds can neither run nor fetch.
 *
 * @example writeFileSync("report.html", renderReport(data));
 */
export function renderReport(data: ReportData): string {
  const script = `(${playEpisodes.toString()})(document);`;
  const policy = [
    "default-src 'none'",
    `style-src '${contentHash(styleSheet)}'`,
    `script-src '${contentHash(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>\n${renderToStaticMarkup(<Page data={data} policy={policy} script={script} />)}\n`;
}

function contentHash(text: string): string {
  return `sha256-${btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))))}`;
}

function Page({ data, policy, script }: { readonly data: ReportData; readonly policy: string; readonly script: string }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{data.title}</title>
        <style dangerouslySetInnerHTML={{ __html: styleSheet }} />
      </head>
      <body>
        <a className="skip" href="#main">
          Skip to the report
        </a>
        <header>
          <h1>{data.title}</h1>
          <p className="byline">
            {data.preset} · world {data.world} · base objective: {data.baseObjective}
          </p>
        </header>
        <Contents data={data} />
        <main id="main" tabIndex={-1}>
          <Summary data={data} />
          {data.agents.length > 0 && <Body data={data} />}
          <Limits data={data} />
          <HowItWasMade data={data} />
        </main>
        <footer>Made by Mesascope {data.codeVersion}. This file is complete: it opens from disk and loads nothing.</footer>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
}

function Body({ data }: { readonly data: ReportData }) {
  const domain = weightDomain(data.agents);
  return (
    <>
      {hasCurves(data) && <TrainingCurves data={data} />}
      {data.agents.length > 1 && <EquivalenceTest data={data} />}
      <ShiftedReturns data={data} />
      <FirstTaken data={data} />
      <section aria-labelledby="agents">
        <h2 id="agents">Agent by agent</h2>
        {data.agents.map((agent, index) => (
          <AgentSection
            key={index}
            agent={agent}
            index={index}
            weightDomain={domain}
            words={data.words}
            sharedLimits={data.limits}
          />
        ))}
      </section>
    </>
  );
}

function Contents({ data }: { readonly data: ReportData }) {
  const always = [
    ["limits", "Limits"],
    ["made", "How this was made"],
  ] as const;
  const results = [
    ["shows", "What it shows"],
    ...(hasCurves(data) ? [["curves", "Training curves"] as const] : []),
    ...(data.agents.length > 1 ? [["equivalence", "Equivalence"] as const] : []),
    ["shifts", partHeading(data)],
    ["first-taken", "What comes first"],
    ...data.agents.map((agent, index) => [`agent-${index}`, `Agent ${agent.organism}`] as const),
  ] as const;
  const links = [["answer", "The answer"] as const, ...(data.agents.length > 0 ? results : []), ...always];
  return (
    <nav className="contents" aria-label="Contents">
      <ul>
        {links.map(([id, name]) => (
          <li key={id}>
            <a href={`#${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
