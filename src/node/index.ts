// The package's part for Node, as `import … from "mesascope/node"`: the engine, agents on disk, training, audits, the demonstration.

export { type DemoDocument, demoDocumentSchema } from "../report/demo-document.ts";
export { renderReport } from "../report/render-report.tsx";
export type { ReportData } from "../report/report-data.ts";
export {
  type AuditAgentsOptions,
  type AuditedAgent,
  type AuditTargetsOptions,
  auditAgents,
  auditTargets,
} from "./audit/audit-agents.ts";
export { auditOutside, type OutsideAudit, type OutsideContext, type OutsidePolicy } from "./audit/audit-outside.ts";
export { auditReport } from "./audit/audit-report.ts";
export { type AuditTarget, type OpenContext, type OpenTarget, openTarget, type Setting } from "./audit/audit-target.ts";
export { type DemoOptions, runDemo } from "./demo/demo.ts";
export { createOnnxEngine } from "./engine/onnx-engine.ts";
export { type LeaguePopulation, openPopulation } from "./league/league-population.ts";
export { type LeagueOptions, type LeagueResult, runLeague } from "./league/run-league.ts";
export { writeLeague } from "./league/write-league.ts";
export { type MadePopulation, type MakeEvent, type MakeOptions, makePopulation } from "./organisms/make-population.ts";
export { openLabels, readPopulation } from "./organisms/population-folder.ts";
export { type OpenAgent, openAgent } from "./policies/open-agent.ts";
export { type OpenWorld, startWorldProgram } from "./programs/world-program.ts";
export { type AgentContents, readAgent, writeAgent } from "./storage/agent-folder.ts";
export type { CheckpointInterval, TrainingProgress, TrainingStart } from "./training/run-training.ts";
export { type TrainAgentOptions, trainAgent } from "./training/train-agent.ts";
