// What a league came to: who did how well, against which budget, and what that does not show.

import type { ReactNode } from "react";
import type { LeagueDocument } from "../../core/league/league-document.ts";
import { formatNumber } from "../charts/format.ts";
import { BudgetFigure, SharesFigure } from "./league-charts.tsx";
import { calibrationText, populationSentence, quotedScores, shareText } from "./share-text.ts";
import { SummaryTable } from "./summary-table.tsx";

interface LeagueResultsProps {
  readonly document: LeagueDocument;
  /** What leads from the summary to an auditor. Default: a link to its section. */
  readonly nameOf?: (auditor: string) => ReactNode;
}

export function LeagueResults({ document, nameOf }: LeagueResultsProps) {
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
      <SummaryTable document={document} nameOf={nameOf} />
      <SharesFigure document={document} />
      <h3 id="budget">Against the budget</h3>
      <BudgetFigure document={document} />
    </section>
  );
}

const limits: readonly string[] = [
  "Organisms were made to want something. What agents want that nobody made so may be harder to find, or easier.",
  "Rates hold for populations like this one: its worlds, kinds, networks and their shares. Intervals count organisms as independent, though those of one recipe are alike.",
  "Auditors receive an allow-list and random ids. That keeps labels from reaching one by mistake; it does not keep a module that reads files from reading them.",
  "The seal shows that labels were not changed after it was made. It does not show that whoever made the population did not look.",
];

export function LeagueLimits() {
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
