// A headless Chromium that runs a recorded step in a web worker when it is asked to, and tells the time it took.

import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type MeasuringJob,
  type MeasuringResult,
  measuringPaths,
  measuringResultSchema,
} from "../../../browser/measuring-messages.ts";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { TensorData } from "../../../core/engine/engine.ts";
import { findChromium, openInChromium } from "../../../node/web/chromium.ts";
import { type Answer, serveFolder } from "../../../node/web/static-server.ts";
import { carriedOutputs, type RecordedStep } from "./recorded-step.ts";

const bundle = join(import.meta.dirname, "..", "..", "..", "..", "dist", "browser", "bundle");
const page = '<!doctype html><title>Measuring</title><script type="module" src="/measuring-page.js"></script>';

export interface MeasuredRuns {
  readonly milliseconds: number;
  readonly heapBytes: number;
  /** As `Engine.name`. */
  readonly engine: string;
}

export interface MeasuringBrowser {
  /** Takes so many steps, each fed with what the one before gave. Throws `engine` when the page fails or its browser ends. */
  run(steps: number): Promise<MeasuredRuns>;
  close(): Promise<void>;
}

/** The browser to measure in, or why there is none. */
export function findMeasuringBrowser(): { readonly program: string } | { readonly missing: string } {
  const program = findChromium();
  if (program === null) return { missing: "no Chromium found (Debian: apt install chromium; or set MESASCOPE_CHROMIUM)" };
  if (!existsSync(join(bundle, "measuring-page.js"))) return { missing: `${bundle} is not built (npm run build)` };
  return { program };
}

/** Opens the page and leaves it waiting. `signal` ends what is awaited. */
export async function openMeasuringBrowser(
  step: RecordedStep,
  how: { readonly program: string; readonly threads: number; readonly signal: AbortSignal },
): Promise<MeasuringBrowser> {
  const asked = new Mailbox<number>();
  const measured = new Mailbox<MeasuringResult>();
  const server = await serveFolder({
    folder: bundle,
    isIsolated: how.threads > 1,
    answer: answers(step, { threads: how.threads, asked, measured }),
  });
  const opened = await openInChromium(how.program, `${server.origin}/`);
  const stopped = new Promise<never>((_, reject) => {
    how.signal.addEventListener("abort", () => reject(how.signal.reason));
  });
  stopped.catch(() => undefined);
  return {
    run: async (steps) => {
      asked.put(steps);
      const result = await Promise.race([measured.take(), opened.lost, stopped]);
      if (result.kind === "measured") return result;
      throw new MesascopeError("engine", `the page could not measure: ${result.message}`);
    },
    close: async () => {
      await opened.close();
      await server.close();
    },
  };
}

interface Mailboxes {
  readonly threads: number;
  readonly asked: Mailbox<number>;
  readonly measured: Mailbox<MeasuringResult>;
}

/** The server's side of the conversation in measuring-messages.ts. */
function answers(step: RecordedStep, { threads, asked, measured }: Mailboxes) {
  const feeds = Object.entries(step.feeds);
  const job: MeasuringJob = {
    feeds: feeds.map(([name, { dtype, dims }]) => ({ name, dtype: floatOrInt(dtype), dims: [...dims] })),
    carry: { ...carriedOutputs },
    threads,
  };
  const known: Readonly<Record<string, Answer>> = {
    "/": { type: "text/html; charset=utf-8", body: page },
    [measuringPaths.job]: json(job),
    [measuringPaths.model]: bytes(step.model),
    ...Object.fromEntries(feeds.map(([, { data }], i) => [`${measuringPaths.feeds}/${i}`, bytes(data)])),
  };
  return (path: string, body: string): Promise<Answer> | Answer | undefined => {
    if (path === measuringPaths.next) return asked.take().then((runs) => json({ runs }));
    if (path !== measuringPaths.result) return known[path];
    measured.put(measuringResultSchema.parse(JSON.parse(body)));
    return json({});
  };
}

function json(value: unknown): Answer {
  return { type: "application/json", body: JSON.stringify(value) };
}

function bytes(data: TensorData["data"]): Answer {
  return { type: "application/octet-stream", body: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function floatOrInt(dtype: TensorData["dtype"]): "float32" | "int32" {
  if (dtype === "float32" || dtype === "int32") return dtype;
  throw new MesascopeError("shape-mismatch", `a feed of ${dtype} given to a page that measures; expected float32 or int32.`);
}

/** Hands values over, one at a time, to whoever waits for them. */
class Mailbox<Value> {
  readonly #values: Value[] = [];
  readonly #waiting: ((value: Value) => void)[] = [];

  put(value: Value): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(value);
    else this.#values.push(value);
  }

  take(): Promise<Value> {
    const [value] = this.#values.splice(0, 1);
    return value === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(value);
  }
}
