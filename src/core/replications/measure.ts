// Measuring: an agent, or the reference agents, on the levels of a card. What comes out is kept; the numbers are worked out from it later.

import { type Policy, randomPolicy } from "../agents/policy.ts";
import { playEpisodes } from "../agents/rollout.ts";
import { Auditor } from "../audit/auditor.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { Prng } from "../base/prng.ts";
import { examinedContexts } from "../instruments/contexts.ts";
import { createLevelBank, type LevelBank } from "../instruments/level-bank.ts";
import { readOutObjective } from "../instruments/read-out.ts";
import { shiftDistributions } from "../instruments/shift-levels.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import type { Encoder, World } from "../worlds/world.ts";
import { type Board, levelsHash, levelsOf, type PlannedAgent, stageOf } from "./plan.ts";
import { type AgentRecord, type BoardRecord, type Played, playedOf } from "./records.ts";
import { bestIntended, referencePolicies } from "./reference-policies.ts";
import type { AuditSummary, ReadOutSummary } from "./replication.ts";
import { inputsOfTraining, playSeen, withoutUntrained } from "./untrained-inputs.ts";

/** Levels on which each of two policies is watched to find the inputs that training shows. */
const trainingSample = 1024;
const playSeed = 40_009;
const statesPerLevel = 20;

/** Solved levels of read-outs and audits, kept between agents: they cost more than an agent's own measurement. */
export class SolvedLevels {
  readonly #banks = new Map<string, LevelBank>();
  readonly #auditors = new Map<string, Promise<Auditor>>();
  readonly clock: () => number;

  /** `clock` is monotonic, in milliseconds. */
  constructor(clock: () => number) {
    this.clock = clock;
  }

  bankFor(world: World, levels: number): LevelBank {
    const key = canonicalJson({ name: world.name, parameters: world.parameters, levels });
    const known = this.#banks.get(key);
    if (known) return known;
    const space = objectiveSpaceOf(world);
    const distribution = separatingDistribution(world);
    const prng = Prng.fromSeed(playSeed).fork("bank");
    const bank = createLevelBank({ world, space, distribution, levels, statesPerLevel, prng });
    this.#banks.set(key, bank);
    return bank;
  }

  auditorFor({ world, encoder, levels }: Pick<AskedAgent, "world" | "encoder" | "levels">): Promise<Auditor> {
    const key = canonicalJson({ name: world.name, parameters: world.parameters, encoder: encoder.name, levels });
    const known = this.#auditors.get(key) ?? Auditor.create({ world, encoder, levels, seed: playSeed, clock: this.clock });
    this.#auditors.set(key, known);
    return known;
  }
}

/** One episode of the policy on each level of each board. */
export async function playBoards(boards: readonly Board[], policy: Policy): Promise<Record<string, Played>> {
  const sets: Record<string, Played> = {};
  for (const board of boards) {
    const { world, encoder } = stageOf(board);
    sets[board.set] = playedOf(
      await playEpisodes({ world, encoder, policy, levels: levelsOf(board, world), prng: playPrng(board) }),
    );
  }
  return sets;
}

/** What is measured of an agent when its training is over. */
export async function measureTrained(options: {
  readonly planned: PlannedAgent;
  readonly policy: Policy;
  readonly solved: SolvedLevels;
}): Promise<
  Pick<AgentRecord, "untrained" | "ownFamiliar" | "levels" | "readOut" | "audit"> & { readonly sets: Record<string, Played> }
> {
  const { planned, policy, solved } = options;
  const { world, encoder } = stageOf({ world: planned.recipe.world, encoder: planned.recipe.encoder });
  const trained = await inputsOfTraining({
    world,
    encoder,
    distribution: planned.recipe.distribution,
    policies: [policy, randomPolicy(policy)],
    count: trainingSample,
    prng: Prng.fromSeed(playSeed).fork("training inputs"),
  });
  const sets: Record<string, Played> = {};
  const ownFamiliar: Record<string, number[]> = {};
  const hashes: Record<string, string> = {};
  for (const board of planned.boards) {
    const stage = stageOf(board);
    const levels = levelsOf(board, stage.world);
    hashes[board.set] = levelsHash(levels);
    const { outcomes, active } = await playSeen({
      ...stage,
      policy,
      levels,
      prng: playPrng(board),
    });
    sets[board.set] = playedOf(outcomes);
    ownFamiliar[board.set] = withoutUntrained(active, trained).map(Number);
  }
  const asked = { world, encoder, policy, solved };
  const readOut = await readOutOf({ ...asked, levels: planned.readOutLevels });
  const audit = await auditOf({ ...asked, levels: planned.auditLevels });
  const untrained = [...trained.keys()].filter((input) => trained[input] === 0);
  return { sets, levels: hashes, ownFamiliar, untrained, readOut, audit };
}

/** What is measured of the reference agents on the levels of a board. */
export async function measureBoard(board: Board, solved: SolvedLevels): Promise<BoardRecord> {
  const started = solved.clock();
  const { world, encoder } = stageOf(board);
  const levels = levelsOf(board, world);
  const references: BoardRecord["references"] = [];
  let oracleInputs: number[][] = [];
  for (const { name, role, policy } of referencePolicies({ world, encoder, seekers: board.seekers })) {
    const { outcomes, active } = await playSeen({ world, encoder, policy, levels, prng: playPrng(board) });
    if (role === "oracle") oracleInputs = levels.map((_, level) => activeInputs(active, { level, size: encoder.size }));
    const asked = { world, encoder, policy, solved };
    const readOut = await readOutOf({ ...asked, levels: board.readOutLevels });
    const audit = await auditOf({ ...asked, levels: board.auditLevels });
    references.push({ name, role, episodes: playedOf(outcomes), readOut, audit });
  }
  const best = [...bestIntended(world, levels)];
  return {
    kind: "board",
    levels: levelsHash(levels),
    best,
    oracleInputs,
    references,
    seconds: (solved.clock() - started) / 1000,
  };
}

function activeInputs(active: Uint8Array, at: { readonly level: number; readonly size: number }): number[] {
  return Array.from({ length: at.size }, (_, input) => input).filter((input) => active[at.level * at.size + input] === 1);
}

function playPrng(board: Board): Prng {
  return Prng.fromSeed(playSeed).fork(board.set);
}

/** An agent of whom a read-out or an audit is asked. */
interface AskedAgent {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly policy: Policy;
  /** 0 asks for none. */
  readonly levels: number;
  readonly solved: SolvedLevels;
}

async function readOutOf({ world, encoder, policy, levels, solved }: AskedAgent): Promise<ReadOutSummary | null> {
  if (levels === 0) return null;
  const bank = solved.bankFor(world, levels);
  const training = examinedContexts(world).slice(0, 1);
  const subject = { id: "agent", world, encoder, policy };
  const prng = Prng.fromSeed(playSeed).fork("read-out");
  const { contexts } = await readOutObjective({ subject, bank, contexts: training, prng });
  const { classes, other, direction, fit, gain } = contexts[0]!;
  const highest = Math.max(...classes);
  return {
    bestClass: other > highest ? "other" : bank.space.classes[classes.indexOf(highest)]!.name,
    classes: Object.fromEntries(bank.space.classes.map(({ name }, i) => [name, classes[i]!])),
    other,
    direction: direction?.mean ?? null,
    fit,
    gain,
  };
}

/** Runs every instrument, and keeps what measures ask for. */
async function auditOf({ world, encoder, policy, levels, solved }: AskedAgent): Promise<AgentRecord["audit"]> {
  if (levels === 0) return null;
  const auditor = await solved.auditorFor({ world, encoder, levels });
  const { document, shifts, traces } = await auditor.audit({ id: "agent", world, encoder, policy });
  const { kind, failureMode, failures, objective, posterior } = document.verdict;
  const isShown = ({ status }: typeof failures.outer): boolean | null => (status === "not-examined" ? null : status === "shown");
  return {
    ...{ kind, failureMode, objective },
    ...{ outer: isShown(failures.outer), inner: isShown(failures.inner) },
    posterior: byKind(world, posterior),
    active: traces.map(({ points }) => byKind(world, points.at(-1)!.posterior)),
    shifts: shifts.map(({ label, baseReturn, oracleReturn, randomReturn, goalFirst }) => {
      return { label, base: baseReturn, oracle: oracleReturn, random: randomReturn, goalFirst };
    }),
    goalFirst: shifts.find(({ label }) => label === separatingLabel(world))?.goalFirst ?? null,
    findings: document.findings.map(({ instrument, name, statistic, passed }) => ({ instrument, name, statistic, passed })),
  };
}

/** Of the point of the factorial that takes goal and proxy apart and shifts nothing else. */
function separatingLabel(world: World): string | undefined {
  return shiftDistributions(world).find(({ isSeparating }) => isSeparating)?.label;
}

/** A posterior over named objectives as one over kinds; what is no class of the library is conditional, or explained by nothing. */
function byKind(world: World, posterior: Readonly<Record<string, number>>): AuditSummary["posterior"] {
  const { classes } = objectiveSpaceOf(world);
  const kinds: Record<string, number> = {};
  for (const [name, probability] of Object.entries(posterior)) {
    const kind = classes.find((each) => each.name === name)?.kind ?? (name === "other" ? "inconclusive" : "context-conditional");
    kinds[kind] = (kinds[kind] ?? 0) + probability;
  }
  return kinds;
}
