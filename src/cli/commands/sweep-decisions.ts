// mesascope sweep list, pause, resume, cancel, retry and prioritize: which sweeps there are, and what is decided about one.

import type { Command } from "commander";
import type { SweepRow } from "../../lab/api.ts";
import { prioritySchema } from "../../lab/job.ts";
import type { Decision } from "../../lab/ledger.ts";
import type { LabClient } from "../../node/server/lab-client.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, printJson } from "../command.ts";
import { count } from "../format.ts";
import { addLabOptions, askChosenLab, type LabOptions, withChosenLab } from "../lab-options.ts";
import { sweepCells, sweepHead, typedLab, unchangedText } from "../lab-text.ts";

interface DecisionOptions extends CommonOptions, LabOptions {
  readonly reason?: string;
}

type Simple = Exclude<Decision["action"], "retry" | "prioritize">;

const simple: Readonly<Record<Simple, { readonly summary: string; readonly description: string }>> = {
  pause: {
    summary: "let no job of a sweep begin, and stop those that run",
    description: "Holds the jobs of a sweep; those that run save a checkpoint and stop. What is done stays.",
  },
  resume: { summary: "go on with a sweep that was paused", description: "Lets the jobs of a paused sweep be taken again." },
  cancel: {
    summary: "give up what is not done of a sweep",
    description:
      "Cancels the jobs of a sweep that are not done; those that run stop and leave no result. What is done stays; retry takes it back.",
  },
};

/** Adds them to `mesascope sweep`. */
export function addSweepDecisions(sweep: Command, context: Context): Command {
  // What is said after "list" is said to it, though both know --json.
  sweep.enablePositionalOptions().addCommand(listCommand(context));
  for (const action of Object.keys(simple) as Simple[]) sweep.addCommand(simpleCommand(action, context));
  return sweep.addCommand(retryCommand(context)).addCommand(prioritizeCommand(context));
}

function listCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "list",
    summary: "list the sweeps of a lab",
    description: "Lists the sweeps that were accepted, with how far each is.",
    seed: "without effect: nothing is drawn",
    examples: ["sweep list", "sweep list --json"],
  });
  return addLabOptions(command).action(async (options: DecisionOptions) => {
    const sweeps = await askChosenLab(options, ({ client }) => client.sweeps.list());
    if (options.json) return printJson(terminal, { schema: "mesascope/sweeps@1", sweeps });
    const { createTable } = await import("../table.ts");
    if (sweeps.length === 0) terminal.out.write(`No sweeps yet. Give the lab one: mesascope sweep FILE${typedLab(options)}\n`);
    else terminal.out.write(createTable({ head: sweepHead, rows: sweeps.map(sweepCells) }, terminal.out));
  });
}

function decisionCommand(about: {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly example: string;
}): Command {
  const { example, ...rest } = about;
  return addLabOptions(
    describeCommand({ ...rest, seed: "without effect: nothing is drawn", examples: [example] }).argument(
      "<sweep>",
      'its name, as "sweep list" says it',
    ),
  );
}

function simpleCommand(action: Simple, context: Context): Command {
  return decisionCommand({ name: action, ...simple[action], example: `sweep ${action} corner-proxies` }).action(
    (sweep: string, options: DecisionOptions) => decide({ action, target: { kind: "sweep", sweep } }, { options, context }),
  );
}

function retryCommand(context: Context): Command {
  return decisionCommand({
    name: "retry",
    summary: "do failed and cancelled jobs of a sweep again",
    description: "Queues the jobs of a sweep that failed or were cancelled. The reason is written down beside it.",
    example: "sweep retry corner-proxies --reason 'the disk was full'",
  })
    .requiredOption("--reason <text>", "why they will do now")
    .action((sweep: string, options: DecisionOptions & { readonly reason: string }) =>
      decide({ action: "retry", reason: options.reason, target: { kind: "sweep", sweep } }, { options, context }),
    );
}

function prioritizeCommand(context: Context): Command {
  const { minimum, maximum } = { minimum: prioritySchema.minValue ?? 0, maximum: prioritySchema.maxValue ?? 100 };
  return decisionCommand({
    name: "prioritize",
    summary: "let a sweep be done before or after others",
    description:
      "Sets the priority of the jobs of a sweep that are not done: the higher is taken first, among equals the older. A file says 50 where it says nothing.",
    example: "sweep prioritize corner-proxies 80",
  })
    .argument("<priority>", `from ${minimum} to ${maximum}`, integerFrom(minimum, maximum))
    .action((sweep: string, priority: number, options: DecisionOptions) =>
      decide({ action: "prioritize", priority, target: { kind: "sweep", sweep } }, { options, context }),
    );
}

async function decide(
  decision: Decision,
  { options, context: { terminal } }: { readonly options: DecisionOptions; readonly context: Context },
): Promise<void> {
  const { decisionSchema } = await import("../../lab/ledger.ts");
  const { MesascopeError } = await import("../../core/base/errors.ts");
  const parsed = decisionSchema.safeParse(decision);
  if (!parsed.success) {
    const why = parsed.error.issues.map(({ path, message }) => `${String(path.at(-1))}: ${message}`).join("; ");
    throw new MesascopeError("usage", `${why}. Correct it; "mesascope sweep list${typedLab(options)}" says the names of sweeps.`);
  }
  const { action, target } = decision;
  const sweep = target.kind === "sweep" ? target.sweep : "";
  const { affected, found } = await withChosenLab(options, async ({ client }) => {
    const { affected } = await client.decide(parsed.data);
    return { affected, found: affected > 0 || options.json ? undefined : await sweepNamed(sweep, client) };
  });
  if (options.json) return printJson(terminal, { schema: "mesascope/decision@1", action, sweep, affected });
  if (affected === 0 && found) return void terminal.out.write(`${unchangedText(found, { action, where: typedLab(options) })}\n`);
  terminal.out.write(`${sweep}: ${action}: ${count(affected)} job${affected === 1 ? "" : "s"} changed by it.\n`);
}

/** Undefined also where the lab does not tell: what was decided stands, and is not to be asked for again because of what is said beside it. */
async function sweepNamed(name: string, client: LabClient): Promise<SweepRow | undefined> {
  const sweeps = await client.sweeps.list().catch(() => []);
  return sweeps.find((sweep) => sweep.name === name);
}
