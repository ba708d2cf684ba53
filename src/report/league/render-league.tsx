// The league's document → one HTML file that opens from disk and loads nothing.

import type { LeagueDocument } from "../../core/league/league-document.ts";
import { formatNumber, formatSeconds } from "../charts/format.ts";
import { type ContentsLink, HowItWasMade, renderPage } from "../page/render-page.tsx";
import { styleSheet } from "../page/style-sheet.ts";
import { AuditorSection } from "./auditor-section.tsx";
import { BudgetFigure, SharesFigure } from "./league-charts.tsx";
import { leagueStyle } from "./league-style.ts";
import { calibrationText, populationSentence, quotedScores, shareText } from "./share-text.ts";
import { SummaryTable } from "./summary-table.tsx";

/** The league as an HTML document, without a script, see `renderPage`. The same document gives the same bytes. */
export function renderLeague(document: LeagueDocument): string {
  const { auditors, population, seed, codeVersion } = document;
  return renderPage({
    title: `League: ${population.name}`,
    byline: `${auditors.length} auditors, blind, on ${population.organisms} sealed organisms · seed ${seed}`,
    ...{ skipTo: "the results", contents: contentsOf(document), style: `${styleSheet}${leagueStyle}`, codeVersion },
    main: (
      <>
        <Results document={document} />
        <section aria-labelledby="auditors">
          <h2 id="auditors">Auditor by auditor</h2>
          {auditors.map((entry, index) => (
            <AuditorSection key={entry.name} entry={entry} index={index} />
          ))}
        </section>
        <Limits />
        <HowItWasMade facts={factsOf(document)} />
      </>
    ),
  });
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

function contentsOf({ auditors }: LeagueDocument): readonly ContentsLink[] {
  return [
    ["results", "Results"],
    ["budget", "Against the budget"],
    ...auditors.map(({ name }) => [`auditor-${name}`, name] as const),
    ["limits", "Limits"],
    ["made", "How this was made"],
  ];
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

function factsOf(document: LeagueDocument) {
  return [
    ["Command", document.command, "code"],
    ["Verdicts, sealed before any label was opened", document.verdictsSha256, "code"],
    ["Labels, each verified against its seal", document.population.labelsSha256, "code"],
    ["Code version", document.codeVersion, "code"],
    ["Machine", document.machine, "words"],
    ["Time of this run", formatSeconds(document.seconds), "words"],
  ] as const;
}
