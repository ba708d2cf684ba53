// mesascope schema: the published JSON Schemas (draft 2020-12) of the documents that other commands print.

import type { Command } from "commander";
import { type Context, describeCommand, oneOf, printJson } from "../command.ts";

/** Schema of each document, loaded when asked for. */
const schemas = {
  verdict: async () => (await import("../../core/audit/verdict-document.ts")).verdictDocumentSchema,
  agent: async () => (await import("../../core/agents/manifest.ts")).agentManifestSchema,
  demo: async () => (await import("../../report/demo-document.ts")).demoDocumentSchema,
  card: async () => (await import("../../core/replications/card.ts")).cardSchema,
  replications: async () => (await import("../../core/replications/list-document.ts")).replicationListSchema,
  bench: async () => (await import("../bench/bench-document.ts")).benchDocumentSchema,
  figures: async () => (await import("../bench/bench-document.ts")).figuresSchema,
  organisms: async () => (await import("../shown-documents.ts")).organismsSchema,
  episode: async () => (await import("../shown-documents.ts")).episodeSchema,
  model: async () => (await import("../shown-documents.ts")).modelSchema,
  league: async () => (await import("../../core/league/league-document.ts")).leagueDocumentSchema,
  population: async () => (await import("../../core/organisms/population.ts")).populationSchema,
  label: async () => (await import("../../core/organisms/population.ts")).openedLabelSchema,
  "population-plan": async () => (await import("../../core/organisms/plan.ts")).planSchema,
  "population-price": async () => (await ownDocuments()).populationPriceSchema,
  "made-population": async () => (await ownDocuments()).madePopulationSchema,
  "studio-site": async () => (await ownDocuments()).studioSiteSchema,
  "league-price": async () => (await ownDocuments()).leaguePriceSchema,
  "replication-price": async () => (await ownDocuments()).replicationPriceSchema,
  worlds: async () => (await ownDocuments()).worldsSchema,
  "level-case": async () => (await import("../../report/level-case/level-case-document.ts")).levelCaseSchema,
  "cased-audit": async () => (await import("../../report/level-case/case-result.ts")).casedAuditSchema,
  "over-training": async () => (await import("../../lab/over-training.ts")).overTrainingDocumentSchema,
  play: async () => (await ownDocuments()).playSchema,
  "policy-protocol": async () => (await import("../../core/agents/policy-protocol.ts")).policyMessageSchema,
  "world-protocol": async () => (await import("../../core/worlds/world-protocol.ts")).worldMessageSchema,
  sweep: async () => (await import("../../lab/sweep/sweep-file.ts")).sweepFileSchema,
  "lab-made": async () => (await documents()).labMadeSchema,
  "lab-status": async () => (await documents()).labStatusDocumentSchema,
  "lab-verification": async () => (await documents()).labVerificationSchema,
  "lab-rebuild": async () => (await documents()).labRebuildSchema,
  "lab-collection": async () => (await documents()).labCollectionSchema,
  "lab-export": async () => (await import("../../node/lab/export/export-folder.ts")).exportNoteSchema,
  "sweep-price": async () => (await documents()).sweepPriceSchema,
  "sweep-state": async () => (await documents()).sweepDocumentSchema,
  sweeps: async () => (await documents()).sweepListSchema,
  decision: async () => (await documents()).decisionDocumentSchema,
  runs: async () => (await documents()).runsSchema,
  "run-groups": async () => (await documents()).runGroupsSchema,
  run: async () => (await documents()).runSchema,
  comparison: async () => (await documents()).comparisonDocumentSchema,
  query: async () => (await documents()).queryResultSchema,
  served: async () => (await documents()).servedSchema,
  worker: async () => (await documents()).workerDocumentSchema,
};
const ownDocuments = () => import("../documents.ts");
const documents = () => import("../../lab/command-documents.ts");
type DocumentName = keyof typeof schemas;
const names = Object.keys(schemas) as readonly DocumentName[];

export function schemaCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "schema",
    summary: "print the JSON Schema of a document",
    description: `Prints the JSON Schema (draft 2020-12) of ${names.join(", ")}: of what audit --json prints, of an agent's manifest.json, of demo --json, of a replication's card, of replicate --json without a name, of bench --json and bench --list --json, of organisms --json, of show --json (an episode, or a model), of league --json and of its --price, of replicate NAME --price --json, of worlds, play, organisms make and studio build with --json, of a population, the labels that it seals and the plan that it is made by, of a sweep file, of what the commands of the lab print with --json, and of each message to and from a policy (docs/policy-protocol.md) or a world (docs/world-protocol.md) that runs elsewhere.`,
    seed: "without effect: nothing is drawn",
    examples: ["schema verdict", "schema agent > agent.schema.json"],
  })
    .argument("<document>", names.join(", "), oneOf("document", names))
    .action(async (name: DocumentName) => {
      const { z } = await import("zod");
      printJson(terminal, { title: `mesascope ${name}`, ...z.toJSONSchema(await schemas[name]()) });
    });
}
