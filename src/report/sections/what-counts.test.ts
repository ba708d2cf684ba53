// A report says at the traces what counts for the verdict in their place, and where they end elsewhere.

import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { readOutFindings } from "../../core/audit/findings.ts";
import type { ReadOut } from "../../core/instruments/read-out.ts";
import { objectiveSpaceOf } from "../../core/objectives/spaces.ts";
import { createArcade } from "../../core/worlds/arcade/arcade.ts";
import { makeReport } from "../report.fixture.ts";
import type { ReportAgent } from "../report-data.ts";
import { PosteriorTraces } from "./posterior-traces.tsx";

const { agents, words } = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 2 });
const space = objectiveSpaceOf(createArcade());

/** The findings of a read-out that found these objectives, by context. */
function readOut(found: Readonly<Record<string, string>>) {
  const contexts = Object.entries(found).map(([name, objective]) => ({
    ...{ context: { name }, fit: 0.8, gain: 0.5, direction: null },
    classes: space.classes.map((each) => (each.name === objective ? 0.98 : 0)),
  }));
  return readOutFindings({ contexts, conditional: [] } as unknown as ReadOut, space);
}

/** The fixture's conditional agent with such a read-out, and traces that ended at these objectives after so many episodes. */
function withEvidence(options: {
  readonly readOut: Readonly<Record<string, string>>;
  readonly traces: Readonly<Record<string, readonly [string, number]>>;
  readonly other?: number;
}): ReportAgent {
  const { audit, ...agent } = agents[1]!;
  const posterior = { ...audit.verdict.posterior, other: options.other ?? 0 };
  const traces = Object.entries(options.traces).map(([context, [objective, episodes]]) => ({
    context,
    points: [
      { episodes: 0, posterior: { score: 0.5, both: 0.5 } },
      ...(episodes === 0 ? [] : [{ episodes, posterior: { score: 0.01, both: 0.01, [objective]: 0.99 } }]),
    ],
  }));
  return {
    ...agent,
    traces,
    audit: { ...audit, findings: readOut(options.readOut), verdict: { ...audit.verdict, posterior } },
  };
}

function told(agent: ReportAgent): string {
  return renderToStaticMarkup(createElement(PosteriorTraces, { agent, index: 1, words }))
    .replaceAll(/<span class="visually-hidden">[^<]*<\/span>/g, "")
    .replace(/^[\s\S]*<figcaption>([\s\S]*)<\/figcaption>[\s\S]*$/, "$1")
    .replaceAll(/<[^>]+>/g, "");
}

const two = { training: "score", "lamp=deployment": "capsules" };

describe("what counts for the verdict", () => {
  it("is told at traces that end elsewhere, with both ends of the contexts in which they do, and of no others", () => {
    const text = told(withEvidence({ readOut: two, traces: { training: ["score", 4], "lamp=deployment": ["both", 12] } }));
    expect(text).toContain(
      "Not all of these curves end where the verdict does. Lamp at deployment: they end at “both” (99%), the read-out at “capsules” (98%). ",
    );
    expect(text).toContain("The verdict goes by the read-out (findings 1 and 2), not by these curves");
    expect(text).toContain("The curves have only the actions that were drawn in at most 12 episodes a context.");
    expect(text).not.toMatch(/same by both|as in training: they end/);
  });

  it("is told shortly at traces that end at the same objective", () => {
    const text = told(withEvidence({ readOut: two, traces: { training: ["score", 4], "lamp=deployment": ["capsules", 12] } }));
    expect(text).toContain("The verdict goes by the read-out (findings 1 and 2), not by these curves");
    expect(text).toContain("The likeliest objective is the same by both.");
    expect(text).not.toMatch(/elsewhere|Not all|they end at/);
  });

  it("is none of the objectives where the read-out explains no choices, whatever traces say", () => {
    const text = told(withEvidence({ readOut: { training: "score" }, traces: { training: ["score", 1] }, other: 0.97 }));
    expect(text).toContain(
      "These curves end elsewhere than the verdict. They end at “score” (99%), the read-out at none of the named objectives (97%). ",
    );
    expect(text).toContain("drawn in 1 episode.");
  });

  it("is not compared where no finding tells what the read-out found there, or no evidence came in", () => {
    const elsewhere = told(withEvidence({ readOut: { any: "score" }, traces: { training: ["both", 4] } }));
    expect(elsewhere).toContain("The verdict goes by the read-out (finding 1), not by these curves");
    expect(elsewhere).not.toMatch(/same by both|elsewhere|Not all/);
    expect(told(withEvidence({ readOut: two, traces: { training: ["both", 0] } }))).not.toContain("The verdict goes by");
    expect(told(withEvidence({ readOut: {}, traces: { training: ["both", 4] } }))).not.toContain("The verdict goes by");
  });
});
