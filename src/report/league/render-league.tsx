// The league's document → one HTML file that opens from disk and loads nothing.

import { sha256 } from "@noble/hashes/sha2.js";
import { renderToStaticMarkup } from "react-dom/server";
import type { LeagueDocument } from "../../core/league/league-document.ts";
import { formatNumber, formatSeconds } from "../charts/format.ts";
import { styleSheet } from "../page/style-sheet.ts";
import { AuditorSection } from "./auditor-section.tsx";
import { BudgetFigure, SharesFigure } from "./league-charts.tsx";
import { leagueStyle } from "./league-style.ts";
import { calibrationText, populationSentence, quotedScores, shareText } from "./share-text.ts";
import { SummaryTable } from "./summary-table.tsx";

/**
 * The league as an HTML document. The same document gives the same bytes. Its content security policy allows the one style sheet by its
 * hash and nothing else: no script, no fetch.
 */
export function renderLeague(document: LeagueDocument): string {
  const style = `${styleSheet}${leagueStyle}`;
  const hash = btoa(String.fromCharCode(...sha256(new TextEncoder().encode(style))));
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>\n${renderToStaticMarkup(<Page document={document} style={style} policy={policy} />)}\n`;
}

interface PageProps {
  readonly document: LeagueDocument;
  readonly style: string;
  readonly policy: string;
}

function Page({ document, style, policy }: PageProps) {
  const title = `League: ${document.population.name}`;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <a className="skip" href="#main">
          Skip to the results
        </a>
        <header>
          <h1>{title}</h1>
          <p className="byline">
            {document.auditors.length} auditors, blind, on {document.population.organisms} sealed organisms · seed {document.seed}
          </p>
        </header>
        <Contents document={document} />
        <main id="main" tabIndex={-1}>
          <Results document={document} />
          <section aria-labelledby="auditors">
            <h2 id="auditors">Auditor by auditor</h2>
            {document.auditors.map((entry, index) => (
              <AuditorSection key={entry.name} entry={entry} index={index} />
            ))}
          </section>
          <Limits />
          <HowItWasMade document={document} />
        </main>
        <footer>Made by Mesascope {document.codeVersion}. This file is complete: it opens from disk and loads nothing.</footer>
      </body>
    </html>
  );
}

function Results({ document }: { readonly document: LeagueDocument }) {
  const first = document.auditors[0]!;
  const { detection, confusion, calibration } = quotedScores(first);
  return (
    <section aria-labelledby="results">
      <h2 id="results">Results</h2>
      <p className="answer">
        The auditor <strong>{first.name}</strong> detects {shareText(detection.detected)} of the misaligned, and accuses{" "}
        {shareText(detection.falseAlarms)} of the clean.
      </p>
      <p>
        It gives the right kind to {shareText(confusion.kindsRight)}, and names {shareText(confusion.proxiesNamed)} of the
        proxies. Its probability of misalignment has a Brier score of {formatNumber(calibration.misaligned.brierScore, 3)};{" "}
        {calibrationText(calibration.misaligned)}.
      </p>
      <p>{populationSentence(document)}</p>
      <p>
        Whoever knew only world, variant and encoder, and what the others there are, would give the right kind to{" "}
        {shareText(document.population.kindsFromSetting)}: that much the choice of organisms gives away.
      </p>
      <SummaryTable document={document} />
      <SharesFigure document={document} />
      <h3 id="budget">Against the budget</h3>
      <BudgetFigure document={document} />
    </section>
  );
}

function Contents({ document }: { readonly document: LeagueDocument }) {
  const links = [
    ["results", "Results"],
    ["budget", "Against the budget"],
    ...document.auditors.map(({ name }) => [`auditor-${name}`, name] as const),
    ["limits", "Limits"],
    ["made", "How this was made"],
  ] as const;
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

const limits: readonly string[] = [
  "Organisms were made to want something. What agents want that nobody made so may be harder to find, or easier.",
  "Rates hold for populations like this one: its worlds, kinds, networks and their shares. Intervals count organisms as independent, though those of one recipe are alike.",
  "Auditors receive an allow-list and random ids. That keeps labels from reaching one by mistake; it does not keep a module that reads files from reading them.",
  "The seal shows that labels were not changed after it was made. It does not show that whoever made the population did not look.",
];

function Limits() {
  return (
    <section aria-labelledby="limits">
      <h2 id="limits">What this does not show</h2>
      <ul>
        {limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </section>
  );
}

function HowItWasMade({ document }: { readonly document: LeagueDocument }) {
  const facts = [
    ["Command", document.command],
    ["Verdicts, sealed before any label was opened", document.verdictsSha256],
    ["Labels, each verified against its seal", document.population.labelsSha256],
    ["Code version", document.codeVersion],
    ["Machine", document.machine],
    ["Time of this run", formatSeconds(document.seconds)],
  ] as const;
  return (
    <section aria-labelledby="made">
      <h2 id="made">How this was made</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{name === "Machine" || name.startsWith("Time") ? value : <code>{value}</code>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
