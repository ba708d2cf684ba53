// The package's part for browsers, as `import … from "mesascope/browser"`: the engine, and training in a web worker.

export type { TrainingProgress } from "./messages.ts";
export { type TrainInWorkerOptions, type TrainingOutcome, trainInWorker, type WorkerTraining } from "./train-in-worker.ts";
export { createWebEngine, type WebEngineOptions } from "./web-engine.ts";
