// A league in full: how every auditor did, of the parts that its page in a file is made of, and what each said of each organism.

import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import type { LeagueDocument } from "../../../core/league/league-document.ts";
import type { KeptResult } from "../../../lab/kept.ts";
import { formatSeconds } from "../../../report/charts/format.ts";
import { AuditorSection } from "../../../report/league/auditor-section.tsx";
import { LeagueLimits, LeagueResults } from "../../../report/league/league-results.tsx";
import { leagueStyle } from "../../../report/league/league-style.ts";
import { problemOf } from "../../api/lab-client.ts";
import { RefusedWord } from "../../app/refused-search.tsx";
import { useKeptResults } from "../../app/use-kept-results.ts";
import { Button } from "../../components/button.tsx";
import { Segments } from "../../components/segments.tsx";
import { Select } from "../../components/select.tsx";
import { offerFile } from "../../views/verdict/offer-file.ts";
import { ReportParts } from "../../views/verdict/report-parts.tsx";
import { dateTime } from "../../views/words.ts";
import { AnswersTable } from "./answers-table.tsx";
import type { LeagueSearch } from "./league-search.ts";

const route = getRouteApi("/league/$name");

interface LeagueReportProps {
  readonly league: KeptResult;
  readonly document: LeagueDocument;
}

export function LeagueReport({ league, document }: LeagueReportProps): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback(
    (part: Partial<LeagueSearch>, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...part }), resetScroll: false, replace }),
    [navigate],
  );
  const levels = document.budgets.find((each) => String(each) === search.levels) ?? document.budgets.at(-1)!;
  // The parts quote the largest budget there is.
  const quoted = useMemo(() => upTo(document, levels), [document, levels]);
  const index = Math.max(
    0,
    document.auditors.findIndex(({ name }) => name === search.auditor),
  );
  const entry = quoted.auditors[index]!;
  return (
    <article className="page league-page">
      <p className="run-path">
        <Link to="/league">Leagues</Link>
      </p>
      <header className="league-head">
        <div>
          <h1>{document.population.name}</h1>
          <p className="quiet numeric">
            {document.auditors.length} auditors, blind, on {document.population.organisms} sealed organisms · seed {document.seed}{" "}
            · kept {dateTime(league.at)}
          </p>
        </div>
        <LeagueFiles league={league} />
      </header>
      <RefusedWord name="levels" given={search.levels} known={document.budgets.map(String)} />
      <RefusedWord name="auditor" given={search.auditor} known={document.auditors.map(({ name }) => name)} />
      {document.budgets.length > 1 && (
        <div className="league-budget">
          <span aria-hidden="true" className="select-label">
            Levels per measurement
          </span>
          <Segments
            label="Levels per measurement"
            value={String(levels)}
            choices={document.budgets.map((each) => ({ value: String(each), label: String(each) }))}
            onChange={(value) => change({ levels: value === String(document.budgets.at(-1)) ? "" : value })}
          />
        </div>
      )}
      <ReportParts style={leagueStyle}>
        <LeagueResults
          document={quoted}
          nameOf={(auditor) => (
            <Link to="/league/$name" params={{ name: league.name }} search={{ ...search, auditor }} hash="auditors">
              {auditor}
            </Link>
          )}
        />
        <section aria-labelledby="auditors">
          <h2 id="auditors">Auditor by auditor</h2>
          <Select
            label="Auditor"
            value={entry.name}
            choices={document.auditors.map(({ name }) => ({ value: name, label: name }))}
            onChange={(auditor) => change({ auditor: auditor === document.auditors[0]!.name ? "" : auditor })}
          />
          <AuditorSection key={`${entry.name} ${levels}`} entry={entry} index={index} />
        </section>
        <AnswersTable
          league={league}
          document={document}
          auditor={entry.name}
          levels={levels}
          search={search}
          onSearch={change}
        />
        <LeagueLimits />
        <HowItWasMade document={document} />
      </ReportParts>
    </article>
  );
}

function upTo(document: LeagueDocument, levels: number): LeagueDocument {
  return {
    ...document,
    budgets: document.budgets.filter((each) => each <= levels),
    auditors: document.auditors.map((entry) => ({
      ...entry,
      results: entry.results.filter((result) => result.levels <= levels),
    })),
  };
}

const takenFiles = [
  ["league.json", "Scores, JSON", "application/json"],
  ["league.csv", "Answers, CSV", "text/csv"],
  ["league.html", "Page, HTML", "text/html"],
  ["league.svg", "Summary, SVG", "image/svg+xml"],
] as const;

function LeagueFiles({ league }: { readonly league: KeptResult }): ReactNode {
  const kept = useKeptResults();
  const [problem, setProblem] = useState<string | null>(null);
  const take = (file: string, type: string) => {
    setProblem(null);
    kept.text({ kind: "league", name: league.name, file }, new AbortController().signal).then(
      (text) => offerFile(file.replace("league", `league-${league.name}`), new Blob([text], { type })),
      (error: unknown) => setProblem(problemOf(error).message),
    );
  };
  return (
    <div className="league-files">
      {takenFiles
        .filter(([file]) => league.files[file] !== undefined)
        .map(([file, label, type]) => (
          <Button key={file} onPress={() => take(file, type)}>
            {label}
          </Button>
        ))}
      <p role="status" className="bad">
        {problem}
      </p>
    </div>
  );
}

function HowItWasMade({ document }: { readonly document: LeagueDocument }): ReactNode {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Command", <code key="command">{document.command}</code>],
    ["Verdicts, sealed before any label was opened", <code key="verdicts">{document.verdictsSha256}</code>],
    ["Labels, each verified against its seal", <code key="labels">{document.population.labelsSha256}</code>],
    ["Code version", <code key="code">{document.codeVersion}</code>],
    ["Machine", document.machine],
    ["Time of this run", formatSeconds(document.seconds)],
  ];
  return (
    <section aria-labelledby="made">
      <h2 id="made">How this was made</h2>
      <dl className="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
