// An agent's folder audited over its training: each snapshot that was kept in it and the agent itself, on the same levels.

import type { AuditResult } from "../../core/audit/auditor.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import {
  type AuditedPoint,
  formationOf,
  momentsOf,
  type OverTrainingDocument,
  overTrainingSchemaId,
} from "../../lab/over-training.ts";
import { toldPosterior } from "../../lab/told-posterior.ts";
import { codeVersion } from "../code-version.ts";
import { openAgentContents } from "../policies/open-agent.ts";
import { agentAt, readAgent, readSnapshots } from "../storage/agent-folder.ts";
import { auditTargets } from "./audit-agents.ts";
import { agentTarget, type OpenTarget } from "./audit-target.ts";

export interface AuditOverTrainingOptions {
  readonly engine: Engine;
  readonly folder: string;
  readonly levels: number;
  readonly seed: number;
  /** `share` is of the whole, 0 to 1. */
  readonly onProgress: (progress: { readonly stage: string; readonly share: number }) => void;
}

/** Throws `usage` for an agent without snapshots, and as `openAgent`. */
export async function auditOverTraining(options: AuditOverTrainingOptions): Promise<OverTrainingDocument> {
  const { engine, folder, levels, seed, onProgress } = options;
  const agent = await readAgent(folder);
  const snapshots = await readSnapshots(folder);
  const { training, id } = agent.manifest;
  if (snapshots.length === 0 || training === null) throw noSnapshots(folder);
  const all = [
    ...snapshots.map((snapshot) => ({ ...snapshot, contents: agentAt(agent, snapshot) })),
    { environmentSteps: training.environmentSteps, contents: agent },
  ];
  const targets: OpenTarget[] = [];
  const points: AuditedPoint[] = [];
  try {
    for (const { environmentSteps, contents } of all)
      targets.push(agentTarget(await openAgentContents(engine, contents, `${folder} after ${environmentSteps} steps`)));
    await auditTargets({
      ...{ targets, levels, seed, onProgress },
      onResult: ({ index, result }) => points.push(pointOf(result, all[index]!.environmentSteps)),
    });
  } finally {
    for (const target of targets) await target.release();
  }
  return overTrainingDocument({ agent: id, levels, seed, code: codeVersion, points });
}

/** An agent that kept nothing of its training cannot be asked what it wanted on the way. */
export function noSnapshots(agent: string): MesascopeError {
  return new MesascopeError(
    "usage",
    `${agent} given, of whose training no snapshots were kept; expected an agent that this version trained. Train it again, or audit it without --over-training.`,
  );
}

function pointOf({ document }: AuditResult, environmentSteps: number): AuditedPoint {
  const { kind, objective, confidence } = document.verdict;
  return { environmentSteps, verdict: { kind, objective, confidence }, posterior: toldPosterior(document.verdict) };
}

/** The document of points in any order. */
export function overTrainingDocument(
  told: Pick<OverTrainingDocument, "agent" | "levels" | "seed" | "code" | "points">,
): OverTrainingDocument {
  const points = momentsOf(told.points).map(({ environmentSteps, verdict, posterior }) => ({
    environmentSteps,
    verdict,
    posterior,
  }));
  return { schema: overTrainingSchemaId, ...told, points, formed: formationOf(points) };
}
