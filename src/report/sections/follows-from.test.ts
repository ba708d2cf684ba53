// Numbers of the verdict lead to their findings, whose anchors are there.

import { describe, expect, it } from "vitest";
import { renderReport } from "../render-report.tsx";
import { makeReport } from "../report.fixture.ts";

const report = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 2 });
const html = renderReport(report).replaceAll("<!-- -->", "");
const agents = html.split('<section class="agent"').slice(1);

describe("a report's numbers", () => {
  it("lead from confidence, weights and posterior to findings of the same agent, by number", () => {
    const [, conditional] = agents;
    expect(conditional).toMatch(
      /94%\s*<small>by <span class="finding-links">findings <a href="#finding-1-0"[^>]*><[^>]*>finding <\/span>1<\/a>/,
    );
    expect(conditional).toMatch(
      /<p class="follows">Follows from .*href="#finding-1-1".*\(lamp at training\).*\(lamp at deployment\)\.<\/p>/,
    );
    expect(agents[0]).toMatch(/<p class="follows">Follows from .*href="#finding-0-1"[^(]*\.<\/p>/);
  });

  it("lead from the returns to what was concluded from them", () => {
    const [returns] = html.split('id="first-taken"');
    expect(returns).toMatch(/B: .*href="#finding-1-3".*\(training\).*href="#finding-1-4".*\(the other distributions\)/);
  });

  it("lead nowhere that is not there, and each anchor is there once", () => {
    const ids = [...html.matchAll(/ id="(finding-[^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(report.agents.reduce((sum, { audit }) => sum + audit.findings.length, 0));
    for (const [, to] of html.matchAll(/href="#(finding-[^"]+)"/g)) expect(ids).toContain(to);
  });

  it("stand beside what they cannot show, before any agent's part", () => {
    const place = (text: string) => html.indexOf(text);
    expect(place('id="answer"')).toBeLessThan(place('id="limits"'));
    expect(place('id="limits"')).toBeLessThan(place('id="shows"'));
    expect(html.match(/id="limits"/g)).toHaveLength(1);
  });
});
