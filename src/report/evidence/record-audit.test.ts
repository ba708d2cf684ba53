import { beforeAll, describe, expect, it } from "vitest";
import type { Policy } from "../../core/agents/policy.ts";
import { scriptedPolicyNamed } from "../../core/agents/scripted-names.ts";
import { Auditor } from "../../core/audit/auditor.ts";
import { mean } from "../../core/base/statistics.ts";
import { shiftDistributions } from "../../core/instruments/shift-levels.ts";
import { findWorld } from "../../core/worlds/index.ts";
import type { World } from "../../core/worlds/world.ts";
import { auditEvidenceSchema, type EvidenceEpisode } from "./audit-evidence.ts";
import { type RecordedAudit, recordAudit } from "./record-audit.ts";
import { isSameFinding } from "./same-finding.ts";

const [seed, levels] = [3, 4];
const quick = (name: string): World => ((world) => world.withParameters(world.presets.quick))(findWorld(name));
const auditorIn = (world: World) => Auditor.create({ world, encoder: world.encoders[0]!, levels, seed, clock: () => 0 });

const isFirst = ({ first }: EvidenceEpisode, feature: string) => first?.features.includes(feature) === true;

describe.each([
  ["arcade", "random"],
  ["corner", "planner:corner"],
])("what an audit in %s of %s rests on", (name, agent) => {
  const world = quick(name);
  const encoder = world.encoders[0]!;
  const subject = { id: "some", world, encoder, policy: scriptedPolicyNamed(agent, { world, encoder }) };
  let auditor: Auditor;
  let audit: RecordedAudit;
  beforeAll(async () => {
    auditor = await auditorIn(world);
    audit = await recordAudit(auditor, subject);
  });

  /** Of the first finding whose instrument and name begin so. */
  const groupsOf = (instrument: string, start = "") => {
    const { findings } = audit.result.document;
    const place = findings.findIndex((each) => each.instrument === instrument && each.name.startsWith(start));
    const groups = audit.evidence.findings[place]!.map((group) => audit.evidence.groups[group]!);
    return { finding: findings[place]!, groups };
  };
  const episodesOf = (instrument: string, start = "") =>
    groupsOf(instrument, start).groups.map((group) => (group.kind === "episodes" ? group.episodes : []));

  it("is noted without changing anything", async () => {
    expect(audit.result).toEqual(await auditor.audit(subject));
    expect(auditEvidenceSchema.parse(audit.evidence)).toEqual(audit.evidence);
  });

  it("is episodes that come out as they are told, when their actions are taken on their levels", () => {
    const all = audit.evidence.groups.flatMap((group) => (group.kind === "episodes" ? group.episodes : []));
    expect(all.length).toBeGreaterThan(20);
    const batch = world.createBatch(1);
    for (const { level, actions, taken, first } of all) {
      batch.reset(0, world.parseLevel(level));
      const sums = world.features.map(() => 0);
      actions.forEach((action, time) => {
        expect(batch.done[0]).toBe(0);
        batch.step(Int32Array.of(action));
        world.features.forEach((feature, f) => {
          sums[f]! += batch.features[f]!;
          if (first?.step === time && first.features.includes(feature)) expect(batch.features[f]).toBeGreaterThan(0);
        });
      });
      expect(batch.done[0]).not.toBe(0);
      expect(Object.fromEntries(world.features.flatMap((feature, f) => (sums[f] ? [[feature, sums[f]]] : [])))).toEqual(taken);
    }
  });

  it("is the episodes whose mean the returns are, at each shift", () => {
    const { finding } = groupsOf("behavior");
    expect(mean(episodesOf("behavior")[0]!.map(({ baseReturn }) => baseReturn))).toBeCloseTo(finding.statistic!, 12);
    const { groups } = groupsOf("shift-factorial");
    const able = shiftDistributions(world).slice(1);
    expect(groups.map(({ title }) => title)).toEqual(able.filter((each) => !each.asksForNewAbility).map(({ label }) => label));
    for (const group of groups) {
      if (group.kind !== "episodes") throw new Error("asked");
      const told = audit.result.shifts.find(({ label }) => label === group.shift)!;
      expect(mean(group.episodes.map(({ baseReturn }) => baseReturn))).toBeCloseTo(told.baseReturn, 12);
      for (const feature of world.features)
        expect(mean(group.episodes.map(({ taken }) => taken[feature] ?? 0))).toBeCloseTo(told.features[feature]!, 12);
    }
    expect(groupsOf("capability").groups.map(({ title }) => title)).toEqual([able.find((each) => each.isSeparating)!.label]);
  });

  it("is both sides of a contrast, whose difference the context test tells", () => {
    const preference = (episode: EvidenceEpisode) => Number(isFirst(episode, world.goal)) - Number(isFirst(episode, world.proxy));
    const { findings } = audit.result.document;
    const contrasts = findings.filter(({ instrument, statistic }) => instrument === "context-test" && statistic !== null);
    expect(contrasts.length).toBe(world.cues.length);
    for (const { name: start, statistic } of contrasts) {
      const [before, after] = episodesOf("context-test", start);
      expect([before!.length, after!.length]).toEqual([2 * levels, 2 * levels]);
      expect(mean(before!.map(preference)) - mean(after!.map(preference))).toBeCloseTo(statistic!, 12);
      expect(before!.map(({ level }) => level)).not.toEqual(after!.map(({ level }) => level));
    }
  });

  it("is the levels that were chosen, the ones on which first items were foretold, and the ones on which the policy was asked", () => {
    for (const { context, points } of audit.result.traces) {
      const finding = audit.result.document.findings.find(
        (each) => each.instrument === "active-levels" && each.name.endsWith(`, ${context}`),
      )!;
      expect(episodesOf("active-levels", finding.name)[0]!.length).toBe(points.length - 1);
    }
    const { finding } = groupsOf("objective-read-out", "first item");
    if (finding.statistic !== null) {
      const [twice] = episodesOf("objective-read-out", "first item");
      expect(twice!.length).toBe(2 * levels);
      const isDecided = (episode: EvidenceEpisode) => isFirst(episode, world.goal) !== isFirst(episode, world.proxy);
      expect(finding.evidence).toMatch(new RegExp(`^${twice!.slice(0, levels).filter(isDecided).length} levels;`));
    }
    const asked = audit.evidence.groups.filter((group) => group.kind === "asked");
    expect(asked.length).toBeGreaterThan(0);
    for (const group of asked) expect(new Set(group.levels).size).toBe(levels);
  });
});

it("is noted of agents that remember, too", async () => {
  const world = quick("corner");
  const encoder = world.encoders[0]!;
  const policy: Policy = { ...scriptedPolicyNamed("random", { world, encoder }), memory: "episode" };
  const { result, evidence } = await recordAudit(await auditorIn(world), { id: "some", world, encoder, policy });
  const [training] = evidence.groups;
  if (training?.kind !== "episodes") throw new Error("no episodes");
  expect(mean(training.episodes.map(({ baseReturn }) => baseReturn))).toBeCloseTo(result.document.findings[0]!.statistic!, 12);
  for (const group of evidence.groups) if (group.kind === "asked") expect(group.levels.length).toBe(levels);
});

describe("isSameFinding", () => {
  const finding = {
    ...{ instrument: "behavior", name: "base return", statistic: 0.75, unit: "", null: null, threshold: null, passed: null },
    ...{ evidence: "", interval: { low: 0.5, high: 0.9, level: 0.95 } },
  };

  it("holds where name, number and interval are the same, and where numbers made of probabilities are nearly so", () => {
    expect(isSameFinding(finding, { ...finding, evidence: "other words" })).toBe(true);
    const readOut = { ...finding, instrument: "objective-read-out" };
    expect(isSameFinding(readOut, { ...readOut, statistic: 0.7503 })).toBe(true);
    const notRun = { ...finding, statistic: null, interval: null };
    expect(isSameFinding(notRun, notRun)).toBe(true);
  });

  it("does not hold where one of them differs, or there is none", () => {
    expect(isSameFinding(finding, undefined)).toBe(false);
    expect(isSameFinding(finding, { ...finding, name: "regret" })).toBe(false);
    expect(isSameFinding(finding, { ...finding, statistic: 0.7503 })).toBe(false);
    expect(isSameFinding(finding, { ...finding, statistic: null })).toBe(false);
    expect(isSameFinding(finding, { ...finding, interval: { low: 0.5, high: 0.91, level: 0.95 } })).toBe(false);
    expect(isSameFinding(finding, { ...finding, interval: null })).toBe(false);
  });
});
