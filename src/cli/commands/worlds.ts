// mesascope worlds: the list of worlds, or one with its features, cues, shift axes and an example level.

import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { World, WorldParameters } from "../../core/worlds/world.ts";
import { type CommonOptions, type Context, describeCommand, printJson } from "../command.ts";
import { count } from "../format.ts";
import { addParameter } from "../parameter-option.ts";

interface WorldsOptions extends CommonOptions {
  readonly parameter?: WorldParameters;
}

const labelWidth = 12;

export function worldsCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "worlds",
    summary: "list the worlds, or describe one",
    description:
      "Lists the worlds, or describes one: its parameters, features, objectives, shift axes, encoders, and a level of training and of deployment.",
    seed: "decides the example levels",
    examples: ["worlds", "worlds arcade", "worlds flattery --parameter specification=1", "worlds arcade --json"],
  })
    .argument("[world]", "describe this one")
    .option(
      "--parameter <name=value>",
      "of the world: a parameter in place of the standard one; may be given again",
      addParameter,
    )
    .action(async (name: string | undefined, options: WorldsOptions) => {
      if (name === undefined && options.parameter !== undefined) {
        throw new MesascopeError("usage", "--parameter given without a world; parameters are a world's. Name one.");
      }
      const { findWorld, worlds } = await import("../../core/worlds/index.ts");
      const { Prng } = await import("../../core/base/prng.ts");
      const chosen = name === undefined ? worlds : [findWorld(name, options.parameter)];
      const examples = (world: World) => {
        const draw = (distribution: World["training"]) =>
          world.formatLevel(world.sampleLevel(distribution, Prng.fromSeed(options.seed)));
        return { training: draw(world.training), deployment: draw(world.deployment) };
      };
      if (options.json) {
        const list = chosen.map((world) => ({ ...describe(world), examples: examples(world) }));
        return printJson(terminal, { schema: "mesascope/worlds@1", worlds: list });
      }
      const { prose } = await import("../fit-text.ts");
      if (name === undefined) {
        const width = Math.max(...chosen.map((world) => world.name.length)) + 2;
        for (const world of chosen) {
          terminal.out.write(prose(`${world.name.padEnd(width)}${world.summary}`, { channel: terminal.out, hanging: width }));
        }
        terminal.out.write('\nDescribe one with "mesascope worlds NAME"; play one with "mesascope play NAME".\n');
        return;
      }
      for (const world of chosen) {
        const { description, levels } = inWords(world, examples(world));
        terminal.out.write(prose(description, { channel: terminal.out, hanging: labelWidth + 3 }) + levels);
      }
    });
}

function describe(world: World) {
  const {
    name,
    version,
    summary,
    parameters,
    parameterMeanings,
    presets,
    actions,
    features,
    baseWeights,
    cues,
    axes,
    training,
    deployment,
  } = world;
  const { featureMeanings, objectives, intended, goal, proxy, legend } = world;
  const encoders = world.encoders.map((encoder) => ({ name: encoder.name, size: encoder.size, shape: encoder.shape }));
  return {
    name,
    version,
    summary,
    parameters,
    parameterMeanings,
    presets,
    actions,
    features,
    featureMeanings,
    baseWeights,
    objectives,
    intended,
    goal,
    proxy,
    solving: world.solving.kind,
    cues,
    axes,
    training,
    deployment,
    encoders,
    legend,
  };
}

/** The description as lines of any length, and the example levels, whose lines are pictures. */
function inWords(
  world: World,
  examples: { readonly training: string; readonly deployment: string },
): { readonly description: string; readonly levels: string } {
  const cues = world.cues.map((cue) => cue.name);
  const lines = [
    `${world.name} (version ${world.version}): ${world.summary}`,
    "",
    "parameters (this variant's; integers, the least and the most)",
    ...parameterLines(world),
    "",
    `quick       ${variantWords(world.presets.quick)}`,
    `actions     ${world.actions.join(", ")}`,
    `best play   ${world.solving.kind === "exact" ? "solved exactly" : "known between bounds"}`,
    "",
    `features (what one of each counts; goal and proxy: ${world.goal} and ${world.proxy})`,
    ...featureLines(world),
    "",
    "objectives (the first is what training rewards)",
    ...objectiveLines(world),
    "",
    "shift axes (training → deployment; all values)",
    ...world.axes.map(
      ({ name, values, training, deployment, meaning }) =>
        `  ${name.padEnd(labelWidth)} ${training} → ${deployment}  (${values.join(", ")})  ${cues.includes(name) ? "cue: " : ""}${meaning}`,
    ),
    "",
    ...encoderLines(world),
    "",
    `levels      ${world.legend}`,
  ];
  const levels = ["", "a level of training", indent(examples.training), "", "a level of deployment", indent(examples.deployment)];
  return { description: lines.join("\n"), levels: `${levels.join("\n")}\n` };
}

function variantWords(parameters: World["parameters"]): string {
  const words = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return words.join(" ");
}

function parameterLines({ parameters, parameterMeanings }: World): string[] {
  const width = Math.max(labelWidth, ...Object.keys(parameters).map((name) => name.length));
  return Object.entries(parameterMeanings).map(([name, { standard, range, meaning }]) => {
    const value = parameters[name] === standard ? `${standard}` : `${parameters[name]}, standard ${standard}`;
    return `  ${name.padEnd(width)} ${value}  (${range[0]} to ${range[1]})  ${meaning}`;
  });
}

function featureLines({ features, featureMeanings }: World): string[] {
  const width = Math.max(labelWidth, ...features.map((name) => name.length));
  return features.map((name) => `  ${name.padEnd(width)} ${featureMeanings[name]}`);
}

/** A line for each objective, its name, what is paid and what it means each in a column. */
function objectiveLines({ objectives, intended }: World): string[] {
  const rows = objectives.map(({ name, weights, gamma, meaning }, i) => {
    const marks = [...(i === 0 ? ["rewarded"] : []), ...(name === intended ? ["meant"] : [])];
    const words = Object.entries(weights).map(([feature, weight]) => `${weight} per ${feature}`);
    const discount = gamma === undefined ? "" : `, discount ${gamma}`;
    return { name, paid: `${marks.length === 0 ? "proxy" : marks.join(" and ")}: ${words.join(", ")}${discount}`, meaning };
  });
  const width = Math.max(labelWidth, ...rows.map(({ name }) => name.length));
  return rows.map(({ name, paid, meaning }) => `  ${name.padEnd(width)} ${paid}  (${meaning})`);
}

/** A line for each encoder: the size and shape of an observation in each preset, told once where they are the same. */
function encoderLines(world: World): string[] {
  const presets = Object.entries(world.presets).map(([preset, parameters]) => ({
    preset,
    variant: world.withParameters(parameters),
  }));
  const width = Math.max(...world.encoders.map(({ name }) => name.length), labelWidth);
  const lines = world.encoders.map(({ name }) => {
    const sizes = presets.map(({ preset, variant }) => {
      const { size, shape } = variant.encoders.find((encoder) => encoder.name === name)!;
      return { preset, text: `${count(size)} numbers [${shape.join(", ")}]` };
    });
    const isSame = sizes.every(({ text }) => text === sizes[0]!.text);
    const told = isSame ? sizes[0]!.text : sizes.map(({ preset, text }) => `${preset} ${text}`).join(", ");
    return `  ${name.padEnd(width)} ${told}`;
  });
  return ["encoders (size of an observation and its shape; the first is the default)", ...lines];
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, "  ");
}
