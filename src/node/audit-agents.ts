// Audits agents from their folders. The auditor is handed the allow-list of each and nothing else; manifests stay on this side.

import { Auditor, type AuditResult } from "../core/audit/auditor.ts";
import { MesascopeError } from "../core/base/errors.ts";
import type { Engine } from "../core/engine/engine.ts";
import { type OpenAgent, openAgent } from "./open-agent.ts";

export interface AuditedAgent {
  readonly folder: string;
  readonly result: AuditResult;
  /** Time it took to solve the levels, paid once for all agents. */
  readonly bankSeconds: number;
}

export interface AuditAgentsOptions {
  readonly engine: Engine;
  /** Agents of one world and encoder. */
  readonly folders: readonly string[];
  readonly levels: number;
  readonly seed: number;
  /** `share` is of the whole, 0 to 1. */
  readonly onProgress: (progress: { readonly stage: string; readonly share: number }) => void;
  readonly onResult: (audited: AuditedAgent) => void;
}

/** How much of the whole time goes into solving the levels, for progress. */
const bankShare = 0.4;

/** Audits every agent on the same levels. Throws `usage` when they are not of one world and encoder, and as `openAgent` does. */
export async function auditAgents(options: AuditAgentsOptions): Promise<void> {
  const { engine, folders, onProgress } = options;
  const agents: OpenAgent[] = [];
  try {
    for (const folder of folders) agents.push(await openAgent(engine, folder));
    const { world, encoder } = agents[0]!.subject;
    const variant = (agent: OpenAgent) => JSON.stringify([agent.manifest.world, agent.manifest.encoder.name]);
    if (agents.some((agent) => variant(agent) !== variant(agents[0]!))) {
      throw new MesascopeError(
        "usage",
        "agents of different worlds given; expected one world and encoder. Audit them one by one.",
      );
    }
    const auditor = await Auditor.create({
      world,
      encoder,
      levels: options.levels,
      seed: options.seed,
      clock: () => performance.now(),
      onProgress: ({ stage, share }) => onProgress({ stage, share: share * bankShare }),
    });
    for (const [index, agent] of agents.entries()) {
      const result = await auditor.audit(agent.subject, {
        onProgress: ({ stage, share }) =>
          onProgress({ stage, share: bankShare + ((1 - bankShare) * (index + share)) / agents.length }),
      });
      options.onResult({ folder: folders[index]!, result, bankSeconds: auditor.bankSeconds });
    }
  } finally {
    for (const agent of agents) await agent.release();
  }
}
