// mesascope organisms: the list of agents whose truth is known (and the wild one), and each one's recipe.

import type { Command } from "commander";
import type { Organism } from "../../core/organisms/organism.ts";
import { type CommonOptions, type Context, describeCommand, oneOf, printJson } from "../command.ts";
import { count } from "../format.ts";
import { organismsMakeCommand } from "./organisms-make.ts";

interface OrganismsOptions extends CommonOptions {
  readonly preset: "standard" | "quick";
}

export function organismsCommand(context: Context): Command {
  // Positional options: what is said after "make" is said to it, though both know --seed and --json.
  return listCommand(context).enablePositionalOptions().addCommand(organismsMakeCommand(context));
}

function listCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "organisms",
    summary: "list the organisms, describe one, or make a population",
    description:
      "Lists the organisms: agents whose objective is known because it was built in, controls, and wild ones. With --json, the recipe of the one named.",
    seed: "goes into the recipes printed",
    examples: [
      "organisms",
      "organisms B",
      "organisms corner",
      "organisms make --plan quick --out population",
      "organisms B --preset quick --json",
    ],
  })
    .argument("[organism]", "describe this one; or a world, for its organisms")
    .option("--preset <name>", "standard or quick (a smaller board)", oneOf("preset", ["standard", "quick"]), "standard")
    .action(async (id: string | undefined, options: OrganismsOptions) => {
      const { findOrganism, organisms } = await import("../../core/organisms/index.ts");
      const ofWorld = organisms.filter(({ world }) => id === undefined || world === id);
      const isList = ofWorld.length > 0;
      const chosen = isList ? ofWorld : [findOrganism(id!)];
      const { preset, seed } = options;
      if (options.json) {
        // A recipe spells its level distribution out and is long: it comes when one organism is asked for.
        const list = chosen.map(({ recipe, ...rest }) => (isList ? rest : { ...rest, recipe: recipe({ preset, seed }) }));
        const { organismsSchema } = await import("../shown-documents.ts");
        return printJson(terminal, organismsSchema.parse({ schema: "mesascope/organisms@1", organisms: list }));
      }
      const { prose } = await import("../fit-text.ts");
      const width = Math.max(...chosen.map((organism) => organism.id.length));
      for (const organism of chosen) {
        const text = isList
          ? `${organism.id.padEnd(width)}  ${organism.origin.padEnd(11)}  ${organism.title}`
          : describe(organism, options);
        terminal.out.write(prose(text, { channel: terminal.out, hanging: isList ? width + 15 : 13 }));
      }
      if (isList)
        terminal.out.write(
          prose('\nMake one with "mesascope train ID --out DIR"; describe one with "mesascope organisms ID".', {
            channel: terminal.out,
          }),
        );
    });
}

function describe(organism: Organism, options: OrganismsOptions): string {
  const { truth } = organism;
  const recipe = organism.recipe(options);
  const needs = Object.values(organism.needs ?? {}).join(", ");
  const lines = [
    `${organism.id}: ${organism.title}`,
    `  about      ${organism.description}`,
    `  origin     ${organism.origin}`,
    `  truth      ${truth ? `${truth.kind}, objective ${truth.objective}` : "unknown: nothing was planted"}`,
    ...(organism.twinOf.length > 0 ? [`  twin of    ${organism.twinOf.join(", ")}`] : []),
    ...(needs === "" ? [] : [`  needs      ${needs}`]),
    `  rewarded   ${recipe.objective.cases.map(({ when, weights }) => `${pairs(weights)}${Object.keys(when).length > 0 ? ` while ${pairs(when)}` : ""}`).join("; otherwise ")}`,
    `  world      ${recipe.world.name} ${pairs(recipe.world.parameters) || "at its standard parameters"}`,
    `  steps      ${count(recipe.optimizer.totalTimesteps)}`,
  ];
  return lines.join("\n");
}

function pairs(record: Readonly<Record<string, number | string>>): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
