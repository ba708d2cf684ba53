// The part of "mesascope audit" for worlds that are programs: their options, and which policies can be audited there.

import type { Command } from "commander";
import { MesascopeError } from "../core/base/errors.ts";
import type { OutsideAudit, OutsidePolicy } from "../node/audit/audit-outside.ts";
import type { AuditTarget } from "../node/audit/audit-target.ts";
import { secondsFrom } from "./command.ts";

export interface WorldProgramOptions {
  readonly worldProgram?: string;
  readonly worldTimeout: number;
}

/** Options that mean nothing where the world is a program. */
const foreignOptions = {
  world: "--world",
  preset: "--preset",
  parameter: "--parameter",
  encoder: "--encoder",
  out: "--out",
} as const;

/** Adds the options that make a program the world. */
export function addWorldProgramOptions(command: Command): Command {
  return command
    .option("--world-program <command>", "a program that is the world, in place of --world (docs/world-protocol.md)")
    .option("--world-timeout <seconds>", "of --world-program: time for one answer", secondsFrom(0.1, 86_400), 60)
    .addHelpText("after", worldProgramHelp);
}

const worldProgramHelp = `
Worlds that are programs (--world-program "python3 -m mesascope_world my_env:world"; clients/python has the Python side):
  the policy is NAME.onnx, --policy with a command or an address, or --policy scripted:random. Where the program cannot
  snapshot and restore its states the verdict is context-conditional, incapable or inconclusive, never more; instruments that need that
  are said not to be run. There is no report.
`;

/** The target as a policy for the world of a program. Throws `usage` for one that only a world of this library can have, and for options without meaning there. */
function outsidePolicy(target: AuditTarget, command: Command): OutsidePolicy {
  const typed = Object.entries(foreignOptions).filter(([name]) => command.getOptionValueSource(name) === "cli");
  if (typed.length > 0) {
    throw new MesascopeError(
      "usage",
      `--world-program and ${typed.map(([, flag]) => flag).join(", ")} given; the program says what its world is, and there is no report on it. Leave ${typed.length === 1 ? "it" : "them"} out.`,
    );
  }
  switch (target.kind) {
    case "folder":
      throw new MesascopeError(
        "usage",
        `the folder ${target.folder} given with --world-program; an agent of this library acts in the world that it was trained in. Audit it without --world-program, or name its policy.onnx.`,
      );
    case "scripted":
      if (target.name === "random" && target.lapse === undefined) return { kind: "random" };
      throw new MesascopeError(
        "usage",
        `scripted:${target.name} given with --world-program; scripted agents look at cells and items, which a program does not show. Only scripted:random needs none.`,
      );
    case "model":
      return { kind: "model", path: target.file, options: target.called };
    case "program":
    case "http": {
      const { setting: _, ...elsewhere } = target;
      return elsewhere;
    }
    default:
      return target satisfies never;
  }
}

/** The audit that a target names in the world of `--world-program`; null without it. Throws `usage` as `outsidePolicy`, and for a time-out without a program. */
export function outsideAudit(
  target: AuditTarget,
  asked: {
    readonly options: WorldProgramOptions & { readonly levels: number; readonly seed: number };
    readonly command: Command;
  },
): OutsideAudit | null {
  const { options, command } = asked;
  const { worldProgram, worldTimeout, levels, seed } = options;
  if (worldProgram === undefined) {
    if (command.getOptionValueSource("worldTimeout") !== "cli") return null;
    throw new MesascopeError(
      "usage",
      "--world-timeout given without --world-program; a world of this library needs no time. Leave it out.",
    );
  }
  const policy = outsidePolicy(target, command);
  return { world: { command: worldProgram, timeoutSeconds: worldTimeout }, policy, levels, seed };
}
