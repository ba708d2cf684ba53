import { expect, it } from "vitest";
import type { AuditEvidence } from "../evidence/audit-evidence.ts";
import { renderReport } from "../render-report.tsx";
import { makeReport } from "../report.fixture.ts";

const data = makeReport({ episodesPerAgent: 1, stepsPerEpisode: 2 });
const [agent] = data.agents;
const evidence: AuditEvidence = {
  actions: ["up", "down", "left"],
  groups: [
    {
      ...{ kind: "episodes", title: "training", shift: "training" },
      episodes: [
        {
          ...{ level: "lamp: training\n@.<c>", actions: [0, 2, 2], baseReturn: 0.5, taken: { coin: 1 } },
          first: { features: ["coin"], step: 2 },
        },
      ],
    },
    { kind: "asked", title: "lamp=deployment", levels: ["@..c"] },
  ],
  findings: agent!.audit.findings.map((_, i) => (i === 0 ? [0, 1] : i === 1 ? [0] : [])),
};
const withEvidence = renderReport({ ...data, agents: [{ ...agent!, evidence }] }).replaceAll("<!-- -->", "");

it("holds the level and every action of each episode as text, with the step at which something came", () => {
  expect(withEvidence).toContain("1 episode: training");
  expect(withEvidence).toContain("<pre>lamp: training\n@.&lt;c&gt;</pre>");
  expect(withEvidence).toContain("From step 0: up, left, left. At step 2 came coin.");
  expect(withEvidence).toContain("1 level on which it was asked: lamp=deployment");
  expect(withEvidence).not.toContain("not in this file");
});

it("holds what several findings rest on once, where the others lead", () => {
  expect(withEvidence.match(/id="evidence-0-0"/g)?.length).toBe(1);
  expect(withEvidence).toContain('<a href="#evidence-0-0">1 episode: training</a>');
});

it("says of an audit whose episodes were not kept that they are not in the file", () => {
  expect(renderReport({ ...data, agents: [agent!] })).toContain("are not in this file");
});
