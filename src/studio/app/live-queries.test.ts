import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LabEvent } from "../../lab/api.ts";
import type { FeedState } from "../api/lab-feed.ts";
import type { Heard } from "./heard-of.ts";
import { type KeepTrueOptions, keepTrue, queryKeys } from "./live-queries.ts";

const key = "a".repeat(64);
const other = "b".repeat(64);

function happened(kind: LabEvent["kind"], more: Partial<LabEvent> = {}): LabEvent {
  return { number: 1, at: "2026-03-01T10:00:00.000Z", kind, job: null, sweep: null, data: {}, ...more };
}

/** A feed that tells what a test has it tell. */
function toldFeed() {
  let listener: (event: LabEvent) => void = () => undefined;
  let watcher: () => void = () => undefined;
  let state: FeedState = { kind: "live", heardAt: 0 };
  return {
    feed: {
      listen: (given: (event: LabEvent) => void) => {
        listener = given;
        return () => undefined;
      },
      watch: (given: () => void) => {
        watcher = given;
        return () => undefined;
      },
      state: () => state,
    },
    tell: (...told: Parameters<typeof happened>) => listener(happened(...told)),
    become: (kind: FeedState["kind"]) => {
      state = { kind, heardAt: 0 };
      watcher();
    },
  };
}

describe("what was asked of the lab", () => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 30_000, networkMode: "always" } } });
  const ends: (() => void)[] = [];

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    queries.clear();
    vi.useRealTimers();
  });

  /** Shows a query, as a page does; counts how often it was asked. */
  function show(queryKey: readonly unknown[], answer: (time: number) => Promise<unknown> | unknown = (time) => time) {
    let asked = 0;
    const observer = new QueryObserver(queries, { queryKey, queryFn: async () => await answer(++asked) });
    ends.push(observer.subscribe(() => undefined));
    return { asked: () => asked, result: () => observer.getCurrentResult() };
  }

  function follow(readCurve: KeepTrueOptions["readCurve"] = async () => []) {
    const told = toldFeed();
    ends.push(keepTrue(queries, { feed: told.feed, readCurve }));
    return told;
  }

  const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

  it("is asked anew once for many events, and not where it is about another job", async () => {
    const shown = [queryKeys.jobs({ filter: "" }), queryKeys.groups({}), queryKeys.comparison({}), queryKeys.job(key)].map(
      (each) => show(each),
    );
    const others = [show(queryKeys.job(other)), show(["league", key])];
    const { tell } = follow();
    await wait(0);
    for (let i = 0; i < 20; i++) tell("done", { job: key });
    await wait(1500);
    expect(shown.map(({ asked }) => asked())).toEqual([2, 2, 2, 2]);
    expect(others.map(({ asked }) => asked())).toEqual([1, 1]);
  });

  it("is asked anew on every job's page after a decision that names no job, as about a sweep", async () => {
    const shown = show(queryKeys.job(key));
    const { tell } = follow();
    await wait(0);
    tell("decided", { sweep: "many" });
    await wait(1500);
    expect(shown.asked()).toBe(2);
  });

  it("was heard of when its last event was told, however often it is asked about after that", async () => {
    const shown = show(queryKeys.job(key));
    const { tell } = follow();
    tell("progress", { job: key });
    const heard = queries.getQueryData<Heard>(queryKeys.heardOf(key));
    expect(heard?.at).toBe(Date.now());
    await wait(200_000);
    tell("decided", { sweep: "many" });
    await wait(1500);
    expect(shown.asked()).toBe(2);
    expect(queries.getQueryData(queryKeys.heardOf(key))).toBe(heard);
  });

  it("was heard of before the page was opened, as the lab answers, and is no younger by what is written into that answer", async () => {
    const running = { key, state: "running", progress: null, silentFor: 300 };
    const { tell } = follow();
    show(queryKeys.jobs({}), () => ({ rows: [running, { ...running, key: other, silentFor: null }], total: 2 }));
    await wait(0);
    const heard = () => queries.getQueryData<Heard>(queryKeys.heardOf(key));
    const at = Date.now() - 300_000;
    expect(heard()?.at).toBe(at);
    expect(queries.getQueryData(queryKeys.heardOf(other))).toBeUndefined();
    await wait(100_000);
    const progress = { share: 0.5, secondsLeft: 3, environmentSteps: 10, trainingReturn: 1, oracleShare: 0.5, stage: null };
    tell("progress", { job: other, data: { ...progress, attempt: 1 } });
    expect(heard()?.at).toBe(at);
  });

  it("is let in while things go on happening, where the lab takes longer to answer than they do to happen", async () => {
    const shown = show(queryKeys.jobs({}), (time) => new Promise((resolve) => setTimeout(() => resolve(time), 1600)));
    const { tell } = follow();
    const seen = new Set<unknown>();
    for (let i = 0; i < 30; i++) {
      tell("done", { job: key });
      await wait(500);
      seen.add(shown.result().data);
    }
    expect(seen.size).toBeGreaterThan(4);
    const before = shown.asked();
    await wait(10_000);
    // Once more for what happened while the last one was under way, and then no more.
    expect(shown.asked()).toBeLessThanOrEqual(before + 2);
    expect(shown.result()).toMatchObject({ data: shown.asked(), fetchStatus: "idle" });
  });

  it("is asked again after an answer that was under way when something happened, since that may not tell of it", async () => {
    const shown = show(queryKeys.job(key), (time) => new Promise((resolve) => setTimeout(() => resolve(time), 3000)));
    const { tell } = follow();
    await wait(100);
    tell("failed", { job: key });
    await wait(10_000);
    expect(shown.asked()).toBe(2);
    expect(shown.result().data).toBe(2);
  });

  it("is not held up for ever by a question that is never answered", async () => {
    show(queryKeys.groups({}), (time) => (time === 1 ? 1 : new Promise(() => undefined)));
    const shown = show(queryKeys.jobs({}));
    const { tell } = follow();
    await wait(0);
    tell("done", { job: key });
    await wait(2000);
    tell("done", { job: other });
    await wait(12_000);
    expect(shown.asked()).toBe(3);
  });

  it("is asked anew when the lab is back, where it failed while it was gone, whatever it is", async () => {
    const fails = (time: number) => (time === 1 ? Promise.reject(new Error("gone")) : time);
    const failed = [show(queryKeys.job(key), fails), show(["audit", key], fails)];
    const fine = show(queryKeys.job(other));
    const { become } = follow();
    become("lost");
    await wait(500);
    expect(failed.map(({ result }) => result().status)).toEqual(["error", "error"]);
    become("live");
    await wait(1500);
    expect(failed.map(({ result }) => result().data)).toEqual([2, 2]);
    expect(fine.asked()).toBe(1);
  });

  it("shows progress without being asked, in the row of the table and on the job's page", async () => {
    const progress = { share: 0.5, secondsLeft: 3, environmentSteps: 10, trainingReturn: 1, oracleShare: 0.5, stage: null };
    const rows = [
      { key, progress: null },
      { key: other, progress: null },
    ];
    const table = show(queryKeys.jobs({}), () => ({ rows, total: 2 }));
    const page = show(queryKeys.job(key), () => ({ row: rows[0] }));
    const { tell } = follow();
    await wait(0);
    tell("progress", { job: key, data: { ...progress, attempt: 1 } });
    await wait(1500);
    expect(table.result().data).toEqual({ rows: [{ key, progress }, rows[1]], total: 2 });
    expect(page.result().data).toEqual({ row: { key, progress } });
    expect([table.asked(), page.asked()]).toEqual([1, 1]);
  });

  it("grows by the new points of a curve that is shown, and is asked for as a whole when the run is begun anew", async () => {
    const point = (environmentSteps: number) => ({ environmentSteps });
    const told = [1, 2].map(point);
    const asked: number[] = [];
    const shown = show(queryKeys.curve(key), () => [...told]);
    const unseen = show(queryKeys.curve(other), () => []);
    const { tell } = follow(async (_, after) => {
      asked.push(after);
      return told.filter(({ environmentSteps }) => environmentSteps > after);
    });
    await wait(0);
    told.push(point(3));
    tell("progress", { job: key });
    await wait(1500);
    expect([shown.result().data, shown.asked(), asked]).toEqual([told, 1, [2]]);
    // From an earlier checkpoint: what the attempt before told after it is told no more.
    told.splice(1, 2, point(5));
    tell("started", { job: key });
    tell("progress", { job: key });
    await wait(1500);
    expect([shown.result().data, shown.asked(), asked]).toEqual([told, 2, [2]]);
    expect(unseen.asked()).toBe(1);
  });
});
