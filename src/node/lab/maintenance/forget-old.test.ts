import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobKey } from "../../../lab/job.ts";
import { emit } from "../index/events.ts";
import { code, type Databases, startDatabases, trainSpec } from "../lab.fixture.ts";
import { Lab } from "../lab.ts";
import { MemoryStore } from "../memory-store.fixture.ts";
import { forgetOld } from "./forget-old.ts";

/** Milliseconds: a busy machine makes a database slowly. */
const hookTimeout = 120_000;

describe.each(["pglite", "postgres"] as const)("an index on %s", (kind) => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await startDatabases(kind);
  }, hookTimeout);
  afterAll(() => databases.stop(), hookTimeout);

  it("forgets progress after an hour, other events of what is at an end and curves of what came to nothing after 30 days", async () => {
    const database = await (await databases.create())();
    const lab = await Lab.open({ store: new MemoryStore(), code, database });
    const states = ["done", "failed", "cancelled", "running"] as const;
    await lab.accept({ sweep: "first", priority: 50, jobs: states.map((_, i) => trainSpec(i)) });
    const keys = states.map((_, i) => jobKey(trainSpec(i)));
    const gone = "0".repeat(64);
    await database.transaction(async (trx) => {
      for (const [i, state] of states.entries())
        await sql`UPDATE mesascope.jobs SET state = ${state}, ticket = NULL WHERE key = ${keys[i]}`.execute(trx);
      // Worker's clocks are years off, in either direction.
      const [past, future] = [new Date("2001-01-01"), new Date("2100-01-01")];
      await emit(
        trx,
        keys.flatMap((job) =>
          [past, future].flatMap((at) =>
            (["started", "progress"] as const).map((kind) => ({ at, kind, job, sweep: null, data: {} })),
          ),
        ),
      );
      for (const job of [...keys, gone])
        await trx.insertInto("curves").values({ job, attempt: 1, first_row: 0, rows: "[]" }).execute();
    });
    const told = async () => {
      const events = await lab.events({ after: 0, limit: 100 });
      const curves = await database.query((db) => db.selectFrom("curves").select("job").execute());
      return {
        accepted: events.filter(({ kind }) => kind === "sweep-accepted").length,
        progress: events.filter(({ kind }) => kind === "progress").length,
        started: events.filter(({ kind }) => kind === "started").map(({ job }) => states[keys.indexOf(job!)]),
        curves: curves.map(({ job }) => states[keys.indexOf(job)] ?? "gone").sort(),
      };
    };
    const after = async (hours: number) => {
      await database.transaction((trx) => forgetOld(trx, new Date(Date.now() + hours * 3_600_000)));
      return await told();
    };
    const all = [...states, ...states].sort();
    const sorted = ({ started, ...others }: Awaited<ReturnType<typeof told>>) => ({ ...others, started: started.sort() });
    const whole = { accepted: 1, progress: 8, started: all, curves: ["cancelled", "done", "failed", "gone", "running"] };
    expect(sorted(await after(0.9))).toEqual(whole);
    expect(sorted(await after(1.1))).toEqual({ ...whole, progress: 0 });
    expect(sorted(await after(29.9 * 24))).toEqual({ ...whole, progress: 0 });
    expect(sorted(await after(30.1 * 24))).toEqual({
      ...{ accepted: 0, progress: 0, started: ["running", "running"], curves: ["done", "running"] },
    });
    await lab.close();
  });
});
