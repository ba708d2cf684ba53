// What is audited: an agent's folder, a scripted agent, or a policy that runs elsewhere, made ready as a subject.

import { createHash } from "node:crypto";
import { scriptedPolicyNamed } from "../core/agents/scripted-names.ts";
import type { Engine } from "../core/engine/engine.ts";
import type { Subject } from "../core/instruments/subject.ts";
import { findEncoder } from "../core/organisms/training-run.ts";
import { asCollectionWorld, type CollectionWorld } from "../core/worlds/grid/collection.ts";
import { findWorld } from "../core/worlds/index.ts";
import type { Encoder, WorldParameters } from "../core/worlds/world.ts";
import type { CurveRow } from "./agent-folder.ts";
import { openAgent } from "./open-agent.ts";

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
  | { readonly kind: "scripted"; readonly name: string; readonly lapse?: number; readonly setting: Setting };

/** What opening may need. */
export interface OpenContext {
  /** Asked for only where a model is run. */
  readonly engine: () => Promise<Engine>;
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
    case "folder": {
      const { manifest, subject, curve, release } = await openAgent(await context.engine(), target.folder);
      return { ...nothingKept, name: manifest.id, subject, curve, release };
    }
    case "scripted": {
      const { world, encoder } = placeOf(target.setting);
      const lapse = target.lapse === undefined ? {} : { lapse: target.lapse };
      const policy = scriptedPolicyNamed(target.name, { world, encoder, ...lapse });
      const id = anonymousId(`${target.name} ${target.lapse}`);
      return { ...nothingKept, name: target.name, subject: { id, world, encoder, policy }, release: async () => {} };
    }
    default:
      return target satisfies never;
  }
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
  return `agent-${createHash("sha256").update(identity).digest("hex").slice(0, 8)}`;
}
