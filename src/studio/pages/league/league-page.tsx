// A league that is kept. What it is drawn by knows all worlds and is heavy: it comes while the document does.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { usePageTitle } from "../../app/page-title.ts";
import { loadScript } from "../../app/script-missing.ts";
import { keptList, useKeptResults } from "../../app/use-kept-results.ts";
import { Notice } from "../../components/notice.tsx";
import { Failed } from "../../views/failed.tsx";
import { Reading } from "../../views/reading.tsx";
import { leagueQuery } from "./league-query.ts";
import "./league.css";

const route = getRouteApi("/league/$name");

const LeagueReport = lazy(async () => ({ default: (await loadScript(() => import("./league-report.tsx"))).LeagueReport }));

export function LeaguePage(): ReactNode {
  usePageTitle("League");
  const { name } = route.useParams();
  const kept = useKeptResults();
  const list = useQuery(keptList(kept));
  const league = list.data?.find((each) => each.kind === "league" && each.name === name);
  const document = useQuery({ ...leagueQuery(kept, { name, at: league?.at ?? "" }), enabled: league !== undefined });
  const failed = list.data === undefined ? list : document;
  const others = (
    <p>
      <Link to="/league">All leagues</Link>
    </p>
  );
  if (failed.error !== null) {
    return (
      <Failed title="The league could not be read" heading="h1" error={failed.error} onRetry={() => void failed.refetch()}>
        {others}
      </Failed>
    );
  }
  if (list.data !== undefined && league === undefined) {
    return (
      <Notice title="There is no such league" tone="bad">
        <p>No league is kept as {name}.</p>
        {others}
      </Notice>
    );
  }
  const reading = <Reading title="League">Reading the league …</Reading>;
  if (league === undefined || document.data === undefined) return reading;
  return (
    <Suspense fallback={reading}>
      <LeagueReport league={league} document={document.data.document} />
    </Suspense>
  );
}
