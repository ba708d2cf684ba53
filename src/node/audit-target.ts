// What is audited: an agent's folder, a model from elsewhere, a scripted agent, or a policy that runs elsewhere, made ready as a subject.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { InterfaceOptions } from "../core/agents/onnx-policy-interface.ts";
import { scriptedPolicyNamed } from "../core/agents/scripted-names.ts";
import type { Engine } from "../core/engine/engine.ts";
import type { Subject } from "../core/instruments/subject.ts";
import { findEncoder } from "../core/organisms/training-run.ts";
import { asCollectionWorld, type CollectionWorld } from "../core/worlds/grid/collection.ts";
import { findWorld } from "../core/worlds/index.ts";
import type { Encoder, WorldParameters } from "../core/worlds/world.ts";
import type { CurveRow } from "./agent-folder.ts";
import { cacheFolder } from "./cache-folder.ts";
import { codeVersion } from "./code-version.ts";
import { openPolicyFile } from "./import-policy.ts";
import { openAgent } from "./open-agent.ts";
import { meetPolicy } from "./policy-conversation.ts";
import { connectPolicy, keyVariable } from "./policy-http.ts";
import { PolicyJournal } from "./policy-journal.ts";
import { startPolicyProgram } from "./policy-program.ts";

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
  | ({ readonly kind: "program"; readonly command: string } & Elsewhere)
  | ({ readonly kind: "http"; readonly url: string; readonly allowInsecure: boolean } & Elsewhere);

/** What is said of a policy that runs elsewhere. */
interface Elsewhere {
  readonly setting: Setting;
  /** For a single answer. */
  readonly timeoutSeconds: number;
  /** Rows of a message at most. */
  readonly maxRows: number;
  /** The file that keeps its answers until the audit is done; null for one in the cache folder. */
  readonly journal: string | null;
}

export type TargetElsewhere = Extract<AuditTarget, { kind: "program" | "http" }>;

/** What opening may need. */
export interface OpenContext {
  /** Asked for only where a model is run. */
  readonly engine: () => Promise<Engine>;
  /** The audit that it is opened for: what is kept of a broken one continues this one only. */
  readonly audit: { readonly levels: number; readonly seed: number };
  /** Ends the waiting for answers, with its reason. */
  readonly signal: AbortSignal;
  /** Given what people should see on the way. */
  readonly onNote: (line: string) => void;
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
  /** Says that the audit came to its end: what was kept to continue it is removed. */
  finish(): Promise<void>;
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
      const policy = scriptedPolicyNamed(target.name, { world, encoder, ...lapse });
      const id = anonymousId(`${target.name} ${target.lapse}`);
      return { ...nothingKept, name: target.name, subject: { id, world, encoder, policy }, release: async () => {} };
    }
    case "program":
    case "http":
      return openElsewhere(target, context);
    default:
      return target satisfies never;
  }
}

/** An agent's folder. Throws as `openAgent`. */
export async function openAgentTarget(engine: Engine, folder: string): Promise<OpenTarget> {
  const { manifest, subject, curve, release } = await openAgent(engine, folder);
  return { ...nothingKept, name: manifest.id, subject, curve, release };
}

/** What no audit can show of a policy that is asked from outside. */
const limitsOfElsewhere: readonly string[] = [
  "Whether the policy answers in the same way when it is not audited: it runs elsewhere, and is told the world that it is asked about.",
];

async function openElsewhere(target: TargetElsewhere, { audit, signal, onNote }: OpenContext): Promise<OpenTarget> {
  const { setting, timeoutSeconds, maxRows } = target;
  const { world, encoder } = placeOf(setting);
  const key = journalKey(target, audit);
  const how = { timeoutSeconds, signal, onNote: (line: string) => onNote(`policy: ${line}`) };
  const connected =
    target.kind === "http"
      ? connectPolicy({ ...how, url: target.url, allowInsecure: target.allowInsecure, key: process.env[keyVariable] })
      : null;
  const journal = await PolicyJournal.open(journalPath(target, audit), key);
  let transport = connected;
  const release = async () => {
    await transport?.close();
    await journal.close();
    if (journal.length <= 1 && target.journal === null) await journal.remove();
  };
  try {
    transport ??= await startPolicyProgram({ ...how, command: target.kind === "program" ? target.command : "" });
    if (journal.found > 1) {
      onNote(`continuing with the ${journal.found - 1} answers in ${journal.path}; remove it to start over`);
    }
    const { name, policy } = await meetPolicy({ transport, journal, world, preset: setting.preset, encoder, maxRows });
    const id = anonymousId(target.kind === "http" ? target.url : target.command);
    return {
      name,
      subject: { id, world, encoder, policy },
      curve: [],
      limits: limitsOfElsewhere,
      finish: async () => {
        if (target.journal === null) await journal.remove();
      },
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Where the answers of a policy that runs elsewhere are kept while it is audited. */
export function journalPath(target: TargetElsewhere, audit: OpenContext["audit"]): string {
  return target.journal ?? join(cacheFolder(), "audits", `${journalKey(target, audit).slice(0, 24)}.jsonl`);
}

/** A hash of all that decides what the policy is asked. */
function journalKey(target: TargetElsewhere, audit: OpenContext["audit"]): string {
  const { world, encoder } = placeOf(target.setting);
  const policy = target.kind === "http" ? target.url : [target.command, process.cwd()];
  const asked = [world.name, world.version, world.parameters, target.setting.preset, encoder.name, target.maxRows];
  return sha256(JSON.stringify([policy, asked, audit.levels, audit.seed, codeVersion]));
}

const nothingKept = { curve: [], limits: [], finish: async () => {} };

/** The world and encoder of a setting. Throws `usage` for names and parameters that do not exist. */
export function placeOf({ world: name, preset, parameters, encoder }: Setting): {
  readonly world: CollectionWorld;
  readonly encoder: Encoder<unknown>;
} {
  const standard = findWorld(name);
  const world = asCollectionWorld(standard.withParameters({ ...standard.presets[preset], ...parameters }));
  return { world, encoder: encoder === null ? world.encoders[0]! : findEncoder(world, encoder) };
}

/** An id made from what the policy is: it tells nothing, and the same policy has the same. */
export function anonymousId(identity: string | Uint8Array): string {
  return `agent-${sha256(identity).slice(0, 8)}`;
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
