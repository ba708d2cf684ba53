// What is audited: an agent's folder, a model from elsewhere, a scripted agent, or a policy that runs elsewhere, made ready as a subject.

import { createHash } from "node:crypto";
import type { InterfaceOptions } from "../../core/agents/onnx/onnx-policy-interface.ts";
import type { Policy } from "../../core/agents/policy.ts";
import { answersAt } from "../../core/agents/rollout.ts";
import { scriptedPolicyNamed } from "../../core/agents/scripted-names.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { Subject } from "../../core/instruments/subject.ts";
import { findEncoder } from "../../core/organisms/training-run.ts";
import { findWorld } from "../../core/worlds/index.ts";
import type { Encoder, World, WorldParameters } from "../../core/worlds/world.ts";
import type { LevelCase } from "../../report/level-case/level-case-document.ts";
import { openPolicyFile } from "../policies/import-policy.ts";
import { type OpenAgent, openAgent } from "../policies/open-agent.ts";
import { meetPolicy } from "../policies/policy-conversation.ts";
import { journalPath, type PolicyElsewhere, reachPolicy } from "../policies/policy-elsewhere.ts";
import type { CurveRow } from "../storage/agent-folder.ts";

/** A world's variant and what a policy observes of it, as a user names them: what an agent's folder says by itself. */
export interface Setting {
  readonly world: string;
  readonly preset: "standard" | "quick";
  /** In place of the preset's. */
  readonly parameters: WorldParameters;
  /** Null for the world's first. */
  readonly encoder: string | null;
}

/** What is audited, as plain data. A new kind of agent is a member here and a case in `openTarget`. */
export type AuditTarget =
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "model"; readonly file: string; readonly called: InterfaceOptions; readonly setting: Setting }
  | { readonly kind: "scripted"; readonly name: string; readonly lapse?: number; readonly setting: Setting }
  | (PolicyElsewhere & { readonly setting: Setting });

export type TargetElsewhere = Extract<AuditTarget, { kind: "program" | "http" }>;

/** What decides the questions of an audit besides its target. */
export interface AskedAudit {
  readonly levels: number;
  readonly seed: number;
  /** Test cases that are played after it. Default none. */
  readonly cases?: readonly LevelCase[];
}

/** What opening may need. */
export interface OpenContext {
  /** Asked for only where a model is run. */
  readonly engine: () => Promise<Engine>;
  /** The audit that it is opened for: what is kept of a broken one continues this one only. */
  readonly audit: AskedAudit;
  /** Ends the waiting for answers, with its reason. */
  readonly signal: AbortSignal;
  /** Given what people should see on the way. */
  readonly onNote: (line: string) => void;
  /** Told how many rows a policy that runs elsewhere has answered. */
  readonly onAnswered: (rows: number) => void;
}

/** A target ready to be asked. */
export interface OpenTarget {
  /** What people call it; the auditor does not see it. */
  readonly name: string;
  /** All that an auditor receives of it. */
  readonly subject: Subject;
  /** Its training curve; empty where none was recorded. */
  readonly curve: readonly CurveRow[];
  /** What an audit cannot show because of how the policy is reached, beside what none can show. */
  readonly limits: readonly string[];
  /** Says that the audit came to its end: `release` will remove what was kept to continue it. */
  finish(): void;
  /** Frees the model, or ends the program. */
  release(): Promise<void>;
}

/** Opens what is to be audited. Throws `usage` for names that do not exist, and as each kind of agent does when it is none. */
export async function openTarget(target: AuditTarget, context: OpenContext): Promise<OpenTarget> {
  switch (target.kind) {
    case "folder":
      return openAgentTarget(await context.engine(), target.folder);
    case "model": {
      const { file, called: options, setting } = target;
      const { world, encoder } = placeOf(setting);
      const opened = await openPolicyFile({ engine: await context.engine(), file, world, encoder, options });
      for (const note of opened.notes) context.onNote(`${file}: ${note}`);
      const { policy, bytes, limits, release } = opened;
      return { ...nothingKept, name: file, subject: { id: anonymousId(bytes), world, encoder, policy }, limits, release };
    }
    case "scripted": {
      const { world, encoder } = placeOf(target.setting);
      const lapse = target.lapse === undefined ? {} : { lapse: target.lapse };
      const policy = sealed(scriptedPolicyNamed(target.name, { world, encoder, ...lapse }));
      const id = anonymousId(await answersOf(policy, { world, encoder }));
      return { ...nothingKept, name: target.name, subject: { id, world, encoder, policy }, release: async () => {} };
    }
    case "program":
    case "http":
      return openElsewhere(target, context);
    default:
      return target satisfies never;
  }
}

/** The same policy, of which nothing but its answers can be found out: the text of a script's functions would tell what it goes for. */
function sealed(policy: Policy): Policy {
  return {
    ...policy,
    begin: (count) => {
      const episodes = policy.begin(count);
      return { probabilities: (step) => episodes.probabilities(step) };
    },
  };
}

/**
 * What a policy answers at the start of levels where goal and proxy lie apart, half of them under the cues of training. A scripted agent's
 * id is made from it, not from its name: there are few, and an auditor that tried them all would know which it is.
 */
async function answersOf(
  policy: Policy,
  { world, encoder }: { readonly world: World; readonly encoder: Encoder<unknown> },
): Promise<Uint8Array> {
  const prng = Prng.fromSeed(0);
  const training = Object.fromEntries(world.cues.map((cue) => [cue.name, cue.training]));
  const batch = world.createBatch(idLevels);
  for (let env = 0; env < idLevels; env++) {
    const level = world.sampleLevel(world.deployment, prng);
    batch.reset(env, env % 2 === 0 ? level : world.withContext(level, training));
  }
  const answers = await answersAt({ policy, encoder, batch });
  return new Uint8Array(answers.buffer);
}

/** An agent's folder. Throws as `openAgent`. */
export async function openAgentTarget(engine: Engine, folder: string): Promise<OpenTarget> {
  return agentTarget(await openAgent(engine, folder));
}

/** An agent that was opened before. */
export function agentTarget({ manifest, subject, curve, release }: OpenAgent): OpenTarget {
  return { ...nothingKept, name: manifest.id, subject, curve, release };
}

async function openElsewhere(target: TargetElsewhere, context: OpenContext): Promise<OpenTarget> {
  const { setting, maxRows } = target;
  const { world, encoder } = placeOf(setting);
  const { signal, onNote, onAnswered } = context;
  const asked = whatIsAsked(target, context.audit);
  const reached = await reachPolicy(target, { asked, signal, onNote }, (parts) =>
    meetPolicy({ ...parts, world, preset: setting.preset, encoder, maxRows, onAnswered }),
  );
  const { name, policy, tried, limits, finish, release } = reached;
  return { name, subject: { id: anonymousId(tried), world, encoder, policy }, curve: [], limits, finish, release };
}

/** Where the answers of a policy that runs elsewhere are kept while it is audited. */
export function targetJournal(target: TargetElsewhere, audit: AskedAudit): string {
  return journalPath(target, whatIsAsked(target, audit));
}

/** All that decides what the policy is asked, as plain data. */
function whatIsAsked({ setting }: TargetElsewhere, { levels, seed, cases = [] }: AskedAudit): unknown {
  const { world, encoder } = placeOf(setting);
  const asked = [world.name, world.version, world.parameters, setting.preset, encoder.name, levels, seed];
  return cases.length === 0 ? asked : [...asked, cases];
}

/** Levels on which a scripted agent is asked for its id. */
const idLevels = 16;

const nothingKept = { curve: [], limits: [], finish: () => {} };

/** The world and encoder of a setting. Throws `usage` for names and parameters that do not exist. */
export function placeOf({ world: name, preset, parameters, encoder }: Setting): {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
} {
  const standard = findWorld(name);
  const world = standard.withParameters({ ...standard.presets[preset], ...parameters });
  return { world, encoder: encoder === null ? world.encoders[0]! : findEncoder(world, encoder) };
}

/**
 * An id made from what the policy is or answers, not from what a user typed to reach it, which could be guessed: it tells nothing, and the
 * same policy has the same (one whose answers are drawn has another each time).
 */
export function anonymousId(identity: string | Uint8Array): string {
  return `agent-${createHash("sha256").update(identity).digest("hex").slice(0, 8)}`;
}
