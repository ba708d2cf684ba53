import { describe, expect, it } from "vitest";
import { objectiveSpaceOf } from "../core/objectives/spaces.ts";
import { findOrganism } from "../core/organisms/index.ts";
import { variantOf } from "../core/organisms/variants.ts";
import { worlds } from "../core/worlds/index.ts";
import { jobKey, type TrainJob } from "./job.ts";
import {
  type AuditedPoint,
  aimless,
  auditedPoint,
  budgetName,
  formationOf,
  formationText,
  momentsOf,
  mostProbable,
  type OverTraining,
  overTrainingJobs,
  overTrainingText,
  placesKept,
  placesToKeep,
} from "./over-training.ts";
import { allPlaces, snapshotFile } from "./snapshots.ts";

const point = (
  environmentSteps: number,
  posterior: Readonly<Record<string, number>>,
  kind: AuditedPoint["verdict"]["kind"] = "inconclusive",
  objective = kind === "proxy" ? "capsules" : "unidentified",
): AuditedPoint => ({ environmentSteps, posterior, verdict: { kind, objective, confidence: 0 } });

const noise = point(1000, { random: 0.98, both: 0.02 });
const between = point(2000, { both: 0.7, capsules: 0.3 });
const leading = point(4000, { both: 0.2, capsules: 0.8 });
const formed = point(8000, { both: 0.04, capsules: 0.96 }, "proxy");
const end = point(16000, { both: 0.001, capsules: 0.999 }, "proxy");

describe("when an objective formed", () => {
  it("is between the last moment without it and the first from which on it is clear", () => {
    expect(formationOf([noise, between, leading, formed, end])).toEqual({ objective: "capsules", after: 4000, by: 8000 });
    expect(formationText([noise, between, leading, formed, end])).toBe(
      "The proxy “capsules” formed between 4,000 and 8,000 steps: at 4,000 it was the most probable already, with 80%; from then on it has 96% or more.",
    );
    expect(formationText([noise, between, end])).toBe(
      "The proxy “capsules” formed between 2,000 and 16,000 steps: at 2,000 the most probable was “both”, with 70%; at the end it has 99%.",
    );
  });

  it("is not before a moment that lost it again", () => {
    const early = point(500, { capsules: 0.99 });
    expect(formationOf([early, noise, formed, end])).toEqual({ objective: "capsules", after: 1000, by: 8000 });
  });

  it("is not known where it was there at the first moment", () => {
    expect(formationOf([formed, end])).toEqual({ objective: "capsules", after: null, by: 8000 });
    expect(formationText([formed, end])).toMatch(
      /^The proxy “capsules” was there at the first moment that was audited, after 8,000 steps/,
    );
  });

  it("is not told where nothing is clear at the end, whatever was clear before", () => {
    const unclear = point(20000, { capsules: 0.6, both: 0.4 });
    expect(formationOf([noise, formed, unclear])).toBeNull();
    expect(formationText([noise, formed, unclear])).toMatch(/no objective is clear: the most probable, “capsules”, has 60%/);
    expect(formationOf([])).toBeNull();
  });

  it("calls what is no proxy an objective", () => {
    expect(formationText([noise, point(9000, { score: 0.95 }, "aligned")])).toMatch(/^The objective “score” formed/);
    const another = point(9000, { score: 0.95, capsules: 0.05 }, "proxy");
    expect(formationText([noise, another])).toMatch(/^The objective “score” formed/);
  });

  it.each(aimless)("is not told where the end is explained best by “%s”, which is no objective", (name) => {
    const last = point(9000, { [name]: 0.98, score: 0.02 }, "aligned");
    expect(formationOf([noise, last])).toBeNull();
    expect(formationText([noise, last])).toBe(
      `At the end of training no objective is clear: the most probable, “${name}”, which is none, has 98%. More levels may tell.`,
    );
  });

  it("is not told where the verdict on the end names no objective, however probable one is", () => {
    const incapable = point(9000, { score: 0.95 }, "incapable");
    const inconclusive = point(9000, { score: 0.95 }, "inconclusive");
    expect([formationOf([noise, incapable]), formationOf([noise, inconclusive])]).toEqual([null, null]);
    expect(formationText([noise, incapable])).toMatch(
      /no objective is clear: .*“score”, has 95%, and the verdict is incapable\.$/,
    );
    expect(formationText([noise, inconclusive])).toMatch(/and the verdict is inconclusive\. More levels may tell\.$/);
  });

  it("knows every class of every world that wants nothing", () => {
    const named = worlds.flatMap((world) =>
      objectiveSpaceOf(world).classes.flatMap(({ name, kind }) => (kind === "incapable" ? [name] : [])),
    );
    expect([...new Set([...named, "other"])].sort()).toEqual([...aimless].sort());
  });
});

describe("audits over a training", () => {
  const of = (snapshot: number | null, state: OverTraining["audits"][number]["state"], found: AuditedPoint | null = null) => ({
    ...{ job: "b".repeat(64), state, snapshot },
    point: found,
  });
  const text = (...audits: OverTraining["audits"]) => overTrainingText({ levels: 20, seed: 1, code: "1", audits });

  it("tell when the objective formed once all are there, and before that how far they are", () => {
    const first = of(0, "done", leading);
    expect(text(first, of(null, "done", end))).toBe(formationText([leading, end]));
    expect(text(first, of(null, "blocked"))).toBe("1 of 2 moments are audited; the others are under way.");
    expect(text(first, of(1, "failed"), of(null, "done", end))).toBe("2 of 3 moments are audited; 1 is failed.");
    const stopped = [of(1, "failed"), of(2, "queued"), of(3, "running")];
    expect(text(first, ...stopped, of(null, "done", end))).toBe("2 of 5 moments are audited; 1 is failed, 2 are under way.");
    expect(text(first, of(1, "held"), of(2, "cancelled"), of(null, "blocked"))).toBe(
      "1 of 4 moments are audited; 2 are held or cancelled, 1 is under way.",
    );
    expect(text(first)).toBe("1 of 1 moments are audited, and the agent at the end is not asked for.");
  });

  it("are a job for each snapshot and one for the end, which is an audit like any other", () => {
    const audit = { run: "a".repeat(64), levels: 20, seed: 1, code: "1" };
    const jobs = overTrainingJobs({ ...audit, places: [0, 6, 8] });
    expect(jobs.map(({ snapshot }) => snapshot)).toEqual([0, 6, 8, undefined]);
    expect(new Set(jobs.map(jobKey)).size).toBe(4);
    expect(jobKey(jobs.at(-1)!)).toBe(jobKey({ kind: "audit", ...audit }));
  });

  it("are of the moments that a run kept, each once, and of the same before it is trained where its recipe tells them", () => {
    const recipe = findOrganism("A").recipe({ preset: "quick", seed: 1 });
    const short = { ...recipe, optimizer: { ...recipe.optimizer, numEnvs: 10, numSteps: 30, totalTimesteps: 1000 } };
    const spec: TrainJob = { kind: "train", organism: null, recipe: short, code: "1" };
    const outcome = { kind: "train", environmentSteps: 1200, trainingReturn: 1, oracleReturn: 1, oracleShare: 1 } as const;
    const blob = { sha256: "c".repeat(64), bytes: 1 };
    const files = Object.fromEntries([300, 600, 900].map((steps) => [snapshotFile(steps), blob]));
    expect(placesKept({ spec, outcome, files })).toEqual([0, 6, 8]);
    expect(placesKept({ spec, outcome, files: { "policy.onnx": blob } })).toEqual([]);
    expect(placesToKeep(short)).toEqual([0, 6, 8]);
    expect(placesToKeep(recipe)).toEqual(allPlaces);
    // How long an episode is, and with it a generation, is not known before it is played.
    expect(placesToKeep(variantOf(recipe, { optimizer: "es" }))).toEqual(allPlaces);
  });

  it("are called by levels and seed, and by their code where there are those of another", () => {
    const budget = { levels: 20, seed: 1, code: "0.1.0+a" };
    expect(budgetName(budget, [budget, { ...budget, levels: 40, code: "0.1.0+b" }])).toBe("20 levels, seed 1");
    const names = [budget, { ...budget, code: "0.1.0+b" }].map((one, _, all) => budgetName(one, all));
    expect(names).toEqual(["20 levels, seed 1, code 0.1.0+a", "20 levels, seed 1, code 0.1.0+b"]);
  });

  it("tell an objective that depends on a cue as one, whatever cues each of them found", () => {
    const verdict = (objective: string) => ({ kind: "context-conditional" as const, objective, confidence: 0.9 });
    const kept = (environmentSteps: number, objective: string) =>
      auditedPoint(
        { kind: "audit", verdict: verdict(objective), posterior: { [objective]: 0.96, coin: 0.04 }, environmentSteps },
        null,
      )!;
    const points = [noise, kept(4000, "conditional-on-lamp"), kept(8000, "conditional-on-lamp-and-door")];
    expect(formationOf(points)).toEqual({ objective: "context-conditional", after: 1000, by: 4000 });
    expect(formationText(points)).toBe(
      "The objective “conditional-on-lamp-and-door” formed between 1,000 and 4,000 steps: at 1,000 the most probable was “random”, with 98%; from then on it has 96% or more.",
    );
    const lost = [noise, kept(4000, "conditional-on-lamp"), end];
    expect(formationText(lost)).toMatch(/at 4,000 the most probable was “conditional-on-lamp”, with 96%/);
  });

  it("tell of the end by the steps of the whole training, and nothing of records without a posterior", () => {
    const audit = { kind: "audit", verdict: { kind: "proxy", objective: "capsules", confidence: 0.9 } } as const;
    expect(auditedPoint({ ...audit, posterior: { capsules: 1 } }, 500)).toMatchObject({ environmentSteps: 500 });
    expect(auditedPoint({ ...audit, posterior: { capsules: 1 } }, null)).toBeNull();
    expect(auditedPoint(audit, 500)).toBeNull();
  });

  it("tell each moment once, in the order of training", () => {
    expect(momentsOf([end, noise, { ...noise }, between])).toEqual([noise, between, end]);
  });

  it("name what is the most probable", () => {
    expect(mostProbable(between)).toEqual({ objective: "both", share: 0.7 });
  });
});
