// Runs beside each other: in what their recipes differ, and what the groups that differ in more than the seed reached.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useCallback } from "react";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { usePageTitle } from "../../app/page-title.ts";
import { loadScript } from "../../app/script-missing.ts";
import { Button } from "../../components/button.tsx";
import { useKeptFocus } from "../../components/kept-focus.ts";
import { Notice } from "../../components/notice.tsx";
import { Failed } from "../../views/failed.tsx";
import { isJobKey, noKeyWords } from "../../views/job-key.ts";
import { useFilterCheck } from "../runs/filter-check.ts";
import { FilterField } from "../runs/filter-field.tsx";
import { type CompareSearch, chosenKeys, comparedFilter, wordsThatAreNoKeys } from "./compare-search.ts";
import { ComparisonTable } from "./comparison-table.tsx";
import { MetricFigures } from "./metric-figures.tsx";
import "./compare.css";

const route = getRouteApi("/compare");
/** Words that are no keys, told one by one. */
const mostTold = 5;
const LearningCurves = lazy(async () => ({
  default: (await loadScript(() => import("./learning-curves.tsx"))).LearningCurves,
}));

export function ComparePage(): ReactNode {
  usePageTitle("Compare");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const check = useFilterCheck();
  const change = useCallback(
    (part: Partial<CompareSearch>) => void navigate({ search: (before) => ({ ...before, ...part }), resetScroll: false }),
    [navigate],
  );
  // It takes the place of words that are no keys.
  const onFilter = useCallback((filter: string) => change({ runs: "", filter, baseline: "" }), [change]);
  const keys = chosenKeys(search);
  const filter = comparedFilter(search);
  const others = wordsThatAreNoKeys(search);
  const keptFocus = useKeptFocus<HTMLDivElement>(keys.length > 0, "input");
  return (
    <div className="page compare" {...keptFocus}>
      <h1>Compare</h1>
      {keys.length > 0 ? (
        <p className="compare-chosen">
          <span className="numeric">{keys.length === 1 ? "1 job" : `${keys.length} jobs`} chosen in the run table.</span>
          <Button onPress={() => change({ runs: "", baseline: "" })}>Choose by a filter</Button>
        </p>
      ) : (
        <FilterField check={check} filter={search.filter} onFilter={onFilter} />
      )}
      {others.length > 0 && (
        <Notice title={others.length === 1 ? "This is no key" : "These are no keys"} heading="h2" tone="bad">
          {others.slice(0, mostTold).map((word) => (
            <p key={word}>{noKeyWords(word, "a run")}</p>
          ))}
          {others.length > mostTold && <p>And {others.length - mostTold} more.</p>}
          <p>
            <Link to="/runs">The run table</Link> has the keys: select runs there and press Compare.
          </p>
        </Notice>
      )}
      {search.baseline !== "" && !isJobKey(search.baseline) && (
        <p className="field-error" role="status">
          As a baseline, {noKeyWords(search.baseline, "a run")} The first group stands for it.
        </p>
      )}
      {filter !== null ? (
        <Compared key={filter} filter={filter} baseline={search.baseline} onBaseline={(baseline) => change({ baseline })} />
      ) : (
        others.length === 0 && (
          <Notice title="Nothing chosen yet" heading="h2">
            <p>
              Write a filter, or select runs in <Link to="/runs">the run table</Link> and press Compare. Runs that differ in
              nothing but the seed count as one group.
            </p>
          </Notice>
        )
      )}
    </div>
  );
}

interface ComparedProps {
  readonly filter: string;
  readonly baseline: string;
  readonly onBaseline: (key: string) => void;
}

function Compared({ filter, baseline, onBaseline }: ComparedProps): ReactNode {
  const { client } = useLab();
  const asked = { filter, ...(isJobKey(baseline) && { baseline }) };
  const comparison = useQuery({
    queryKey: queryKeys.comparison(asked),
    queryFn: ({ signal }) => client.compare(asked, { signal }),
    // Until the other baseline's is there, and with it the button that asked for it.
    placeholderData: keepPreviousData,
  });
  const failed = comparison.isError && (
    <Failed
      title="These could not be compared"
      error={comparison.error}
      isBeside={comparison.data !== undefined}
      onRetry={() => void comparison.refetch()}
    >
      {baseline !== "" && <Button onPress={() => onBaseline("")}>Compare with the first</Button>}
    </Failed>
  );
  if (failed && comparison.data === undefined) return failed;
  if (comparison.data === undefined) return <p className="quiet">Comparing …</p>;
  const { data } = comparison;
  if (data.groups.length === 0) {
    return (
      <Notice title="No finished run among these" heading="h2">
        <p>
          Only runs that are done can be compared.{" "}
          <Link to="/runs" search={{ kind: "all", filter }}>
            The run table
          </Link>{" "}
          shows how far these are, if there are any.
        </p>
      </Notice>
    );
  }
  return (
    <>
      {failed}
      <ComparisonTable comparison={data} filter={filter} onBaseline={onBaseline} />
      <MetricFigures comparison={data} />
      <Suspense fallback={<p className="quiet">Reading the curves …</p>}>
        <LearningCurves comparison={data} />
      </Suspense>
    </>
  );
}
