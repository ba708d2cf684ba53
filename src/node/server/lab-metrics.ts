// A lab's figures for operators, in the text format of Prometheus.

import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { LabService } from "../lab/lab-service.ts";

export interface Answered {
  /** The pattern, not the path: keys of jobs would make a series each. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface LabMetrics {
  readonly contentType: string;
  answered(request: Answered): void;
  /** By the database alone: an operator sees them also while the store is down. Throws `database`. */
  text(): Promise<string>;
}

/** Figures of the process, of requests, and of the lab at the moment of asking. */
export function labMetrics(service: LabService): LabMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "mesascope_" });
  const requests = new Histogram({
    name: "mesascope_request_seconds",
    help: "Seconds until a request was answered.",
    labelNames: ["route", "status"] as const,
    buckets: [0.001, 0.01, 0.1, 1, 10],
    registers: [registry],
  });
  const jobs = new Gauge({
    name: "mesascope_jobs",
    help: "Jobs by state.",
    labelNames: ["state"] as const,
    registers: [registry],
  });
  const waiting = new Gauge({
    name: "mesascope_jobs_waiting_for_other_code",
    help: "Queued jobs that only workers of another code version take.",
    labelNames: ["code"] as const,
    registers: [registry],
  });
  const workers = new Gauge({
    name: "mesascope_workers",
    help: "Workers that gave a sign of life lately.",
    registers: [registry],
  });
  const events = new Gauge({ name: "mesascope_last_event", help: "Number of the last event.", registers: [registry] });
  return {
    contentType: registry.contentType,
    answered: ({ route, status, seconds }) => requests.observe({ route, status: String(status) }, seconds),
    text: async () => {
      const figures = await service.lab.figures();
      for (const [state, count] of Object.entries(figures.counts)) jobs.set({ state }, count);
      waiting.reset();
      for (const [code, count] of Object.entries(figures.waitingForOtherCode)) waiting.set({ code }, count);
      workers.set(figures.workers);
      events.set(figures.lastEvent);
      return registry.metrics();
    },
  };
}
