// A finding says what it measured, and opens its null, interval, threshold and evidence.

import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ChartTools } from "../charts/figure.tsx";
import { makeReport } from "../report.fixture.ts";
import { Findings } from "./findings.tsx";

const agent = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 2 }).agents[1]!;
const folds = renderToStaticMarkup(createElement(Findings, { agent, index: 0, sharedLimits: [] }))
  .split(/<details class="finding" id="finding-0-\d+">/)
  .slice(1);

describe("the findings of an audit", () => {
  it("are a fold each, in their order, with the number, its interval and the outcome in sight", () => {
    expect(folds).toHaveLength(agent.audit.findings.length);
    const [sight] = folds[0]!.split("</summary>");
    expect(sight).toContain("context-test");
    expect(sight).toContain("✗ not met");
    expect(sight).toMatch(/0\.900.*\[0\.830, 0\.970\]/);
  });

  it("open their null, threshold and evidence, and a chart of them", () => {
    const opened = folds[0]!.slice(folds[0]!.indexOf("</summary>"));
    for (const told of ["0.060, placebo cue, 99th percentile", "at most 0.100", "200 matched pairs"])
      expect(opened).toContain(told);
    expect(opened).toContain("<svg");
  });

  it("have no chart where the instrument could not be run, and say so", () => {
    expect(folds[2]).toContain("not run");
    expect(folds[2]).toContain("Not run: the preset quick leaves it out.");
    expect(folds[2]).not.toContain("<svg");
  });

  it("have below each chart what a page adds there, given its numbers", () => {
    const page = createElement(
      ChartTools.Provider,
      { value: ({ caption, rows }) => createElement("output", null, `${rows.length} rows of ${caption}`) },
      createElement(Findings, { agent, index: 0, sharedLimits: [] }),
    );
    expect(renderToStaticMarkup(page)).toContain("<output>3 rows of difference in coin-first share");
  });
});
