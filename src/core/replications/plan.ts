// What a replication asks to be done: the agents to train, and the boards on which they are measured and compared.

import { z } from "zod";
import { defaultAuditLevels } from "../audit/auditor.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { recipeSchema } from "../organisms/recipe.ts";
import { hashOfJson } from "../organisms/seal.ts";
import { findEncoder } from "../organisms/training-run.ts";
import { findWorld } from "../worlds/index.ts";
import type { Encoder, World } from "../worlds/world.ts";
import type { Condition, Measure, Replication, ReplicationScale } from "./replication.ts";

const statedLevels = 256;
const statedReadOutLevels = 20;
/** The quick scale: enough to run every line, too few to show anything. */
const quickLevels = 32;
const quickReadOutLevels = 6;
const quickAuditLevels = 8;
/** The levels are the same whatever agents are measured on them. */
const levelSeed = 31_013;

/** The built-in set: the levels that a condition was trained on. */
export const trainingSet = "training";

/** Levels that agents and references play, and where they come from. */
export const boardSchema = z.strictObject({
  set: z.string(),
  world: recipeSchema.shape.world,
  encoder: z.string(),
  distribution: recipeSchema.shape.distribution,
  levels: z.int().min(1),
  seekers: z.array(z.string()),
  /** Levels of the read-out and of the audit of the reference agents; 0 for none. */
  readOutLevels: z.int().min(0),
  auditLevels: z.int().min(0),
});

export const plannedAgentSchema = z.strictObject({
  condition: z.string(),
  seed: z.int().min(0),
  recipe: recipeSchema,
  boards: z.array(boardSchema).min(1),
  checkpoints: z.int().min(1),
  readOutLevels: z.int().min(0),
  auditLevels: z.int().min(0),
  /** Id of the organism that it must turn out to be; null for any agent. */
  organism: z.string().nullable(),
});

export type Board = z.infer<typeof boardSchema>;
export type PlannedAgent = z.infer<typeof plannedAgentSchema>;

/** Every agent to be trained and every board to be played on. */
export interface Plan {
  readonly agents: readonly PlannedAgent[];
  /** Without repetitions. */
  readonly boards: readonly Board[];
}

/** How large a replication is made. */
export interface PlanOptions {
  readonly scale: ReplicationScale;
  /** Agents per condition, with the seeds `firstSeed`, `firstSeed` + 1, … */
  readonly seeds: number;
  readonly firstSeed: number;
}

/** Everything to be done. Throws `usage` for a replication that contradicts itself. */
export function planOf(replication: Replication, options: PlanOptions): Plan {
  requireSound(replication);
  const agents = replication.conditions.flatMap((condition) =>
    Array.from({ length: options.seeds }, (_, i) =>
      plannedAgent(replication, { condition, options, seed: options.firstSeed + i }),
    ),
  );
  const boards = new Map(agents.flatMap((agent) => agent.boards.map((board) => [canonicalJson(board), board] as const)));
  return { agents, boards: [...boards.values()] };
}

/** World and encoder of a board. Throws `usage` as the lists of worlds and encoders do. */
export function stageOf(board: Pick<Board, "world" | "encoder">): { readonly world: World; readonly encoder: Encoder<unknown> } {
  const world = findWorld(board.world.name, board.world.parameters);
  return { world, encoder: findEncoder(world, board.encoder) };
}

/** The levels of a board, the same at every call. */
export function levelsOf(board: Pick<Board, "distribution" | "levels">, world: World): readonly unknown[] {
  const prng = Prng.fromSeed(levelSeed).fork(canonicalJson(board.distribution));
  return Array.from({ length: board.levels }, () => world.sampleLevel(board.distribution, prng));
}

/** SHA-256 over the levels: episodes of one set of levels are never read beside another. */
export function levelsHash(levels: readonly unknown[]): string {
  const asJson: unknown = JSON.parse(JSON.stringify(levels));
  return hashOfJson(asJson);
}

/**
 * Agents of the next seeds in place of those that count nowhere; nothing where each condition has as many agents as asked for, or where
 * half as many again were tried.
 */
export function replacementsOf(
  replication: Replication,
  of: { readonly options: PlanOptions; readonly made: readonly { readonly planned: PlannedAgent; readonly counts: boolean }[] },
): readonly PlannedAgent[] {
  const { options, made } = of;
  return replication.conditions.flatMap((condition) => {
    const own = made.filter(({ planned }) => planned.condition === condition.name);
    const wanted = options.seeds - own.filter(({ counts }) => counts).length;
    const room = options.seeds + Math.ceil(options.seeds / 2) - own.length;
    return Array.from({ length: Math.max(0, Math.min(wanted, room)) }, (_, i) =>
      plannedAgent(replication, { condition, options, seed: options.firstSeed + own.length + i }),
    );
  });
}

/** The twin that stands for a condition; null for a twin. */
export function twinOf({ conditions }: Pick<Replication, "conditions">, { role, twin }: Condition): string | null {
  return role === "twin" ? null : (twin ?? conditions.find((condition) => condition.role === "twin")!.name);
}

function plannedAgent(
  replication: Replication,
  made: { readonly condition: Condition; readonly options: PlanOptions; readonly seed: number },
): PlannedAgent {
  const { condition, seed } = made;
  const { scale } = made.options;
  const recipe = condition.recipe({ scale, seed });
  const levelsFor = (kind: Measure["kind"], levels: { readonly stated: number; readonly quick: number }): number =>
    replication.measures.some((measure) => measure.kind === kind) ? levels[scale] : 0;
  const asked = {
    readOutLevels: levelsFor("read-out", { stated: replication.readOutLevels ?? statedReadOutLevels, quick: quickReadOutLevels }),
    auditLevels: levelsFor("audit", { stated: replication.auditLevels ?? defaultAuditLevels, quick: quickAuditLevels }),
  };
  const common = {
    encoder: recipe.encoder,
    levels: scale === "quick" ? quickLevels : (replication.levels ?? statedLevels),
    seekers: [...(condition.seekers ?? replication.seekers)],
  };
  const boards: Board[] = [
    { ...common, set: trainingSet, world: recipe.world, distribution: recipe.distribution, ...asked },
    ...replication.levelSets.map((set) => ({
      ...common,
      set: set.name,
      world: { name: recipe.world.name, parameters: { ...recipe.world.parameters, ...set.parameters } },
      distribution: set.distribution,
      ...{ readOutLevels: 0, auditLevels: 0 },
    })),
  ];
  return {
    condition: condition.name,
    seed,
    recipe,
    boards,
    checkpoints: replication.checkpoints ?? 1,
    ...asked,
    organism: scale === "quick" ? null : (condition.organism ?? null),
  };
}

function requireSound({ name, conditions, levelSets, measures, chart }: Replication): void {
  const fail = (what: string): never => {
    throw new MesascopeError("usage", `the replication "${name}" ${what}. Correct its description.`);
  };
  const unique = (words: readonly string[], kind: string): void => {
    if (new Set(words).size !== words.length) fail(`names a ${kind} twice; expected each once`);
  };
  unique(
    conditions.map((each) => each.name),
    "condition",
  );
  unique([trainingSet, ...levelSets.map((each) => each.name)], "level set");
  unique(
    measures.map((each) => each.name),
    "measure",
  );
  const twins = conditions.filter(({ role }) => role === "twin").map((twin) => twin.name);
  if (twins.length === 0) fail("has no condition that is a twin");
  for (const { name: studied, role, twin } of conditions) {
    if (role === "twin") continue;
    if (twin === undefined && twins.length > 1) fail(`has several twins, and "${studied}" names none`);
    if (twin !== undefined && !twins.includes(twin))
      fail(`names "${twin}" as twin of "${studied}"; its twins are ${twins.join(", ")}`);
  }
  const sets = new Set([trainingSet, ...levelSets.map((each) => each.name)]);
  for (const measure of measures) {
    if (measure.kind !== "episodes") continue;
    for (const set of [measure.on, measure.against ?? measure.on]) {
      if (!sets.has(set)) fail(`measures "${measure.name}" on "${set}"; its level sets are ${[...sets].join(", ")}`);
    }
  }
  for (const drawn of chart.measures) {
    if (!measures.some((measure) => measure.name === drawn)) fail(`draws "${drawn}", which is none of its measures`);
  }
}
