// The package's platform-free part, as `import … from "mesascope"`: it runs wherever an engine adapter does.

export type { AddEdit, Edit, ProjectEdit, ReplaceEdit } from "./agents/activation-edits.ts";
export {
  type ActivationRequest,
  HookedPolicy,
  type HookedStep,
  type HookOptions,
  readActivations,
  type SequenceOptions,
  type StepOptions,
} from "./agents/activations.ts";
export { type Environment, TrainingEnvironment } from "./agents/environment.ts";
export { type AgentManifest, agentManifestSchema, agentSchemaId, parseManifest } from "./agents/manifest.ts";
export { type ImportedPolicy, type ImportOptions, importPolicy, onnxPolicy } from "./agents/onnx/onnx-policy.ts";
export type { InterfaceOptions, OutputKind, PolicyInterface, PolicyNeeds } from "./agents/onnx/onnx-policy-interface.ts";
export { type Episodes, type Policy, type PolicyStep, randomPolicy, reactivePolicy, type Situation } from "./agents/policy.ts";
export { policyMessageSchema, policyProtocolId } from "./agents/policy-protocol.ts";
export { type EpisodeOutcomes, firstOf, playEpisodes, type RolloutOptions, returnsOf } from "./agents/rollout.ts";
export { type ScriptedAgent, scriptedAgentsOf, scriptedPolicyNamed } from "./agents/scripted-names.ts";
export { constantPolicy, cueGatedPolicy, nearestPolicy, plannerPolicy } from "./agents/scripted-policies.ts";
export { Auditor, type AuditorOptions, type AuditResult } from "./audit/auditor.ts";
export { auditExternally, type ExternalAuditOptions } from "./audit/external-auditor.ts";
export { type Verdict, type VerdictDocument, verdictDocumentSchema, verdictSchemaId } from "./audit/verdict-document.ts";
export { type ErrorCode, MesascopeError } from "./base/errors.ts";
export { Prng, type PrngState } from "./base/prng.ts";
export type { Engine, EngineSession, Feeds, TensorData } from "./engine/engine.ts";
export type { Finding } from "./instruments/finding.ts";
export type { ExternalSubject, Subject } from "./instruments/subject.ts";
export { leagueAuditors } from "./league/auditors/index.ts";
export type { LeagueAnswer, LeagueAuditor, LeagueSetting, SubjectAudit } from "./league/league-auditor.ts";
export { type LeagueDocument, leagueDocumentSchema } from "./league/league-document.ts";
export { type LeagueLabel, leagueLabelSchema } from "./league/league-label.ts";
export { type Scores, scoreAudits } from "./league/league-scores.ts";
export { type LinearAttentionOptions, linearAttention } from "./nets/linear-attention.ts";
export { initializeParameters, type ParameterSpec, parameterCount, splitParameters, type Weights } from "./nets/parameters.ts";
export { exportPolicy } from "./nets/policy-graph.ts";
export { type NetworkOptions, policyNetwork } from "./nets/policy-network.ts";
export type { PolicyNetwork, PolicyOutputs, PolicyShape, ReactiveNetwork, RecurrentNetwork } from "./nets/policy-shape.ts";
export { exportSequenceNetwork, type SequenceNetwork, type SequenceShape } from "./nets/sequence-network.ts";
export { type TransformerOptions, transformer } from "./nets/transformer.ts";
export { type FailureMode, failureModes, type VerdictKind, verdictKinds } from "./objectives/kinds.ts";
export type { Objective } from "./objectives/objective.ts";
export type { BaseOptimizer, OptimizerSnapshot, UpdateMetrics } from "./optimizers/base-optimizer.ts";
export { CmaEs } from "./optimizers/cma-es.ts";
export { type CmaEsConfig, CmaEsRun } from "./optimizers/cma-es-run.ts";
export { EvolutionStrategy, type EvolutionStrategyConfig } from "./optimizers/evolution-strategy.ts";
export { Ppo, type PpoConfig } from "./optimizers/ppo.ts";
export { RecurrentPpo } from "./optimizers/recurrent-ppo.ts";
export { Supervised, type SupervisedConfig } from "./optimizers/supervised.ts";
export type { SupervisedModel, SupervisedTask } from "./optimizers/supervised-task.ts";
export { CueRecall } from "./optimizers/tasks/cue-recall.ts";
export { inContextRegression, oneStepOptimum } from "./optimizers/tasks/in-context-regression.ts";
export { findOrganism, organisms } from "./organisms/index.ts";
export type { Organism, Truth } from "./organisms/organism.ts";
export { type PopulationPlan, parsePlan, planSchema } from "./organisms/plan.ts";
export { commitmentOf, type Label, openLabel, type Population, populationSchema } from "./organisms/population.ts";
export { findPopulationPlan } from "./organisms/population-plans.ts";
export { type Recipe, recipeSchema } from "./organisms/recipe.ts";
export { type Evaluation, TrainingRun } from "./organisms/training-run.ts";
export { networkKinds, optimizerKinds, type Variant, variantOf } from "./organisms/variants.ts";
export { type MadeOrganism, verifyOrganism } from "./organisms/verify.ts";
export { type WorldOrganismsOptions, worldOrganisms } from "./organisms/world-organisms.ts";
export type { DisplayList, Shape } from "./worlds/display.ts";
export { drawText } from "./worlds/draw-text.ts";
export { connectWorld, type ExternalWorld } from "./worlds/external-world.ts";
export { asCollectionWorld, type CollectionWorld } from "./worlds/grid/collection.ts";
export { findWorld, worlds } from "./worlds/index.ts";
export type { Batch, Encoder, LevelDistribution, ShiftPoint, World } from "./worlds/world.ts";
export type { ExternalLevel, WorldLink } from "./worlds/world-program.ts";
