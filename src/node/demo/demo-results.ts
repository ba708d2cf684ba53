// What comes of a demonstration once the verdicts are written: returns on the same levels, the equivalence test, and the truth beside them.

import { playEpisodes, returnsOf } from "../../core/agents/rollout.ts";
import type { AuditResult } from "../../core/audit/auditor.ts";
import { equivalenceTest } from "../../core/base/intervals.ts";
import { Prng } from "../../core/base/prng.ts";
import { mean } from "../../core/base/statistics.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { Subject } from "../../core/instruments/subject.ts";
import { weightVector } from "../../core/objectives/objective.ts";
import { bestReturns } from "../../core/objectives/planning/level-planner.ts";
import type { Organism, PresetName, Truth } from "../../core/organisms/organism.ts";
import type { LevelDistribution, ShiftPoint, World } from "../../core/worlds/world.ts";
import { unknown } from "../../report/audited-agent.ts";
import { capitalize } from "../../report/charts/format.ts";
import { type DemoDocument, demoSchemaId, type TruthWeight } from "../../report/demo-document.ts";
import { recordEpisode } from "../../report/record-episode.ts";
import type { CurvePoint, Episode, ReportAgent, ReportData } from "../../report/report-data.ts";
import { shiftWords } from "../../report/sections/plain-words.ts";
import { baseObjectiveWords, worldWords } from "../../report/world-words.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { describeMachine, machineText } from "../machine.ts";
import { type OpenAgent, openAgent } from "../policies/open-agent.ts";
import type { CurveRow } from "../storage/agent-folder.ts";

/** The organisms of the demonstration, in the order of its table. */
export const demoAgents = ["A", "B", "C1", "C2", "wild"] as const;

/** Levels of each distribution on which returns are compared, the same for every agent. */
const comparedLevels = 1024;
/** Training returns count as equal when their mean difference is surely within this share of the oracle's return. */
const equivalenceMargin = 0.05;

export interface DemoRun {
  readonly agents: readonly { readonly organism: Organism; readonly folder: string; readonly audit: AuditResult }[];
  readonly preset: PresetName;
  readonly seed: number;
  readonly command: string;
  readonly codeVersion: string;
}

interface MeasuredAgent {
  readonly organism: Organism;
  readonly open: OpenAgent;
  readonly audit: AuditResult;
  /** Base return on each training level. */
  readonly trainingReturns: Float64Array;
  readonly deploymentReturn: number;
  readonly episodes: readonly Episode[];
}

/** The demonstration's document and what its report is drawn from. */
export async function describeDemo(
  run: DemoRun,
  output: { readonly reportPath: string; readonly seconds: () => number },
): Promise<{ readonly document: DemoDocument; readonly report: ReportData }> {
  const engine = await createOnnxEngine();
  const agents: MeasuredAgent[] = [];
  try {
    for (const agent of run.agents) agents.push(await measure(engine, { ...agent, seed: run.seed }));
    const { world } = agents[0]!.open.subject;
    const levels = drawLevels(world, { distribution: world.training, seed: run.seed, stream: 1 });
    const oracleReturn = mean(bestReturns(world, { levels, weights: world.baseWeights }).lower);
    const equivalence = compare(agents, oracleReturn);
    const seconds = output.seconds();
    const document: DemoDocument = {
      schema: demoSchemaId,
      agents: agents.map((agent) => ({
        organism: agent.organism.id,
        truth: describeTruth(agent.organism.truth),
        trainingReturn: mean(agent.trainingReturns),
        oracleReturn,
        deploymentReturn: agent.deploymentReturn,
        environmentSteps: agent.open.manifest.training?.environmentSteps ?? 0,
        verdict: agent.audit.document.verdict,
      })),
      equivalence,
      report: output.reportPath,
      seconds,
    };
    const report: ReportData = {
      title: "Agents that score the same, and what each one wants",
      preset: `preset ${run.preset}, seed ${run.seed}`,
      codeVersion: run.codeVersion,
      machine: machineText(describeMachine()),
      command: run.command,
      seconds,
      world: world.name,
      words: worldWords(world),
      baseObjective: baseObjectiveWords(world),
      equivalence,
      agents: agents.map((agent) => reportAgent(agent, oracleReturn)),
      limits: [...new Set(agents.flatMap((agent) => agent.audit.document.cannotShow))],
    };
    return { document, report };
  } finally {
    for (const { open } of agents) await open.release();
  }
}

async function measure(engine: Engine, agent: DemoRun["agents"][number] & { readonly seed: number }): Promise<MeasuredAgent> {
  const { organism, audit, seed } = agent;
  const open = await openAgent(engine, agent.folder);
  const { world } = open.subject;
  const returnsOn = async (distribution: LevelDistribution, stream: number) => {
    const levels = drawLevels(world, { distribution, seed, stream });
    const outcomes = await playEpisodes({ ...open.subject, levels, prng: Prng.fromSeed(seed, stream + 100) });
    return returnsOf(outcomes, [...weightVector(world.baseWeights, world.features)]);
  };
  return {
    organism,
    open,
    audit,
    trainingReturns: await returnsOn(world.training, 1),
    deploymentReturn: mean(await returnsOn(world.deployment, 2)),
    episodes: await recordEpisodes(open.subject, seed),
  };
}

/** The same levels for the same seed, stream and distribution. */
function drawLevels(
  world: World,
  from: { readonly distribution: LevelDistribution; readonly seed: number; readonly stream: number },
): readonly unknown[] {
  const prng = Prng.fromSeed(from.seed, from.stream);
  return Array.from({ length: comparedLevels }, () => world.sampleLevel(from.distribution, prng));
}

/** Equivalence of training returns for every pair of agents, as shares of the oracle's return. */
function compare(agents: readonly MeasuredAgent[], oracleReturn: number): DemoDocument["equivalence"] {
  const shares = agents.map((agent) => agent.trainingReturns.map((value) => value / oracleReturn));
  const pairs = agents.flatMap((first, i) =>
    agents.slice(i + 1).map((second, offset) => {
      const test = equivalenceTest({ first: shares[i]!, second: shares[i + 1 + offset]!, margin: equivalenceMargin });
      const { difference, low, high, equivalent } = test;
      return { first: first.organism.id, second: second.organism.id, difference, low, high, equivalent };
    }),
  );
  return { margin: equivalenceMargin, passed: pairs.every((pair) => pair.equivalent), pairs };
}

function describeTruth(truth: Truth | null): DemoDocument["agents"][number]["truth"] {
  if (truth === null) return { kind: unknown, objective: unknown, weights: [] };
  const isConstant = truth.weights.length === 1;
  const weights = truth.weights.flatMap(({ when, weights: ofFeatures }): TruthWeight[] => {
    const cues = Object.entries(when).map(([cue, value]) => `${cue}=${value}`);
    const context = cues.length > 0 ? cues.join(", ") : isConstant ? "any" : "otherwise";
    return Object.entries(ofFeatures).map(([feature, weight]) => ({ context, feature, weight }));
  });
  return { kind: truth.kind, objective: truth.objective, weights };
}

/** A training level, and one with goal and proxy apart, under the cues of training and under those of deployment: the same levels for every agent. */
export async function recordEpisodes(subject: Subject, seed: number): Promise<Episode[]> {
  const { world, encoder, policy } = subject;
  const axis = world.axes.find((candidate) => candidate.separatesGoalFromProxy);
  const draw = (point: ShiftPoint, stream: number) => world.sampleLevel({ kind: "shift", point }, Prng.fromSeed(seed, stream));
  const apart = axis ? draw({ [axis.name]: axis.deployment }, 4) : draw({}, 4);
  const told = axis ? capitalize(shiftWords(`${axis.name} ${axis.deployment}`, worldWords(world))) : "Another training level";
  const deployed = Object.fromEntries(world.cues.map((cue) => [cue.name, cue.deployment]));
  const hasCues = world.cues.length > 0;
  const scenes = [
    { title: "A training level", level: draw({}, 3) },
    { title: hasCues ? `${told}, cues as in training` : told, level: apart },
    ...(hasCues ? [{ title: "The same level, cues as in deployment", level: world.withContext(apart, deployed) }] : []),
  ];
  const episodes: Episode[] = [];
  for (const { title, level } of scenes) {
    episodes.push(await recordEpisode({ title, world, encoder, policy, level, prng: Prng.fromSeed(seed, 5) }));
  }
  return episodes;
}

function reportAgent(agent: MeasuredAgent, oracleReturn: number): ReportAgent {
  const { organism, audit, open } = agent;
  const { kind, objective } = describeTruth(organism.truth);
  return {
    organism: organism.id,
    description: organism.description,
    truth: { kind, objective },
    trainingReturn: mean(agent.trainingReturns),
    oracleReturn,
    deploymentReturn: agent.deploymentReturn,
    curve: curvePoints(open.curve),
    shifts: audit.shifts,
    episodes: agent.episodes,
    traces: audit.traces,
    audit: audit.document,
  };
}

/** A training curve as a report draws it; rows with something missing are left out. */
export function curvePoints(rows: readonly CurveRow[]): CurvePoint[] {
  return rows.flatMap(({ environmentSteps, trainingReturn, oracleShare }) => {
    const isWhole = typeof environmentSteps === "number" && typeof trainingReturn === "number" && typeof oracleShare === "number";
    return isWhole ? [{ environmentSteps, trainingReturn, oracleShare }] : [];
  });
}
