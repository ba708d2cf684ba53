// What "mesascope audit" audits: its options, and the target that they and the argument name. Exactly one target.

import { type Command, InvalidArgumentError } from "commander";
import { MesascopeError } from "../core/base/errors.ts";
import type { WorldParameters } from "../core/worlds/world.ts";
import type { AuditTarget, Setting } from "../node/audit-target.ts";
import { oneOf } from "./command.ts";

export interface TargetOptions {
  readonly policy?: string;
  readonly lapse?: number;
  readonly world?: string;
  readonly preset: "standard" | "quick";
  readonly parameter?: WorldParameters;
  readonly encoder?: string;
}

/** Options by which a policy that is no agent's folder is placed in a world: a folder's manifest says all of it. */
const settingOptions = ["world", "preset", "parameter", "encoder"] as const;
/** Options of one kind of target. */
const optionsOf = { scripted: ["lapse"] } as const;
const scriptedPrefix = "scripted:";

/** Adds the options that say what is audited. */
export function addTargetOptions(command: Command): Command {
  return command
    .argument("[agent]", "the agent's folder, with policy.onnx and manifest.json")
    .option("--policy <what>", "in place of an agent's folder: scripted:NAME, such as scripted:nearest-coin")
    .option("--world <name>", 'the policy\'s world; "mesascope worlds" lists them (default: "arcade")')
    .option("--preset <name>", "standard or quick (a smaller board)", oneOf("preset", ["standard", "quick"]), "standard")
    .option("--parameter <name=value>", "a parameter of the world in place of the preset's; may be given again", addParameter)
    .option("--encoder <name>", "what the policy observes (default: the world's first)")
    .option("--lapse <share>", "of scripted:NAME: share of random actions, 0 to 1 (default: 0.05)", parseShare);
}

/** What is audited. Throws `usage` where none or more than one is named, and for options that do not belong to it. */
export function auditedTarget(
  agent: string | undefined,
  { options, command }: { readonly options: TargetOptions; readonly command: Command },
): AuditTarget {
  const { policy } = options;
  if ((agent === undefined) === (policy === undefined)) {
    throw new MesascopeError(
      "usage",
      `${agent === undefined ? "nothing to audit given" : `${agent} and --policy given`}; expected either an agent's folder or --policy. Run "mesascope audit --help".`,
    );
  }
  if (policy?.startsWith(scriptedPrefix)) {
    requireOwn("scripted", { command });
    const lapse = options.lapse === undefined ? {} : { lapse: options.lapse };
    return { kind: "scripted", name: policy.slice(scriptedPrefix.length), ...lapse, setting: settingOf(options) };
  }
  if (policy !== undefined) {
    throw new MesascopeError("usage", `--policy ${policy} given; expected scripted:NAME, such as scripted:nearest-coin.`);
  }
  requireOwn("folder", { command });
  return { kind: "folder", folder: agent! };
}

/** The target as a command line names it, for reports. */
export function typedTarget(target: AuditTarget): string {
  if (target.kind === "folder") return quoted(target.folder);
  const { world, preset, parameters, encoder } = target.setting;
  const setting = [
    `--world ${world} --preset ${preset}`,
    ...Object.entries(parameters).map(([name, value]) => `--parameter ${name}=${value}`),
    ...(encoder === null ? [] : [`--encoder ${encoder}`]),
  ].join(" ");
  const lapse = target.lapse === undefined ? "" : ` --lapse ${target.lapse}`;
  return `--policy ${scriptedPrefix}${target.name}${lapse} ${setting}`;
}

/** As a shell reads it back. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function settingOf(options: TargetOptions): Setting {
  const { world = "arcade", preset, parameter = {}, encoder = null } = options;
  return { world, preset, parameters: parameter, encoder };
}

/** Throws `usage` for typed options that another kind of target has, and this one not. */
function requireOwn(kind: AuditTarget["kind"], { command }: { readonly command: Command }): void {
  const others = Object.entries(optionsOf).flatMap(([owner, names]) => (owner === kind ? [] : names));
  const foreign = [...others, ...(kind === "folder" ? settingOptions : [])];
  const typed = foreign.filter((name) => command.getOptionValueSource(name) === "cli");
  if (typed.length === 0) return;
  const why = kind === "folder" ? "an agent's folder says itself what it was made for" : `they do not belong to a ${kind} policy`;
  throw new MesascopeError(
    "usage",
    `${typed.map(flagOf).join(" and ")} given; ${why}. Leave ${typed.length === 1 ? "it" : "them"} out.`,
  );
}

/** `policyTimeout` → `--policy-timeout`. */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function addParameter(text: string, before: WorldParameters = {}): WorldParameters {
  const match = /^([^=]+)=(.+)$/.exec(text);
  if (!match || !Number.isFinite(Number(match[2]))) throw new InvalidArgumentError("Expected NAME=NUMBER, such as size=9.");
  return { ...before, [match[1]!]: Number(match[2]) };
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError("Expected a share from 0 to 1, such as 0.05.");
}
