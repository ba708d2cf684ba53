// Audits in a world that runs in another program: the world started, the policy made ready for it, one audit, everything ended.

import { basename } from "node:path";
import { importPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import type { InterfaceOptions } from "../../core/agents/onnx/onnx-policy-interface.ts";
import { type Policy, type PolicyStep, randomPolicy } from "../../core/agents/policy.ts";
import { auditExternally } from "../../core/audit/external-auditor.ts";
import type { VerdictDocument } from "../../core/audit/verdict-document.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { ExternalWorld } from "../../core/worlds/external-world.ts";
import { meetPolicyOn } from "../policies/policy-conversation.ts";
import { journalPath, type PolicyElsewhere, reachPolicy } from "../policies/policy-elsewhere.ts";
import { startWorldProgram } from "../programs/world-program.ts";
import { readBytes, requireGiven } from "../storage/files.ts";
import { anonymousId } from "./audit-target.ts";

/** A policy for a world that is not of this process. */
export type OutsidePolicy =
  | { readonly kind: "random" }
  /** An ONNX file. */
  | { readonly kind: "model"; readonly path: string; readonly options: InterfaceOptions }
  | PolicyElsewhere;

export interface OutsideAudit {
  readonly world: { readonly command: string; readonly timeoutSeconds: number };
  readonly policy: OutsidePolicy;
  readonly levels: number;
  readonly seed: number;
}

export interface OutsideContext {
  /** Asked for only where a model is run. */
  readonly engine: () => Promise<Engine>;
  /** Ends the waiting for answers, with its reason. */
  readonly signal: AbortSignal;
  /** Given what people should see on the way. */
  readonly onNote: (line: string) => void;
  /** `share` is of the whole, 0 to 1. */
  readonly onProgress: (progress: { readonly stage: string; readonly share: number }) => void;
}

/** Levels on which a policy is tried before it is audited. */
const trialLevels = 16;

/**
 * The verdict on a policy in the world of a program. Throws `world-failed` and `policy-failed` for programs that give no answers that can
 * be used, and as `importPolicy` and `auditExternally`.
 */
export async function auditOutside(audit: OutsideAudit, context: OutsideContext): Promise<VerdictDocument> {
  const { signal, onNote, onProgress } = context;
  const { world, close } = await startWorldProgram({ ...audit.world, signal, onNote: (line) => onNote(`world: ${line}`) });
  try {
    const opened = await openPolicy(audit, { ...context, world });
    try {
      const { id, policy, limits } = opened;
      const document = await auditExternally(
        { id, world, policy },
        {
          ...{ levels: audit.levels, seed: audit.seed, limits, clock: () => performance.now() },
          onProgress: (progress) => {
            signal.throwIfAborted();
            onProgress(progress);
          },
        },
      );
      opened.finish();
      return document;
    } finally {
      await opened.release();
    }
  } finally {
    await close();
  }
}

interface OpenPolicy {
  readonly id: string;
  readonly policy: Policy;
  readonly limits: readonly string[];
  /** The audit came to its end. */
  finish(): void;
  release(): Promise<void>;
}

async function openPolicy(audit: OutsideAudit, context: OutsideContext & { readonly world: ExternalWorld }): Promise<OpenPolicy> {
  const { world, signal, onNote } = context;
  const { policy } = audit;
  const shape = { inputSize: world.observationSize, actionCount: world.actions.length };
  const nothing = { limits: [], finish: () => {}, release: async () => {} };
  switch (policy.kind) {
    case "random":
      return { ...nothing, id: anonymousId("random"), policy: randomPolicy(shape) };
    case "model": {
      await requireGiven(policy.path, "an ONNX file");
      const model = await readBytes(policy.path);
      const { observations } = await trialStarts(world);
      const { notes, ...imported } = await importPolicy({
        ...{ engine: await context.engine(), model, file: basename(policy.path), probes: observations },
        options: policy.options,
        needs: { ...shape, observationShape: world.observationShape },
      });
      for (const note of notes) onNote(note);
      const { limits, release } = imported;
      return { ...nothing, id: anonymousId(model), policy: imported.policy, limits, release };
    }
    case "program":
    case "http": {
      const trial = await trialStarts(world);
      const reached = await reachPolicy(policy, { asked: whatIsAsked(audit), signal, onNote }, (parts) =>
        meetPolicyOn({
          ...parts,
          ...{ trial, maxRows: policy.maxRows, preset: "standard" },
          world: { ...world, parameters: {} },
          encoder: { name: "as given", size: world.observationSize, shape: world.observationShape },
        }),
      );
      return { ...reached, id: anonymousId(reached.tried) };
    }
    default:
      return policy satisfies never;
  }
}

/** All that decides what the policy is asked. */
function whatIsAsked({ world, levels, seed }: OutsideAudit): unknown {
  return ["world program", world.command, levels, seed];
}

/** Where the answers of a policy that runs elsewhere are kept while it is audited; null for other policies. */
export function outsideJournal(audit: OutsideAudit): string | null {
  const { policy } = audit;
  return policy.kind === "program" || policy.kind === "http" ? journalPath(policy, whatIsAsked(audit)) : null;
}

/** Starts on levels of training and deployment in turn, to try a policy on. */
async function trialStarts(world: ExternalWorld): Promise<PolicyStep> {
  const prng = Prng.fromSeed(0);
  const levels = Array.from({ length: trialLevels }, (_, i) =>
    world.sampleLevel(i % 2 === 0 ? world.training : world.deployment, prng),
  );
  const observations = new Float32Array(trialLevels * world.observationSize);
  for (let from = 0; from < trialLevels; from += world.mostEpisodes) {
    const batch = await world.start(levels.slice(from, from + world.mostEpisodes));
    observations.set(batch.observations, from * world.observationSize);
  }
  return {
    observations,
    running: new Uint8Array(trialLevels).fill(1),
    situationOf: (row) => ({ level: levels[row]!, state: null }),
  };
}
