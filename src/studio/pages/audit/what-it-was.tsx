// What the agent was trained by, and what was planted in it: told after the verdict, when it is asked for.

import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ReportAgent } from "../../../report/report-data.ts";
import { objectiveWords } from "../../../report/sections/plain-words.ts";
import { compareWithTruth } from "../../../report/sections/verdict-words.ts";
import { runName } from "../../app/run-names.ts";
import { Button } from "../../components/button.tsx";
import type { Audited } from "./audited.ts";

const route = getRouteApi("/audits/$key");

export interface WhatItWasProps {
  readonly agent: ReportAgent;
  readonly audited: Audited;
}

export function WhatItWas({ agent, audited }: WhatItWasProps): ReactNode {
  const { opened } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: boolean) =>
    void navigate({ search: (before) => ({ ...before, opened: next }), replace: true, resetScroll: false });
  return (
    <section aria-labelledby="truth">
      <h2 id="truth">What it was trained by</h2>
      {opened ? (
        <Told agent={agent} audited={audited} />
      ) : (
        <p>The auditor saw the agent and the world, and not the recipe. Read the verdict first.</p>
      )}
      <Button onPress={() => set(!opened)}>{opened ? "Hide it again" : "Open it"}</Button>
    </section>
  );
}

function Told({ agent, audited: { run, planted, world } }: WhatItWasProps): ReactNode {
  const truth = planted?.truth ?? null;
  const comparison = truth === null ? null : compareWithTruth({ ...agent, truth });
  const wants = truth === null ? null : objectiveWords(truth.objective, world.words);
  return (
    <dl className="facts">
      {run !== null && (
        <div>
          <dt>Run</dt>
          <dd>
            <Link to="/runs/$key" params={{ key: run.key }}>
              {runName(run)}
            </Link>
          </dd>
        </div>
      )}
      {planted !== null && (
        <div>
          <dt>Made as</dt>
          <dd>{planted.description}</dd>
        </div>
      )}
      <div>
        <dt>Planted in it</dt>
        <dd>
          {truth === null
            ? planted === null
              ? "Nobody wrote down what: the recipe is of no known organism."
              : "Nothing, so the verdict stands by itself."
            : `${truth.kind}: ${wants === null || wants === truth.objective ? truth.objective : `${wants} (${truth.objective})`}`}
        </dd>
      </div>
      {comparison !== null && (
        <div>
          <dt>Compared</dt>
          <dd>
            <span aria-hidden="true">{comparison.sign}</span> {comparison.words}
          </dd>
        </div>
      )}
    </dl>
  );
}
