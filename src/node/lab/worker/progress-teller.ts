// How far a job is, told at most once a second: more often is more than anyone reads, and every message is copied between threads.

import type { JobProgress } from "../../../lab/api.ts";
import type { CurveRow } from "../../storage/agent-folder.ts";

/** Milliseconds between two tellings. */
const pause = 1000;

const nothingYet: JobProgress = {
  share: 0,
  secondsLeft: null,
  environmentSteps: null,
  trainingReturn: null,
  oracleShare: null,
  stage: null,
};

export class ProgressTeller {
  readonly #tell: (progress: JobProgress, rows: readonly CurveRow[]) => void;
  #progress = nothingYet;
  #rows: CurveRow[] = [];
  #toldAt = Number.NEGATIVE_INFINITY;
  #isNews = false;

  constructor(tell: (progress: JobProgress, rows: readonly CurveRow[]) => void) {
    this.#tell = tell;
  }

  /** What is left out stays as it was. A new stage is told at once, the rest when it is time. */
  report(progress: Partial<JobProgress>, rows: readonly CurveRow[] = []): void {
    const isNewStage = progress.stage !== undefined && progress.stage !== this.#progress.stage;
    this.#progress = { ...this.#progress, ...progress };
    this.#rows.push(...rows);
    this.#isNews = true;
    if (isNewStage || performance.now() - this.#toldAt >= pause) this.flush();
  }

  /** Tells what was not told yet. */
  flush(): void {
    if (!this.#isNews) return;
    this.#tell(this.#progress, this.#rows);
    this.#rows = [];
    this.#isNews = false;
    this.#toldAt = performance.now();
  }
}
