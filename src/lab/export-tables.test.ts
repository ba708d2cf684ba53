import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { rowsOf, tableNames, tables } from "./export-tables.ts";
import { type AuditJob, jobKey } from "./job.ts";
import { recordSchema, recordSchemaId } from "./record.ts";

it("the page about exports tells every column as it is", () => {
  const page = readFileSync(new URL("../../docs/lab-exports.md", import.meta.url), "utf8");
  const sections = new Map(
    page.split("\n### ").map((section) => {
      const [title = "", ...lines] = section.split("\n");
      return [title, lines.filter((line) => line.startsWith("| ")).slice(1)];
    }),
  );
  for (const name of tableNames) {
    const lines = tables[name].map((column) => `| ${column.name} | ${column.type} | ${column.meaning} |`);
    expect(sections.get(name)).toEqual(lines);
  }
});

it("no table has two columns that are one in SQL, and none of its own begins as the recipes' do", () => {
  for (const name of tableNames) {
    const names = tables[name].map((column) => column.name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(names.some((column) => column.startsWith("config_"))).toBe(false);
  }
});

it("an audit of a snapshot says which it was of, and one of the end that it was of none", () => {
  const audit: AuditJob = { kind: "audit", run: "a".repeat(64), levels: 20, seed: 1, code: "1" };
  const rowOf = (spec: AuditJob, outcome: object) => {
    const instant = "2026-03-01T10:00:00.000Z";
    const verdict = { kind: "proxy", objective: "capsules", confidence: 0.9 };
    const made = { attempt: 1, worker: "w", engine: "e", startedAt: instant, finishedAt: instant, seconds: 1 };
    const record = recordSchema.parse({
      ...{ schema: recordSchemaId, job: jobKey(spec), spec, files: {}, made },
      outcome: { kind: "audit", verdict, ...outcome },
    });
    const [audits] = rowsOf({ record, curve: null, verdict: null }, []);
    return audits!.rows[0];
  };
  expect(rowOf({ ...audit, snapshot: 3 }, { environmentSteps: 4096 })).toMatchObject({ snapshot: 3, environment_steps: 4096 });
  expect(rowOf(audit, {})).toMatchObject({ snapshot: null, environment_steps: null });
});
