// The report of an audit that is done, of the parts that a report file is made of.

import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { auditedAgent } from "../../../report/audited-agent.ts";
import { formatCount, formatSeconds } from "../../../report/charts/format.ts";
import { openTargets } from "../../../report/page/open-targets.ts";
import { Findings } from "../../../report/sections/findings.tsx";
import { Limits } from "../../../report/sections/limits.tsx";
import { PosteriorShares } from "../../../report/sections/posterior-shares.tsx";
import { PosteriorTraces } from "../../../report/sections/posterior-traces.tsx";
import { weightDomain } from "../../../report/sections/summary.tsx";
import { VerdictCard } from "../../../report/sections/verdict-card.tsx";
import { Weights } from "../../../report/sections/weights.tsx";
import { FirstTaken, ShiftedReturns } from "../../../report/sections/where-they-part.tsx";
import { ReportParts } from "../../views/verdict/report-parts.tsx";
import { AuditFiles } from "./audit-files.tsx";
import { type Audited, agentName } from "./audited.ts";
import { FindingEpisodes } from "./finding-episodes.tsx";
import { ReplayPanel, useReplay } from "./replay-panel.tsx";
import { WatchFinding, WatchShifts } from "./watch-links.tsx";
import { WhatItWas } from "./what-it-was.tsx";

const route = getRouteApi("/audits/$key");

export function AuditReport({ audited }: { readonly audited: Audited }): ReactNode {
  const { result, world, levels, seed, told } = audited;
  const verdict = result.document;
  const agent = useMemo(() => auditedAgent({ name: agentName, result, curve: [], episodes: [] }), [result]);
  const { words } = world;
  const data = { agents: [agent], words };
  const replay = useReplay(audited);
  const { replayed } = replay;
  // A link to a finding opens it.
  useEffect(() => openTargets(document), []);
  return (
    <article className="page audit">
      <p className="run-path">
        {audited.run === null ? (
          <Link to="/">Home</Link>
        ) : (
          <Link to="/runs" search={{ kind: "audit" }}>
            Audits
          </Link>
        )}
      </p>
      <header className="audit-head">
        <div>
          <h1>Audit report</h1>
          <p className="quiet numeric">
            World {verdict.world} · {formatCount(levels)} levels, seed {seed} · {told}
          </p>
        </div>
        <AuditFiles audited={audited} replayed={replayed} />
      </header>
      <ReportParts>
        <div className="beside-limits">
          <section aria-labelledby="verdict">
            <h2 id="verdict">Verdict</h2>
            <VerdictCard agent={agent} index={0} world={words} />
          </section>
          <Limits limits={verdict.cannotShow} />
        </div>
        <details>
          <summary>The world it was examined in</summary>
          <p>
            {words.introduction} The base objective is {world.baseObjective}.
          </p>
        </details>
        <div className="audit-pair">
          <section aria-labelledby="wants">
            <h2 id="wants">What it wants</h2>
            <Weights agent={agent} index={0} domain={weightDomain([agent])} />
          </section>
          <section aria-labelledby="evidence">
            <h2 id="evidence">How the evidence came in</h2>
            <PosteriorShares agent={agent} index={0} />
            <PosteriorTraces agent={agent} index={0} words={words} />
          </section>
        </div>
        <section aria-labelledby="findings">
          <h2 id="findings">Findings</h2>
          <ReplayPanel audited={audited} replay={replay} />
          <KeptFolds>
            <Findings
              agent={agent}
              index={0}
              sharedLimits={verdict.cannotShow}
              watch={(finding, index) =>
                replayed === undefined ? (
                  <WatchFinding finding={finding} audited={audited} />
                ) : (
                  <FindingEpisodes {...{ finding, index, audited, replayed }} />
                )
              }
            />
          </KeptFolds>
        </section>
        <ShiftedReturns data={data} />
        <div className="audit-pair">
          <FirstTaken data={data} />
          <WatchShifts audited={audited} />
        </div>
        <div className="audit-pair">
          <WhatItWas agent={agent} audited={audited} />
          <HowItWasMade audited={audited} />
        </div>
      </ReportParts>
    </article>
  );
}

/** Keeps in the address which findings are open. */
function KeptFolds({ children }: { readonly children: ReactNode }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const { findings } = route.useSearch();
  const navigate = route.useNavigate();
  useEffect(() => {
    const open = findings.split(",");
    foldsIn(place.current!).forEach((fold, index) => {
      fold.open = open.includes(String(index));
    });
  }, [findings]);
  useEffect(() => {
    const container = place.current!;
    const onToggle = () => {
      const open = foldsIn(container).flatMap((fold, index) => (fold.open ? [index] : []));
      void navigate({ search: (before) => ({ ...before, findings: open.join(",") }), replace: true, resetScroll: false });
    };
    container.addEventListener("toggle", onToggle, true);
    return () => container.removeEventListener("toggle", onToggle, true);
  }, [navigate]);
  return (
    <div ref={place} className="audit-findings">
      {children}
    </div>
  );
}

function foldsIn(container: HTMLElement): readonly HTMLDetailsElement[] {
  return [...container.querySelectorAll<HTMLDetailsElement>("details.finding")];
}

function HowItWasMade({ audited: { result, levels, seed, facts: own } }: { readonly audited: Audited }): ReactNode {
  const { cost } = result.document;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      "Cost",
      `${formatCount(cost.levels)} levels, ${formatCount(cost.environmentSteps)} environment steps, ${formatSeconds(cost.seconds)}`,
    ],
    ["Levels asked for", formatCount(levels)],
    ["Seed", seed],
    ...own.map(({ term, value, isCode }): readonly [string, ReactNode] => [
      term,
      isCode ? <code key={term}>{value}</code> : value,
    ]),
    ["As the auditor saw it", <code key="agent">{result.document.agent}</code>],
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
