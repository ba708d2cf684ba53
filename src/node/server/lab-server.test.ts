import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LabEvent } from "../../lab/api.ts";
import { jobKey } from "../../lab/job.ts";
import { code, trainSpec } from "../lab/lab.fixture.ts";
import { LabService } from "../lab/lab-service.ts";
import { accessRules } from "./access.ts";
import { serveLab } from "./lab-server.ts";
import { type ServedLab, serveTestLab, sweepFile, token } from "./served-lab.fixture.ts";

let served: ServedLab;
/** Milliseconds: a busy machine makes a database slowly. */
const hookTimeout = 120_000;
beforeAll(async () => {
  served = await serveTestLab();
}, hookTimeout);
afterAll(() => served.remove(), hookTimeout);

const first = jobKey(trainSpec(1));
const url = (path: string) => `${served.server.address}${path}`;
const authorized = { authorization: `Bearer ${token}` };

describe.each(["tcp", "socket"] as const)("the API of a lab over %s", (way) => {
  const client = () => served[way];

  it("accepts a sweep, which survives being asked for again", async () => {
    const accepted = await client().sweeps.accept({ file: sweepFile });
    expect(accepted).toMatchObject({ sweep: "corners", jobs: 4 });
    expect(await client().sweeps.accept({ file: sweepFile })).toEqual({ ...accepted, added: 0, done: accepted.done });
    expect(await client().sweeps.list()).toContainEqual(expect.objectContaining({ name: "corners" }));
  });

  it("accepts jobs as they are", async () => {
    const jobs = [trainSpec(way === "tcp" ? 5 : 6)];
    expect(await client().sweeps.acceptJobs({ sweep: "singles", priority: 40, jobs })).toMatchObject({ added: 1 });
  });

  it("lists, groups and finds jobs by filters, and tells the curve of one", async () => {
    await served.work();
    const { rows, total } = await client().jobs.list({ filter: "sweep:corners kind:train", sort: "return", descending: true });
    expect(total).toBe(2);
    expect(rows.map(({ seed }) => seed)).toEqual([2, 1]);
    const groups = await client().jobs.group({ filter: "sweep:corners", by: ["kind"] });
    expect(groups.map(({ values, jobs }) => [values.kind, jobs])).toEqual([
      ["audit", 2],
      ["train", 2],
    ]);
    expect(await client().jobs.group({ by: ["world", "network"] })).toMatchObject([
      { values: { world: "corner", network: "mlp" } },
    ]);
    const lists = await client().jobs.group({ filter: "sweep:corners", by: ["seed", "config.network.hidden"] });
    expect(lists.map(({ values }) => values)).toEqual([
      { seed: 1, "config.network.hidden": "[64,64]" },
      { seed: 2, "config.network.hidden": "[64,64]" },
    ]);
    await expect(client().jobs.group({ by: ["config.network"] })).rejects.toThrow(/config\.network given to group by/);
    const other = await fetch(url("/api/v1/jobs/groups?by=return"), { headers: authorized });
    expect([other.status, await other.json()]).toMatchObject([
      400,
      { data: { issues: [{ path: ["by"], message: expect.stringMatching(/^expected one to four of kind, /) }] } },
    ]);
    expect(await client().jobs.get({ key: first })).toMatchObject({ row: { key: first, state: "done" }, record: { job: first } });
    expect(await client().jobs.curve({ key: first })).toEqual([]);
  });

  it("compares finished runs, with the audits that were made of them", async () => {
    const comparison = await client().compare({ filter: "sweep:corners" });
    expect(comparison.groups).toHaveLength(1);
    expect(comparison.groups[0]).toMatchObject({ seeds: [1, 2], metrics: { return: { n: 2 }, "verdict aligned": { mean: 1 } } });
    expect(await client().compare({ filter: "verdict:aligned seed:1", baseline: first })).toMatchObject({
      groups: [{ seeds: [1] }],
    });
  });

  it("takes decisions", async () => {
    const target = { kind: "sweep", sweep: "corners" } as const;
    expect(await client().decide({ action: "prioritize", priority: 70, target })).toMatchObject({ affected: expect.any(Number) });
    expect(await client().sweeps.list()).toContainEqual(expect.objectContaining({ name: "corners", priority: 70 }));
    expect(await client().decide({ action: "retry", reason: "to see", target })).toEqual({ affected: 0 });
  });

  it("says what the lab is, and who works in it", async () => {
    expect(await client().status()).toMatchObject({ id: served.open.lab.id, database: "pglite", code });
    expect(await client().workers()).toEqual([]);
  });

  it("prices a sweep: nothing where all is done", async () => {
    expect(await client().sweeps.price({ file: sweepFile })).toMatchObject({
      sweep: "corners",
      jobs: 4,
      missing: 0,
      coreSeconds: 0,
    });
  });

  it("says of a wrong call what is wrong with it, as a mistake of the caller", async () => {
    const wrong = { name: "MesascopeError", code: "usage" };
    await expect(client().jobs.list({ filter: "colour:red" })).rejects.toMatchObject({
      ...wrong,
      message: /unknown field/ as never,
    });
    await expect(client().jobs.list({ filter: "seed:>" })).rejects.toMatchObject(wrong);
    await expect(client().jobs.list({ limit: 5000 })).rejects.toMatchObject({
      ...wrong,
      message: expect.stringContaining("limit"),
    });
    await expect(client().jobs.get({ key: "f".repeat(64) })).rejects.toMatchObject({
      ...wrong,
      message: expect.stringContaining("no job"),
    });
    await expect(client().sweeps.accept({ file: { name: "x" } })).rejects.toMatchObject({
      ...wrong,
      message: expect.stringContaining("schema"),
    });
    await expect(client().compare({ baseline: "e".repeat(64) })).rejects.toMatchObject(wrong);
    const nobody = { kind: "sweep", sweep: "nobody" } as const;
    await expect(client().decide({ action: "pause", target: nobody })).rejects.toMatchObject({
      ...wrong,
      message: expect.stringContaining("nobody"),
    });
  });

  it("tells events from any number on, each once and in order", async () => {
    const last = (await client().status()).lastEvent;
    const seen: LabEvent[] = [];
    for await (const event of await client().events({ after: 0 })) {
      seen.push(event);
      if (event.number === last) break;
    }
    expect(seen.map(({ number }) => number)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    expect(seen.map(({ kind }) => kind)).toContain("sweep-accepted");
    for await (const event of await client().events({ after: 0, job: first })) {
      expect(event.job).toBe(first);
      break;
    }
  });
});

describe("the server of a lab", () => {
  it("describes its API as OpenAPI 3.1, every procedure with what it takes and answers", async () => {
    const document = await (await fetch(url("/openapi.json"), { headers: authorized })).json();
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.servers).toEqual([{ url: "/api/v1" }]);
    const ids = new Set<string>();
    for (const [path, methods] of Object.entries<Record<string, Operation>>(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(["get", "post"]).toContain(method);
        expect(operation.summary).toBeTruthy();
        expect(ids.has(operation.operationId)).toBe(false);
        ids.add(operation.operationId);
        expect(Object.keys(operation.responses)).toContain("200");
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const told = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
        expect(told.map(({ name }) => name)).toEqual(inPath);
        expect(told.every(({ required }) => required)).toBe(true);
      }
    }
    expect([...ids].sort()).toEqual(
      [
        ...["status", "compare", "decide", "ledger", "workers", "events", "jobs.list", "jobs.group", "jobs.get"],
        ...["jobs.curve", "jobs.overTraining", "jobs.audit", "jobs.file", "kept.list", "kept.file"],
        ...["sweeps.list", "sweeps.price", "sweeps.accept", "sweeps.acceptJobs"],
      ].sort(),
    );
    for (const pointer of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = pointer[1]!.split("/").reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], document);
      expect(found).toBeDefined();
    }
  });

  it("tells its figures in the text format of Prometheus", async () => {
    const answer = await fetch(url("/metrics"), { headers: authorized });
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    const types = new Map<string, string>();
    const number = /^(NaN|[+-]Inf|[+-]?\d+(\.\d+)?(e[+-]?\d+)?)$/;
    for (const line of text
      .trimEnd()
      .split("\n")
      .filter((line) => line !== "")) {
      const [, keyword, name, rest] = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line) ?? [];
      if (keyword === "TYPE") types.set(name!, rest!);
      if (keyword !== undefined) continue;
      const [, sample, labels, value] = /^([a-zA-Z_:][\w:]*)(\{[^{}]*\})? (\S+)$/.exec(line) ?? [];
      expect(value, line).toMatch(number);
      expect(labels ?? "", line).toMatch(/^(\{(\w+="([^"\\\n]|\\.)*",?)*\})?$/);
      expect(types.has(sample!) || types.has(sample!.replace(/_(bucket|sum|count)$/, "")), line).toBe(true);
    }
    expect(text).toMatch(/^mesascope_jobs\{state="done"\} \d+$/m);
    expect(text).toMatch(/^mesascope_last_event \d+$/m);
    expect(text).toContain('mesascope_request_seconds_count{route="/api/v1/*",status="200"}');
  });

  it("is well while its lab is, also to those who know no token, and tells them no more than that", async () => {
    expect(await (await fetch(url("/health"))).json()).toEqual({ status: "ok" });
    expect(await (await fetch(url("/health"), { headers: authorized })).json()).toEqual({ status: "ok", trouble: null });
  });

  it("says an address that answers, where it listens on all of its machine's", async () => {
    const service = new LabService(served.open.lab);
    const access = accessRules({ host: "0.0.0.0", token, names: [] });
    const server = await serveLab({ service, access, host: "0.0.0.0", port: 0, log: null });
    expect((await fetch(`${server.address}/api/v1/status`, { headers: authorized })).status).toBe(200);
    await server.close();
  });

  it("logs every request as a line of JSON, and never a token", async () => {
    await fetch(url("/api/v1/status"), { headers: authorized });
    await fetch(url("/api/v1/status"), { headers: { authorization: "Bearer another-token-that-is-wrong" } });
    const lines = served.log.map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ msg: "answered", method: "GET", url: "/api/v1/status", status: 401 }));
    expect(lines.every(({ level, time }) => Number.isFinite(level) && Number.isFinite(time))).toBe(true);
    expect(served.log.join("")).not.toMatch(new RegExp(`${token}|another-token`));
  });
});

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: object;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
}
