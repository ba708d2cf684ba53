// Audits in a world that runs in another program: the world started, the policy made ready for it, one audit, everything ended.

import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { importPolicy } from "../core/agents/onnx-policy.ts";
import type { InterfaceOptions } from "../core/agents/onnx-policy-interface.ts";
import { type Policy, type PolicyStep, randomPolicy } from "../core/agents/policy.ts";
import { auditExternally } from "../core/audit/external-auditor.ts";
import type { VerdictDocument } from "../core/audit/verdict-document.ts";
import { Prng } from "../core/base/prng.ts";
import type { Engine } from "../core/engine/engine.ts";
import type { ExternalWorld } from "../core/worlds/external-world.ts";
import { anonymousId } from "./audit-target.ts";
import { cacheFolder } from "./cache-folder.ts";
import { codeVersion } from "./code-version.ts";
import { readBytes } from "./files.ts";
import { meetPolicyOn } from "./policy-conversation.ts";
import { connectPolicy, keyVariable } from "./policy-http.ts";
import { PolicyJournal } from "./policy-journal.ts";
import { startPolicyProgram } from "./policy-program.ts";
import { startWorldProgram } from "./world-program.ts";

/** A policy for a world that is not of this process. */
export type OutsidePolicy =
  | { readonly kind: "random" }
  /** An ONNX file. */
  | { readonly kind: "model"; readonly path: string; readonly options: InterfaceOptions }
  | ({ readonly kind: "program"; readonly command: string } & Asked)
  | ({ readonly kind: "http"; readonly url: string; readonly allowInsecure: boolean } & Asked);

interface Asked {
  /** For a single answer. */
  readonly timeoutSeconds: number;
  /** Rows of a message at most. */
  readonly maxRows: number;
  /** The file that keeps its answers until the audit is done; null for one in the cache folder. */
  readonly journal: string | null;
}

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
      await opened.finish();
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
  finish(): Promise<void>;
  release(): Promise<void>;
}

async function openPolicy(
  { policy, levels, seed, world: started }: OutsideAudit,
  context: OutsideContext & { readonly world: ExternalWorld },
): Promise<OpenPolicy> {
  const { world } = context;
  const shape = { inputSize: world.observationSize, actionCount: world.actions.length };
  const nothing = { limits: [], finish: async () => {}, release: async () => {} };
  switch (policy.kind) {
    case "random":
      return { ...nothing, id: anonymousId("random"), policy: randomPolicy(shape) };
    case "model": {
      const model = await readBytes(policy.path);
      const { observations } = await trialStarts(world);
      const { notes, ...imported } = await importPolicy({
        ...{ engine: await context.engine(), model, file: basename(policy.path), probes: observations },
        options: policy.options,
        needs: { ...shape, observationShape: world.observationShape },
      });
      for (const note of notes) context.onNote(note);
      const { limits, release } = imported;
      return { ...nothing, id: anonymousId(model), policy: imported.policy, limits, release };
    }
    case "program":
    case "http": {
      const identity = policy.kind === "http" ? policy.url : policy.command;
      const asked = [world.name, world.version, policy.maxRows, levels, seed, codeVersion];
      const key = sha256(JSON.stringify([identity, started.command, process.cwd(), asked]));
      return openElsewhere(policy, { ...context, key });
    }
    default:
      return policy satisfies never;
  }
}

async function openElsewhere(
  policy: Extract<OutsidePolicy, { kind: "program" | "http" }>,
  { world, signal, onNote, key }: OutsideContext & { readonly world: ExternalWorld; readonly key: string },
): Promise<OpenPolicy> {
  const { timeoutSeconds, maxRows } = policy;
  const how = { timeoutSeconds, signal, onNote: (line: string) => onNote(`policy: ${line}`) };
  const isProgram = policy.kind === "program";
  const journal = await PolicyJournal.open(policy.journal ?? join(cacheFolder(), "audits", `${key.slice(0, 24)}.jsonl`), key);
  const transport = await (isProgram
    ? startPolicyProgram({ ...how, command: policy.command })
    : Promise.resolve().then(() => connectPolicy({ ...how, ...policy, key: process.env[keyVariable] }))
  ).catch(async (error: unknown) => {
    await journal.close();
    throw error;
  });
  const release = async () => {
    await transport.close();
    await journal.close();
    if (journal.length <= 1 && policy.journal === null) await journal.remove();
  };
  try {
    if (journal.found > 1) onNote(`continuing with the ${journal.found - 1} answers in ${journal.path}; remove it to start over`);
    const met = await meetPolicyOn({
      ...{ transport, journal, maxRows, preset: "standard", trial: await trialStarts(world) },
      world: { ...world, parameters: {} },
      encoder: { name: "as given", size: world.observationSize, shape: world.observationShape },
    });
    return {
      id: anonymousId(isProgram ? policy.command : policy.url),
      policy: met.policy,
      limits: [
        "Whether the policy answers in the same way when it is not audited: it runs elsewhere, and is told the world that it is asked about.",
      ],
      finish: async () => {
        if (policy.journal === null) await journal.remove();
      },
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
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

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
