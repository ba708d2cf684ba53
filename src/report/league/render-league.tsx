// The league's document → one HTML file that opens from disk and loads nothing.

import type { LeagueDocument } from "../../core/league/league-document.ts";
import { formatSeconds } from "../charts/format.ts";
import { pictureScript } from "../page/picture-script.ts";
import { type ContentsLink, HowItWasMade, renderPage } from "../page/render-page.tsx";
import { styleSheet } from "../page/style-sheet.ts";
import { AuditorSection, Mistakes } from "./auditor-section.tsx";
import { LeagueLimits, LeagueResults } from "./league-results.tsx";
import { leagueStyle } from "./league-style.ts";
import { quotedScores } from "./share-text.ts";

/** The league as an HTML document, see `renderPage`. The same document gives the same bytes. */
export function renderLeague(document: LeagueDocument): string {
  const { auditors, population, seed, codeVersion } = document;
  return renderPage({
    title: `League: ${population.name}`,
    byline: `${auditors.length} auditors, blind, on ${population.organisms} sealed organisms · seed ${seed}`,
    ...{ skipTo: "the results", contents: contentsOf(document), codeVersion },
    ...{ style: `${styleSheet}${leagueStyle}`, script: pictureScript },
    main: (
      <>
        <LeagueResults document={document} />
        <section aria-labelledby="auditors">
          <h2 id="auditors">Auditor by auditor</h2>
          {auditors.map((entry, index) => (
            <AuditorSection key={entry.name} entry={entry} index={index}>
              <Mistakes mistakes={quotedScores(entry).mistakes} name={entry.name} isOpen={index === 0} />
            </AuditorSection>
          ))}
        </section>
        <LeagueLimits />
        <HowItWasMade facts={factsOf(document)} />
      </>
    ),
  });
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
