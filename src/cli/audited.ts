// What "mesascope audit" audits: its options, and the target that they and the argument name. Exactly one target.

import { type Command, InvalidArgumentError } from "commander";
import { MesascopeError } from "../core/base/errors.ts";
import type { WorldParameters } from "../core/worlds/world.ts";
import type { AuditTarget, Setting } from "../node/audit/audit-target.ts";
import { keyVariable, shownUrl } from "../node/policies/policy-http.ts";
import { integerFrom, oneOf, secondsFrom } from "./command.ts";
import { quoted } from "./format.ts";
import {
  addModelOptions,
  interfaceOptions,
  isModelFile,
  type ModelOptions,
  modelOptionNames,
  typedModelOptions,
} from "./model-options.ts";
import { addParameter } from "./parameter-option.ts";

export interface TargetOptions extends ModelOptions {
  readonly policy?: string;
  readonly policyTimeout: number;
  readonly policyBatch: number;
  readonly journal?: string;
  readonly allowInsecureHttp?: true;
  readonly lapse?: number;
  readonly world?: string;
  readonly preset: "standard" | "quick";
  readonly parameter?: WorldParameters;
  readonly encoder?: string;
}

/** Options by which a policy that is no agent's folder is placed in a world: a folder's manifest says all of it. */
const settingOptions = ["world", "preset", "parameter", "encoder"] as const;
/** Options of one kind of target. */
const optionsOf: Readonly<Partial<Record<AuditTarget["kind"], readonly (keyof TargetOptions)[]>>> = {
  scripted: ["lapse"],
  program: ["policyTimeout", "policyBatch", "journal"],
  http: ["policyTimeout", "policyBatch", "journal", "allowInsecureHttp"],
  model: modelOptionNames,
};
/** Options that say how a policy is reached, called and placed, of which an agent's folder or run has none. */
export const placingOptions: readonly string[] = [...settingOptions, ...new Set(Object.values(optionsOf).flat())];
const scriptedPrefix = "scripted:";

/** Adds the options that say what is audited. */
export function addTargetOptions(command: Command): Command {
  const described = command
    .argument("[agent]", "the agent's folder, with policy.onnx and manifest.json, or an ONNX policy from elsewhere (NAME.onnx)")
    .option("--policy <what>", "in place of an agent: a command, an address (http, https) or scripted:NAME; see below")
    .option("--world <name>", 'the policy\'s world; "mesascope worlds" lists them (default: "arcade")')
    .option("--preset <name>", "standard or quick (a smaller board)", oneOf("preset", ["standard", "quick"]), "standard")
    .option("--parameter <name=value>", "a parameter of the world in place of the preset's; may be given again", addParameter)
    .option("--encoder <name>", "what the policy observes (default: the world's first)")
    .option("--policy-timeout <seconds>", "of a command or an address: time for one answer", secondsFrom(0.1, 86_400), 30)
    .option("--policy-batch <rows>", "of a command or an address: observations in one message", integerFrom(1, 4096), 256)
    .option("--journal <file>", "of a command or an address: keep its answers here (default: in the cache, until the audit ends)")
    .option("--allow-insecure-http", "of an address: allow plain http to another machine")
    .option("--lapse <share>", "of scripted:NAME: share of random actions, 0 to 1 (default: 0.05)", parseShare)
    .addHelpText("after", policyHelp);
  return addModelOptions(described);
}

const policyHelp = `
Policies that are no agent's folder (a file, or --policy), in a world (--world, --preset, --parameter, --encoder):
  NAME.onnx              a model from elsewhere (docs/foreign-policies.md); --input, --output, --state and --fill say how it is called,
                         "mesascope show NAME.onnx" what it has
  "python3 mine.py"      a program that answers on standard output, line by line (docs/policy-protocol.md); no shell reads the command
  https://host/policy    a server with the same messages; its key is read from ${keyVariable}
  scripted:NAME          a control whose aim is known: nearest-FEATURE (in the arcade nearest-coin, nearest-capsule), cue-gated,
                         cue-gated:CUE, FEATURE-averse (red-averse), random, loiterer, planner:OBJECTIVE (planner:capsules);
                         an unknown name lists all of the world's
An interrupted or failed audit of a program or server continues when the same command is run again.
`;

/** What is audited. Throws `usage` where none or more than one is named, and for options that do not belong to it. */
export function auditedTarget(
  agent: string | undefined,
  { options, command }: { readonly options: TargetOptions; readonly command: Command },
): AuditTarget {
  const { policy } = options;
  if ((agent === undefined) === (policy === undefined)) {
    throw new MesascopeError(
      "usage",
      `${agent === undefined ? "nothing to audit given" : `${agent} and --policy given`}; expected either an agent or --policy. Run "mesascope audit --help".`,
    );
  }
  if (policy?.startsWith(scriptedPrefix)) {
    requireOwn("scripted", { command });
    const lapse = options.lapse === undefined ? {} : { lapse: options.lapse };
    return { kind: "scripted", name: policy.slice(scriptedPrefix.length), ...lapse, setting: settingOf(options) };
  }
  if (policy !== undefined) {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(policy)?.[1]?.toLowerCase();
    if (scheme !== undefined && scheme !== "http" && scheme !== "https") {
      throw new MesascopeError(
        "usage",
        `--policy with an address of ${scheme}:// given; expected http:// or https://, a command, or ${scriptedPrefix}NAME.`,
      );
    }
    const kind = scheme === undefined ? "program" : "http";
    requireOwn(kind, { command });
    const { policyTimeout, policyBatch, journal = null, allowInsecureHttp = false } = options;
    const elsewhere = { setting: settingOf(options), timeoutSeconds: policyTimeout, maxRows: policyBatch, journal };
    return kind === "http"
      ? { kind, url: policy, allowInsecure: allowInsecureHttp, ...elsewhere }
      : { kind, command: policy, ...elsewhere };
  }
  if (isModelFile(agent!)) {
    requireOwn("model", { command });
    return { kind: "model", file: agent!, called: interfaceOptions(options), setting: settingOf(options) };
  }
  requireOwn("folder", { command });
  return { kind: "folder", folder: agent! };
}

/** The target as a command line names it, for reports; of an address without what may be secret in it. */
export function typedTarget(target: AuditTarget): string {
  switch (target.kind) {
    case "folder":
      return quoted(target.folder);
    case "model":
      return [quoted(target.file), ...typedModelOptions(target.called).map(quoted), typedSetting(target.setting)].join(" ");
    case "scripted": {
      const lapse = target.lapse === undefined ? "" : ` --lapse ${target.lapse}`;
      return `--policy ${scriptedPrefix}${target.name}${lapse} ${typedSetting(target.setting)}`;
    }
    case "program":
      return `--policy ${quoted(target.command)} --policy-batch ${target.maxRows} ${typedSetting(target.setting)}`;
    case "http":
      return `--policy ${quoted(shownUrl(new URL(target.url)))} --policy-batch ${target.maxRows} ${typedSetting(target.setting)}`;
    default:
      return target satisfies never;
  }
}

function typedSetting({ world, preset, parameters, encoder }: Setting): string {
  return [
    `--world ${world} --preset ${preset}`,
    ...Object.entries(parameters).map(([name, value]) => `--parameter ${name}=${value}`),
    ...(encoder === null ? [] : [`--encoder ${encoder}`]),
  ].join(" ");
}

function settingOf(options: TargetOptions): Setting {
  const { world = "arcade", preset, parameter = {}, encoder = null } = options;
  return { world, preset, parameters: parameter, encoder };
}

/** Throws `usage` for typed options that another kind of target has, and this one not. */
function requireOwn(kind: AuditTarget["kind"], { command }: { readonly command: Command }): void {
  const own: readonly string[] = optionsOf[kind] ?? [];
  const placing: readonly string[] = kind === "folder" ? [] : settingOptions;
  const foreign = placingOptions.filter((name) => !own.includes(name) && !placing.includes(name));
  const typed = foreign.filter((name) => command.getOptionValueSource(name) === "cli");
  if (typed.length === 0) return;
  const why = kind === "folder" ? "an agent's folder says itself what it was made for" : "what is audited has no use for it";
  throw new MesascopeError(
    "usage",
    `${typed.map(flagOf).join(" and ")} given; ${why}. Leave ${typed.length === 1 ? "it" : "them"} out.`,
  );
}

/** `policyTimeout` → `--policy-timeout`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError("Expected a share from 0 to 1, such as 0.05.");
}
