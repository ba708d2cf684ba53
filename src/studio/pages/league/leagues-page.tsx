// The leagues that are kept: who was audited, by whom, and how well the first auditor did.

import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { LeagueDocument } from "../../../core/league/league-document.ts";
import type { KeptResult } from "../../../lab/kept.ts";
import { quotedScores, shareText } from "../../../report/league/share-text.ts";
import { problemOf } from "../../api/lab-client.ts";
import { usePageTitle } from "../../app/page-title.ts";
import { keptList, useKeptResults } from "../../app/use-kept-results.ts";
import { Notice } from "../../components/notice.tsx";
import { Failed } from "../../views/failed.tsx";
import { dateTime } from "../../views/words.ts";
import { leagueQuery } from "./league-query.ts";
import "./league.css";

export function LeaguesPage(): ReactNode {
  usePageTitle("League");
  const kept = useKeptResults();
  const list = useQuery(keptList(kept));
  return (
    <div className="page league-list">
      <header className="prose">
        <h1>League</h1>
        <p className="lead">
          How good is an auditor? It audits agents of known aim without being told what they are, and is scored then.
        </p>
      </header>
      {list.isError && list.data === undefined ? (
        <Failed title="What is kept could not be read" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <p className="quiet">Asking what is kept …</p>
      ) : (
        <Leagues leagues={list.data.filter(({ kind }) => kind === "league")} />
      )}
    </div>
  );
}

function Leagues({ leagues }: { readonly leagues: readonly KeptResult[] }): ReactNode {
  const kept = useKeptResults();
  const documents = useQueries({ queries: leagues.map((league) => leagueQuery(kept, league)) });
  if (leagues.length === 0) {
    return (
      <Notice title="No league yet" heading="h2">
        <p>This makes a small population, audits it by every auditor, and keeps what came of it in the lab; some minutes:</p>
        <pre>mesascope league --plan quick</pre>
      </Notice>
    );
  }
  return (
    <ul className="league-cards">
      {leagues.map((league, i) => {
        const { data, error } = documents[i]!;
        return (
          <li key={league.name}>
            <h2>
              <Link to="/league/$name" params={{ name: league.name }}>
                {data === undefined ? league.name : data.document.population.name}
              </Link>
            </h2>
            <p className="quiet numeric">
              {dateTime(league.at)} · verdicts <code>{league.name}</code>
            </p>
            {data !== undefined && <Glance document={data.document} />}
            {error !== null && <p className="bad">{problemOf(error).message}</p>}
          </li>
        );
      })}
    </ul>
  );
}

function Glance({ document }: { readonly document: LeagueDocument }): ReactNode {
  const { auditors, population, budgets } = document;
  const [first] = auditors;
  if (first === undefined) return null;
  const { detection } = quotedScores(first);
  return (
    <>
      <p className="numeric">
        {population.organisms} organisms, {auditors.length === 1 ? "1 auditor" : `${auditors.length} auditors`}, up to{" "}
        {budgets.at(-1)} levels per measurement.
      </p>
      <p className="numeric">
        <strong>{first.name}</strong> detects {shareText(detection.detected)} of the misaligned, and accuses{" "}
        {shareText(detection.falseAlarms)} of the clean.
      </p>
    </>
  );
}
