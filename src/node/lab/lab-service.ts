// What the API offers on an open lab: the lab itself, and what is asked of it in words: filters, sweep files, prices.

import type { InferContractRouterInputs, InferContractRouterOutputs } from "@orpc/contract";
import { MesascopeError } from "../../core/base/errors.ts";
import type { labApi } from "../../lab/api.ts";
import { compareRuns } from "../../lab/compare.ts";
import { defaultPriority, type JobSpec } from "../../lab/job.ts";
import type { GroupField } from "../../lab/job-fields.ts";
import { labDocument } from "../../lab/layout.ts";
import { parseRunFilter } from "../../lab/run-filter.ts";
import type { SweepFile } from "../../lab/sweep/sweep-file.ts";
import { inTurns } from "./in-turns.ts";
import { keyOfJob } from "./index/describe-jobs.ts";
import { filterSql } from "./index/filter-sql.ts";
import type { LabContract } from "./lab.ts";
import type { PriceProgress } from "./price-sweep.ts";

type Inputs = InferContractRouterInputs<typeof labApi>;
type Outputs = InferContractRouterOutputs<typeof labApi>;

/** More runs are not compared at once. */
const mostCompared = 5000;
/** Milliseconds for database and store to answer before they count as troubled. */
const patience = 5000;
/** Milliseconds for which what was found of trouble is told again. */
const troubleKept = 5000;

export class LabService {
  readonly lab: LabContract;
  #pricing: Promise<unknown> = Promise.resolve();
  #trouble: { readonly text: Promise<string | null>; until: number } | null = null;

  constructor(lab: LabContract) {
    this.lab = lab;
  }

  async status(): Promise<Outputs["status"]> {
    const status = await this.lab.status();
    return { ...status, waitingForOtherCode: { ...status.waitingForOtherCode }, kept: status.kept && { ...status.kept } };
  }

  /** What keeps the lab from working, such as a database that does not answer; null for nothing. */
  async trouble(): Promise<string | null> {
    // Asked by whoever watches, without a token, as often as he likes.
    if (this.#trouble === null || performance.now() > this.#trouble.until) {
      const known = { text: this.#findTrouble(), until: Number.POSITIVE_INFINITY };
      this.#trouble = known;
      known.text.finally(() => {
        known.until = performance.now() + troubleKept;
      });
    }
    return await this.#trouble.text;
  }

  async #findTrouble(): Promise<string | null> {
    const tried = async () => {
      await this.lab.counts();
      const { store } = this.lab;
      if ((await store.getDocument(labDocument)) === null) return `${store.documentName(labDocument)} is missing`;
      return await this.lab.lostIndex();
    };
    const { promise: late, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(() => resolve(`database or store did not answer within ${patience / 1000} s`), patience);
    try {
      return await Promise.race([tried(), late]);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Throws `usage` for a filter that is none. */
  async jobs({ filter = "", ...page }: Inputs["jobs"]["list"]): Promise<Outputs["jobs"]["list"]> {
    const { rows, total } = await this.lab.jobs({ ...page, where: conditionOf(filter) });
    return { rows: [...rows], total };
  }

  /** Throws `usage` for a filter that is none. */
  async groups({
    filter,
    by,
  }: {
    readonly filter: string;
    readonly by: readonly GroupField[];
  }): Promise<Outputs["jobs"]["group"]> {
    return [...(await this.lab.groups({ by, where: conditionOf(filter) }))];
  }

  /** Throws `usage` for a filter that is none, one that means too many runs, and a baseline that is not among them. */
  async compare({ filter = "", baseline }: Inputs["compare"]): Promise<Outputs["compare"]> {
    const runs = await this.lab.comparableRuns({ where: conditionOf(filter), limit: mostCompared + 1 });
    if (runs.length > mostCompared) {
      throw new MesascopeError(
        "usage",
        `a filter given that more than ${mostCompared} finished runs match; expected fewer. Narrow it, or take them by "mesascope query".`,
      );
    }
    if (baseline !== undefined && !runs.some(({ key }) => key === baseline)) {
      throw new MesascopeError(
        "usage",
        `the baseline ${baseline} given, which is none of the ${runs.length} finished runs that the filter means. Name one of them.`,
      );
    }
    return compareRuns(runs, baseline ?? null);
  }

  /** Throws `usage` for a file that is none, and as training and audits do; one file at a time. */
  async price(given: unknown, onProgress?: (progress: PriceProgress) => void): Promise<Outputs["sweeps"]["price"]> {
    const { parseSweepFile, priceSweep } = await sweepTools();
    const file = parseSweepFile(given, "the sweep");
    const turn = this.#pricing;
    const price = priceSweep({
      ...{ file, code: this.lab.code, turn, onProgress },
      doneAmong: (keys) => this.lab.doneAmong(keys),
    });
    this.#pricing = price.catch(() => undefined);
    return await price;
  }

  /** Throws `usage` for a file that is none. */
  async acceptFile(given: unknown): Promise<Outputs["sweeps"]["accept"]> {
    const { file, jobs } = await this.#expanded(given);
    return await this.lab.accept({ sweep: file.name, priority: file.priority ?? defaultPriority, jobs });
  }

  async #expanded(given: unknown): Promise<{ readonly file: SweepFile; readonly jobs: readonly JobSpec[] }> {
    const { parseSweepFile, expandingSweep } = await sweepTools();
    const file = parseSweepFile(given, "the sweep");
    return { file, ...(await inTurns(expandingSweep({ file, code: this.lab.code, keyOf: keyOfJob }))) };
  }
}

function conditionOf(filter: string) {
  return filterSql(parseRunFilter(filter));
}

/** Loaded when a sweep comes: with them come all worlds and organisms, which who only asks does without. */
async function sweepTools() {
  const [{ parseSweepFile }, { expandingSweep }, { priceSweep }] = await Promise.all([
    import("../../lab/sweep/sweep-file.ts"),
    import("../../lab/sweep/expand-sweep.ts"),
    import("./price-sweep.ts"),
  ]);
  return { parseSweepFile, expandingSweep, priceSweep };
}
