import { Script } from "node:vm";
import { describe, expect, test } from "vitest";
import { csvRows } from "./charts/csv-text.ts";
import { renderReport } from "./render-report.tsx";
import { makeReport } from "./report.fixture.ts";
import type { ReportAgent, ReportData } from "./report-data.ts";

const report = makeReport({ episodesPerAgent: 3, stepsPerEpisode: 12 });
const html = renderReport(report);
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

function withFirstAgent(change: Partial<ReportAgent>): ReportData {
  const [first, ...rest] = report.agents;
  return { ...report, agents: [{ ...first!, ...change }, ...rest] };
}

describe("the document", () => {
  test("loads nothing: no address, no source, no import, and a policy that forbids them", () => {
    expect(html).not.toMatch(/https?:|\/\/[a-z]/i);
    expect(html).not.toMatch(/\ssrc=|<link|<iframe|@import|(?<![a-z])url\(/i);
    for (const [, address] of html.matchAll(/href="([^"]*)"/g))
      expect(address).toMatch(/^(#|data:(text\/csv|application\/json);)/);
    expect(html).toContain(`http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;`);
    expect(html).not.toContain("unsafe");
  });

  test("allows its one script and its one style sheet by the hashes of exactly their text", async () => {
    for (const tag of ["script", "style"]) {
      const bodies = [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))];
      expect(bodies).toHaveLength(1);
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(bodies[0]![1]));
      expect(html).toContain(`${tag}-src &#x27;sha256-${Buffer.from(digest).toString("base64")}&#x27;`);
    }
    expect(html).not.toMatch(/\sstyle="|\son[a-z]+="/);
  });

  test("has one of each landmark, one main heading, and no skipped heading level", () => {
    for (const tag of ["header", "nav", "main", "footer", "h1"]) expect(count(html, new RegExp(`<${tag}[ >]`, "g"))).toBe(1);
    const levels = [...html.matchAll(/<h([1-6])[ >]/g)].map((match) => Number(match[1]));
    for (const [index, level] of levels.slice(1).entries()) expect(level - levels[index]!).toBeLessThanOrEqual(1);
    expect(html).toContain(`<a class="skip" href="#main">`);
    expect(html).toContain(`<html lang="en">`);
  });

  test("uses every id once, and every reference to an id has its target", () => {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...html.matchAll(/(?:aria-labelledby="|aria-describedby="|href="#)([^"]+)"/g)].map((match) => match[1]);
    for (const reference of references) expect(ids).toContain(reference);
  });

  test("is the same for the same data, and small enough to mail", () => {
    expect(renderReport(report)).toBe(html);
    expect(renderReport(makeReport()).length).toBeLessThan(3_000_000);
  });
});

test("every number that is read has a true minus sign, in charts and tables and in what findings say of themselves", () => {
  const { audit, shifts } = report.agents[0]!;
  const turned = audit.findings.map((finding) => ({ ...finding, statistic: -0.25, evidence: "direction -21° (coin 0°)." }));
  const lost = shifts.map((shift) => ({ ...shift, baseReturn: -1.5, baseLow: -1.75, baseHigh: -1.25, features: { red: -2 } }));
  const document = renderReport(withFirstAgent({ audit: { ...audit, findings: turned }, shifts: lost }));
  const texts = [...document.replaceAll(/<(script|style)>[\s\S]*?<\/\1>/g, "").matchAll(/>([^<]+)</g)].map(([, text]) => text!);
  expect(texts.filter((text) => /(^|[\s([])-[\d.]/.test(text))).toEqual([]);
  for (const text of ["−1.50", "direction −21°"]) expect(texts.some((each) => each.includes(text))).toBe(true);
});

test("a loss above 100% is told beside what random actions lose, and elsewhere nothing is", () => {
  const { audit } = report.agents[0]!;
  const verdict = { ...audit.verdict, explanation: "It loses 119% of what was meant." };
  expect(renderReport(withFirstAgent({ audit: { ...audit, verdict } }))).toContain("119% (random actions lose 100%) of what");
  expect(html).not.toContain("random actions lose");
});

describe("the charts", () => {
  test("each has pictures with a name and a description, a caption and a data table with rows", () => {
    const figures = [...html.matchAll(/<figure[\s\S]*?<\/figure>/g)].map((match) => match[0]);
    const measured = report.agents.flatMap(({ audit }) => audit.findings.filter(({ statistic }) => statistic !== null));
    expect(figures).toHaveLength(5 + 3 * report.agents.length + measured.length);
    for (const figure of figures) {
      const pictures = count(figure, /<svg /g);
      expect(pictures).toBeGreaterThan(0);
      expect(count(figure, /<svg role="img" aria-labelledby="[^"]+" aria-describedby="[^"]+"/g)).toBe(pictures);
      expect(count(figure, /<title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/g)).toBe(pictures);
      expect(figure).toMatch(/<figcaption>[^<]+/);
      expect(figure).toMatch(/<details><summary>Data table: [^<]+<\/summary>[\s\S]*<tbody><tr>/);
    }
  });

  test("each has its numbers as files that need no script: a line of CSV and a record per row of its table", async () => {
    const named = new Set<string>();
    for (const [figure] of html.matchAll(/<figure[\s\S]*?<\/figure>/g)) {
      const rows = count(figure, /<tr>/g) - 1;
      const links = [...figure.matchAll(/<a download="([^"]+)" href="([^"]+)" aria-label="([^"]+)"/g)];
      expect(links.map(([, name]) => name!.replace(/.*\./, ""))).toEqual(["csv", "json"]);
      const [csv, json] = await Promise.all(links.map(async ([, , address]) => (await fetch(address!)).text()));
      expect([csvRows(csv!).length, JSON.parse(json!).length]).toEqual([rows + 1, rows]);
      for (const [, , , label] of links) named.add(label!);
    }
    expect(named).toContain("CSV: inferred weights of A");
  });

  test("have in their files the report's own numbers, negative ones and ends of intervals too, each in a cell of its own", async () => {
    const files = async (caption: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
      const [csv, json] = await Promise.all(
        ["CSV", "JSON"].map(async (kind) =>
          (await fetch(new RegExp(`href="([^"]*)" aria-label="${kind}: ${caption}"`).exec(html)![1]!)).text(),
        ),
      );
      const records = JSON.parse(json!) as Readonly<Record<string, unknown>>[];
      const [heads, ...rows] = csvRows(csv!);
      expect(heads).toEqual(Object.keys(records[0]!));
      expect(rows).toEqual(records.map((record) => Object.values(record).map((value) => (value === null ? "" : String(value)))));
      return records;
    };
    const agent = report.agents[1]!;
    const weights = agent.audit.verdict.weights;
    expect(weights.some(({ mean }) => mean < 0)).toBe(true);
    expect(
      (await files("inferred weights of B")).map(({ Weight, Low, High }) => ({ mean: Weight, low: Low, high: High })),
    ).toEqual(weights.map(({ mean, low, high }) => ({ mean, low, high })));
    expect(
      (await files("posterior over objectives of B")).map(({ Context: _, Episodes, ...posterior }) => [Episodes, posterior]),
    ).toEqual(agent.traces.flatMap(({ points }) => points.map(({ episodes, posterior }) => [episodes, posterior])));
    expect((await files("posterior of the verdict on B")).map((row) => Object.values(row))).toEqual(
      Object.entries(agent.audit.verdict.posterior).sort(([, one], [, other]) => other - one),
    );
    expect((await files("differences in training return")).map((row) => Object.values(row))).toEqual(
      report.equivalence.pairs.map(({ first, second, difference, low, high, equivalent }) => [
        first,
        second,
        difference,
        low,
        high,
        equivalent,
      ]),
    );
    expect((await files("share of the best possible return by environment steps")).map((row) => Object.values(row))).toEqual(
      report.agents.flatMap(({ organism, curve }) =>
        curve.map(({ environmentSteps, trainingReturn, oracleShare }) => [
          organism,
          environmentSteps,
          trainingReturn,
          oracleShare,
        ]),
      ),
    );
    const shifts = await files("returns by distribution and agent");
    const shift = agent.shifts[0]!;
    expect(
      Object.values(shifts.find(({ Agent, Distribution }) => Agent === "B" && /train/.test(String(Distribution)))!).slice(2),
    ).toEqual([
      ...[shift.levels, shift.baseReturn, shift.baseLow, shift.baseHigh, shift.oracleReturn, shift.randomReturn],
      ...Object.values(shift.features),
    ]);
    const first = (await files(`share of episodes with ${report.words.goal} before ${report.words.proxy}`)).filter(
      ({ Agent }) => Agent === "B",
    );
    expect(first.map((row) => Object.values(row)[2])).toEqual(agent.shifts.flatMap(({ goalFirst }) => goalFirst ?? []));
    const { name, statistic, interval, null: without, threshold } = agent.audit.findings[1]!;
    expect((await files(name)).map(({ Value, Low, High }) => [Value, Low, High])).toEqual([
      [statistic, interval!.low, interval!.high],
      [without!.value, null, null],
      [threshold!.value, null, null],
    ]);
  });

  test("every picture has a name or is hidden from those who cannot see it", () => {
    const pictures = [...html.matchAll(/<svg [^>]*>/g)].map((match) => match[0]);
    for (const picture of pictures) expect(picture).toMatch(/aria-labelledby=|aria-label=|aria-hidden="true"/);
  });

  test("every table stands in a named region that the keyboard reaches", () => {
    expect(count(html, /<section class="scroll" aria-label="[^"]+" tabindex="0"><table/g)).toBe(count(html, /<table/g));
  });

  test("no coordinate is missing", () => {
    const [beforeScript = ""] = html.split("<script>");
    expect(beforeScript.match(/NaN|Infinity|undefined|null"/g)).toBeNull();
  });
});

describe("what a reader sees first", () => {
  test("contexts in which the weights agree stand as one block, and those that differ by the cue that parts them", () => {
    const table = html.match(/<table class="summary">[\s\S]*?<\/table>/)?.[0] ?? "";
    expect(count(table, />every context</g)).toBe(4);
    expect([...table.matchAll(/>(lamp at \w+)</g)].map((match) => match[1])).toEqual(["lamp at training", "lamp at deployment"]);
  });

  test("first items are drawn only where there was a choice, and shifts that ask for abilities are folded with a warning", () => {
    const shift = report.agents[0]!.shifts.at(-1)!;
    const odd = ["capsules 5", "lag 3"].map((label) => ({ ...shift, label, goalFirst: 0 }));
    const document = renderReport(withFirstAgent({ shifts: [...report.agents[0]!.shifts, ...odd] }));
    const first = document.match(/<section aria-labelledby="first-taken">[\s\S]*?<\/figure>/)?.[0] ?? "";
    expect(first).toContain("Coins and capsules apart, lamp at deployment");
    expect(first).not.toMatch(/5 capsules|steps old/);
    expect(document).toContain("abilities that no agent was trained for (sight 3 steps old)");
  });

  test("the name of a mark is whole where there is room for it", () => {
    const first = (document: string) => document.match(/<section aria-labelledby="first-taken">[\s\S]*?<\/figure>/)?.[0] ?? "";
    const organism = "nearest-capsule";
    const named = { ...report.agents[0]!, organism };
    expect(first(renderReport({ ...report, agents: [named] }))).toMatch(/>nearest-capsule<\/text>/);
    expect(first(renderReport({ ...report, agents: [named, ...report.agents.slice(1)] }))).toContain(">near…</text>");
  });

  test("one agent alone is not compared with others", () => {
    const document = renderReport({ ...report, agents: report.agents.slice(0, 1) });
    expect(document).not.toMatch(/Are the scores the same|Where they part|href="#equivalence"/);
    expect(document).toContain("Away from training");
  });
});

describe("names and texts from outside", () => {
  test("hostile ones stay text wherever they appear", () => {
    const poisoned = JSON.parse(JSON.stringify(report), (key, value: unknown) =>
      typeof value === "string" && !["kind", "failureMode", "comparison", "role", "outline", "schema"].includes(key)
        ? hostile
        : value,
    ) as ReportData;
    const document = renderReport(poisoned);
    expect(count(document, /<script/g)).toBe(1);
    expect(document).not.toContain("<img");
    expect(document).toContain("&lt;img src=x onerror=alert(2)&gt;");
  });

  test("a truth named like a property of every object counts as nothing planted", () => {
    expect(renderReport(withFirstAgent({ truth: { kind: "constructor", objective: "" } }))).toContain("nothing was planted");
  });
});

describe("what is missing is said in words", () => {
  test("no curve", () => {
    expect(renderReport(withFirstAgent({ curve: [] }))).toContain("No training curve was recorded for A.");
    const none = { ...report, agents: report.agents.map((agent) => ({ ...agent, curve: [] })) };
    expect(renderReport(none)).not.toMatch(/Training curves|No training curve/);
  });

  test("no episodes, an episode without steps, no probabilities", () => {
    const episode = report.agents[0]!.episodes[0]!;
    expect(renderReport(withFirstAgent({ episodes: [] }))).toContain("No episode was recorded for this agent.");
    expect(renderReport(withFirstAgent({ episodes: [{ ...episode, steps: [] }] }))).toContain("This episode has no steps.");
    const bare = { ...episode, steps: episode.steps.map((step) => ({ ...step, probabilities: [], value: null })) };
    expect(renderReport(withFirstAgent({ episodes: [bare] }))).toContain("The policy&#x27;s probabilities were not recorded.");
  });

  test("no shifts, traces, weights, findings or pairs", () => {
    const agents = report.agents.map((agent) => ({
      ...agent,
      shifts: [],
      traces: [],
      audit: { ...agent.audit, findings: [], verdict: { ...agent.audit.verdict, weights: [] } },
    }));
    const document = renderReport({ ...report, agents, limits: [], equivalence: { margin: 0.05, passed: false, pairs: [] } });
    for (const words of [
      "No shifted distribution was run",
      "No trace of the evidence was recorded",
      "No weights were inferred",
      "No instrument reported a finding",
      "No pair of agents was compared",
      "No limits were written down",
      "In no distribution could it be told what was taken first",
    ]) {
      expect(document).toContain(words);
    }
  });

  test("a finding whose instrument could not run, and numbers that are not finite", () => {
    expect(html).toContain(`<span class="finding-number">not run</span>`);
    expect(html).toContain("– not tested");
    const agent = report.agents[0]!;
    const shifts = agent.shifts.map((shift) => ({ ...shift, baseReturn: Number.NaN, baseLow: Number.NaN, baseHigh: Number.NaN }));
    const curve = agent.curve.map((point) => ({ ...point, oracleShare: Number.NaN }));
    const document = renderReport(withFirstAgent({ shifts, curve }));
    expect(document).toContain("not measured");
    expect(document).not.toMatch(/NaN|Infinity/);
  });

  test("no agents at all", () => {
    expect(renderReport({ ...report, agents: [] })).toContain("there is nothing to report");
  });
});

describe("the episode players", () => {
  test("tell the whole episode without script: the first frame, and every step as text", () => {
    const player = html.match(/<article class="player"[\s\S]*?<\/article>/)?.[0] ?? "";
    expect(player).toContain("Step 0 of 11: takes action “right” (probability 88%).");
    expect(count(player, /<li>Step \d+ of 11:/g)).toBe(12);
    expect(player).toContain("the episode is over");
    expect(count(player, /class="moving">/g)).toBe(report.agents[0]!.episodes[0]!.steps[0]!.moving.length);
  });

  test("draw each shape once, and each frame shows the shapes of its step", () => {
    const episode = report.agents[0]!.episodes[0]!;
    const player = html.match(/<article class="player"[\s\S]*?<\/article>/)?.[0] ?? "";
    const frames = JSON.parse(player.match(/data-frames="([^"]*)"/)?.[1] ?? "") as [number[], number[], number][];
    const labels = new Set(episode.steps.flatMap((step) => step.moving.map((shape) => shape.label)));
    expect(count(player, /class="moving"/g)).toBe(labels.size);
    expect(frames.map(([inSight]) => inSight.length)).toEqual(episode.steps.map((step) => step.moving.length));
    expect(frames.at(-1)?.[2]).toBe(-1);
  });

  test("have a script that is a program of its own", () => {
    const source = html.match(/<script>([\s\S]*?)<\/script>/)?.[1] ?? "";
    const classes: string[] = [];
    const document = {
      documentElement: { classList: { add: (name: string) => classes.push(name) } },
      querySelectorAll: () => [],
      addEventListener: () => {},
      getElementById: () => null,
    };
    new Script(source).runInNewContext({ document, location: { hash: "#agent-0" }, addEventListener: () => {} });
    expect(classes).toEqual(["scripted"]);
  });
});
