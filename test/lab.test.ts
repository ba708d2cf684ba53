// The commands of the lab as docs/lab.md tells them, their documents against their schemas, interruption, and bad input.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import * as documents from "../src/lab/command-documents.ts";
import { exportNoteSchema } from "../src/node/lab/export/export-folder.ts";
import { cleanEnvironment, runProgram, startProgram } from "./program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const outer = mkdtempSync(join(tmpdir(), "mesascope-lab-"));
const folder = join(outer, "work");
mkdirSync(folder);
const env = cleanEnvironment(outer);
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const mesascope = (...args: readonly string[]) => runProgram(args, { folder, env });
const start = (...args: readonly string[]) => startProgram(args, { folder, env });

/** What a command prints with --json, which must follow its schema. */
function document<Schema extends z.ZodType>(schema: Schema, ...args: readonly string[]): z.infer<Schema> {
  const { code, out, err } = mesascope(...args, "--json");
  expect(code, err).toBe(0);
  return schema.parse(JSON.parse(out));
}

const page = readFileSync(join(root, "docs", "lab.md"), "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);

/** The words of a command as a shell would split them; the page quotes with double quotes and nothing else. */
const wordsOf = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);

const samples = blocks("text");
/** Standard output of each command of the page, as it stands there. */
const said = new Map<string, string>();

describe("docs/lab.md", () => {
  // Some thirty programs one after the other, one of which trains: minutes on a busy machine.
  it("has commands that run as they stand, one after the other", { timeout: 1_800_000 }, () => {
    const [sweep] = blocks("yaml");
    writeFileSync(join(folder, "first.yaml"), sweep!);
    const lines = blocks("sh").flatMap((block) => block.trimEnd().split("\n"));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      const [name, ...args] = wordsOf(line);
      expect(name).toBe("mesascope");
      const { code, out, err } = mesascope(...args);
      expect({ line, code, err: code === 0 ? "" : err }).toEqual({ line, code: 0, err: "" });
      said.set(line, out);
    }
  });

  it("tells of its sweep what the program said, but for how long it took and how sure the verdicts are", () => {
    const [counted] = samples.find((sample) => sample.includes("About"))!.split("\n");
    expect(said.get("mesascope sweep first.yaml --price")).toContain(counted);
    const verdicts = samples.find((sample) => sample.includes("variant"))!;
    const told = [...verdicts.matchAll(/^ [0-9a-f]{10} +audit +(\S+) +(\S+) .* (\S+) \((\S+), confidence/gm)].map(
      ([, name, variant, kind, objective]) => `${name} ${variant}: ${kind} (${objective})`,
    );
    const { rows } = document(documents.runsSchema, "runs", "kind:audit");
    const made = rows.map(({ name, variant, outcome }) => {
      const verdict = outcome?.kind === "audit" ? outcome.verdict : null;
      return `${name} learningRate=${variant["optimizer.learningRate"]}: ${verdict?.kind} (${verdict?.objective})`;
    });
    expect(made).toHaveLength(8);
    expect(new Set(told)).toEqual(new Set(made));
  });

  it("tells what is in the folder", () => {
    const [, table] = /## What is in the folder\n\n([\s\S]*?)\n\n/.exec(page)!;
    const told = [...table!.matchAll(/^\| `([^`]+?)\/?`/gm)].map(([, name]) => name);
    const there = readdirSync(join(folder, "mesascope-lab")).filter(
      (name) => !/^(lab-.*\.sock|checkpoints|kept|\.tmp)$/.test(name),
    );
    expect(told).toEqual(expect.arrayContaining(there));
  });
});

describe("documents of the lab", () => {
  it("follow their schemas", () => {
    expect(document(documents.labStatusDocumentSchema, "lab", "status")).toMatchObject({
      status: { counts: { done: 24 } },
      holder: null,
    });
    expect(document(documents.labVerificationSchema, "lab", "verify").problems).toEqual([]);
    expect(document(documents.labRebuildSchema, "lab", "rebuild")).toMatchObject({ records: 24, warnings: [] });
    expect(document(documents.labCollectionSchema, "lab", "gc", "--dry-run")).toMatchObject({ isDryRun: true });
    expect(document(exportNoteSchema, "lab", "export", "--format", "parquet", "--out", "parquet")).toMatchObject({ records: 24 });
    expect(document(documents.sweepPriceSchema, "sweep", "first.yaml", "--price").price).toMatchObject({ jobs: 24, missing: 0 });
    expect(document(documents.sweepDocumentSchema, "sweep", "first.yaml")).toMatchObject({
      sweep: { counts: { done: 24 } },
      ...{ added: 0, revived: 0 },
    });
    expect(document(documents.sweepListSchema, "sweep", "list").sweeps).toHaveLength(1);
    expect(document(documents.decisionDocumentSchema, "sweep", "pause", "first")).toMatchObject({ sweep: "first", affected: 0 });
    const { rows, total } = document(documents.runsSchema, "runs", "kind:train", "--limit", "2");
    expect([rows.length, total]).toEqual([2, 8]);
    expect(document(documents.runSchema, "runs", "show", rows[0]!.key.slice(0, 12)).curve.length).toBeGreaterThan(1);
    expect(document(documents.runGroupsSchema, "runs", "--group", "name,kind").groups.length).toBeGreaterThan(1);
    expect(document(documents.comparisonDocumentSchema, "compare", "kind:train").comparison.groups).toHaveLength(4);
    expect(document(documents.queryResultSchema, "query", "select count(*) as n from runs")).toMatchObject({ rows: [[8]] });
    expect(JSON.parse(mesascope("schema", "runs").out)).toMatchObject({ title: "mesascope runs", type: "object" });
    expect(document(documents.labMadeSchema, "lab", "init", "another")).toMatchObject({ folder: "another" });
  });
});

describe("README.md", () => {
  it("has commands of the lab that run as they stand in an empty folder", { timeout: 1_800_000 }, () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const [, block] = /^## A lab\n\n```sh\n([\s\S]*?)^```$/m.exec(readme)!;
    const empty = join(outer, "empty");
    mkdirSync(empty);
    const [, file, content] = /^cat > (\S+) <<'END'\n([\s\S]*?)^END$/m.exec(block!)!;
    const lines = block!.split("\n").filter((line) => line.startsWith("mesascope "));
    expect(lines.map((line) => wordsOf(line)[1])).toEqual(["lab", "sweep", "sweep", "runs", "compare", "query"]);
    for (const line of lines) {
      const [, ...args] = wordsOf(line.replace(/ +# .*$/, ""));
      if (args.includes(file!)) writeFileSync(join(empty, file!), content!);
      const { code, err } = runProgram(args, { folder: empty, env });
      expect({ line, code, err: code === 0 ? "" : err }).toEqual({ line, code: 0, err: "" });
    }
  });
});

const long = {
  schema: "mesascope/sweep@1",
  name: "long",
  runs: [
    {
      organisms: ["A"],
      presets: ["quick"],
      fields: { "optimizer.totalTimesteps": [1_000_000] },
      seeds: [1, 2, 3, 4],
      verify: false,
    },
  ],
};

describe("a sweep that is interrupted", () => {
  it("saves what runs, exits with 130, is seen by others meanwhile, and is gone on with by the same command", async () => {
    writeFileSync(join(folder, "long.json"), JSON.stringify(long));
    const sweep = start("sweep", "long.json");
    await sweep.said(/^train score \d \w+: \d+%.*steps/m);
    expect(document(documents.labStatusDocumentSchema, "lab", "status").holder).toMatchObject({ processId: sweep.child.pid });
    expect(document(documents.runsSchema, "runs", "state:running").rows[0]).toMatchObject({
      name: "score",
      progress: { share: expect.any(Number) },
    });
    sweep.child.kill("SIGINT");
    const { code, err } = await sweep.ended;
    expect(code).toBe(130);
    expect(err).toMatch(/Continue with: mesascope sweep long\.json/);
    const checkpoints = readdirSync(join(folder, "mesascope-lab", "checkpoints"), { recursive: true });
    expect(checkpoints.filter((name) => String(name).endsWith(".json")).length).toBeGreaterThan(0);
    const { rows } = document(documents.runsSchema, "runs", "sweep:long");
    expect(rows.every(({ state }) => state === "queued" || state === "done")).toBe(true);

    const again = start("sweep", "long.json");
    await again.said(/^train score \d \w+: \d+%.*steps/m);
    again.child.kill("SIGKILL");
    await again.ended;
    expect(document(documents.labVerificationSchema, "lab", "verify").problems).toEqual([]);
    expect(mesascope("sweep", "cancel", "long").code).toBe(0);
    expect(document(documents.runsSchema, "runs", "sweep:long state:cancelled").total).toBeGreaterThan(0);
  });
});

describe("a lab that is served", () => {
  it("is asked by commands over TCP with its token, and by those of this machine without, and ends well", async () => {
    env.MESASCOPE_TOKEN = "0123456789abcdef0123456789abcdef";
    const server = start("serve", "--port", "0", "--workers", "1", "--json");
    const said = await server.said(/"address": "http[^"]+"/);
    const [, url] = /"address": "([^"]+)"/.exec(said)!;
    expect(document(documents.runsSchema, "runs", "kind:audit", "--server", url!).total).toBe(8);
    expect(document(documents.runsSchema, "runs", "kind:audit").total).toBe(8);
    delete env.MESASCOPE_TOKEN;
    const refused = mesascope("runs", "--server", url!);
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/wants a token/)]);
    const second = mesascope("serve", "--port", "0");
    expect([second.code, second.err]).toEqual([2, expect.stringMatching(/is open: process \d+/)]);
    server.child.kill("SIGTERM");
    const { code, out, err } = await server.ended;
    expect(code).toBe(0);
    documents.servedSchema.parse(JSON.parse(out));
    expect(err).not.toContain("0123456789abcdef");
  });
});

describe("bad input", () => {
  it.each([
    ["runs colour:red", /unknown field of a filter "colour"/],
    ["runs return:>", /filter/],
    ["runs show 0000000000000000", /no job has a key/],
    ["runs --columns hue", /Unknown column/],
    ["compare --baseline 000000", /--baseline 000000/],
    ["sweep", /no sweep file given/],
    ["sweep missing.yaml", /missing\.yaml does not exist/],
    ["sweep pause nobody", /nobody/],
    ["sweep retry first", /--reason/],
    ["sweep prioritize first 101", /from 0 to 100/],
    ["query nonsense", /nonsense/],
    ["lab init mesascope-lab", /is a lab already/],
    ["lab status nowhere", /nowhere/],
    ["lab export --format csv --out mesascope-lab", /mesascope-lab/],
    ["serve --port 0 --host 0.0.0.0", /no token/],
    ["runs --server nowhere", /--server names nowhere/],
    ["worker", /no database given/],
    ["worker --database-url http://x --store .", /no URL of PostgreSQL/],
  ])("%s is a usage error that says what to do", (line, message) => {
    const { code, out, err } = mesascope(...line.split(" "));
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});
