// Files of agents and of labs that are not what they should be: whatever is in them, they are read, or refused in a sentence that helps.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MesascopeError } from "../src/core/base/errors.ts";
import type { Engine } from "../src/core/engine/engine.ts";
import { organisms } from "../src/core/organisms/index.ts";
import type { ArtifactStore } from "../src/lab/artifact-store.ts";
import { changedAt, changedBytes, changedJson, changedText } from "../src/lab/changed-input.fixture.ts";
import { checkpointSchemaId } from "../src/lab/checkpoint.ts";
import { type JobSpec, jobKey } from "../src/lab/job.ts";
import {
  checkpointPath,
  indexDocument,
  labDocument,
  ledgerPath,
  ledgerPrefix,
  recordPath,
  recordsPrefix,
} from "../src/lab/layout.ts";
import { type LedgerDocument, ledgerDocumentSchema, ledgerSchemaId } from "../src/lab/ledger.ts";
import { type JobRecord, readRecord, recordSchema, recordSchemaId } from "../src/lab/record.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { jobsOfEntry } from "../src/node/lab/apply-entry.ts";
import { exportLab } from "../src/node/lab/export/export-lab.ts";
import { smallLab } from "../src/node/lab/export/lab-records.fixture.ts";
import { identifyLab } from "../src/node/lab/identify-lab.ts";
import { auditSpec, code, type Databases, doneEnd, startDatabases, trainSpec } from "../src/node/lab/lab.fixture.ts";
import { Lab } from "../src/node/lab/lab.ts";
import { collectGarbage } from "../src/node/lab/maintenance/gc.ts";
import { readDocument } from "../src/node/lab/maintenance/read-documents.ts";
import { readLedgerDocument } from "../src/node/lab/maintenance/reconcile-ledger.ts";
import { fillLab, makeLabFolder, measureSpec, putLedger, run } from "../src/node/lab/maintenance/small-lab.fixture.ts";
import { verifyLab } from "../src/node/lab/maintenance/verify.ts";
import { MemoryStore } from "../src/node/lab/memory-store.fixture.ts";
import { TicketQueue } from "../src/node/lab/queue/ticket-queue.ts";
import type { FolderStore } from "../src/node/lab/store/folder-store.ts";
import { openDocument, sha256Of } from "../src/node/lab/store/store-content.ts";
import type { TestFolder } from "../src/node/lab/store/stores.fixture.ts";
import type { JobEnd } from "../src/node/lab/taken-job.ts";
import { StoreCheckpoints } from "../src/node/lab/worker/store-checkpoints.ts";
import { readStoredAgent } from "../src/node/lab/worker/stored-agent.ts";
import { openAgent } from "../src/node/policies/open-agent.ts";
import { decodeAgent } from "../src/node/storage/agent-folder.ts";
import { encodeCheckpoint } from "../src/node/storage/checkpoint-file.ts";
import { readJson } from "../src/node/storage/files.ts";
import { decodeTraining, encodeTraining, type TrainingState } from "../src/node/training/training-checkpoint.ts";
import { writeUntrained } from "./untrained-agent.ts";

/** Seconds for a case, however busy the machine is. */
const patience = 30;
/** Milliseconds for all cases of a test. */
const timeout = 600_000;

/** What became of it: read, or refused. Throws for what is no word to a user, or too late. */
async function outcomeOf(read: () => Promise<unknown>): Promise<"read" | "refused"> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${patience} s`)), patience * 1000);
  try {
    await Promise.race([read(), late]);
    return "read";
  } catch (error) {
    if (!(error instanceof MesascopeError)) throw error;
    expect(error.message).toMatch(/^\S.{20,}[.?]$/s);
    return "refused";
  } finally {
    clearTimeout(timer);
  }
}

const at = "2026-03-01T10:00:00.000Z";

function recordOf(spec: JobSpec): JobRecord {
  const { outcome, files } = doneEnd(spec) as Extract<JobEnd, { readonly kind: "done" }>;
  const made = { attempt: 1, worker: "a", engine: "none", startedAt: at, finishedAt: at, seconds: 1 };
  return recordSchema.parse({ schema: recordSchemaId, job: jobKey(spec), spec, outcome, files, made });
}

function failureOf(job: string): LedgerDocument {
  const entry = { kind: "failure", job, attempt: 1, code: "engine", message: "no" } as const;
  return { schema: ledgerSchemaId, number: 2, id: "0123456789abcdef", at, entry };
}

const trainingState: TrainingState = {
  organism: "corner/aligned",
  recipe: organisms.find(({ id }) => id === "corner/aligned")!.recipe({ seed: 1, preset: "quick" }),
  codeVersion: code,
  engine: "none",
  seconds: 1,
  curve: [{ environmentSteps: 1, trainingReturn: 1, oracleReturn: 1, oracleShare: 1 }],
  snapshot: { tensors: { parameters: new Float32Array([1, 2, 3]) }, state: { updates: 1 } },
  kept: [{ environmentSteps: 1, parameters: new Float32Array([1, 2]) }],
};

async function pathsIn(store: ArtifactStore, prefix = ""): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of store.listDocuments(prefix)) paths.push(path);
  return paths;
}

/** Every case is read or refused, and some of each kind are there. */
async function hold<Case>(
  cases: fc.Arbitrary<Case>,
  read: (given: Case) => Promise<unknown>,
  numRuns: number,
  leastRefused = numRuns / 20,
): Promise<void> {
  const seen = { read: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      seen[await outcomeOf(() => read(given))]++;
    }),
    { numRuns },
  );
  expect(seen.refused).toBeGreaterThanOrEqual(leastRefused);
}

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine();
});

describe("an agent's folder", () => {
  let folder: string;
  let whole: string;
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "mesascope-bad-")), "agent");
    const organism = organisms.find(({ id }) => id === "corner/aligned")!;
    await writeUntrained(folder, { organism, id: "a", seed: 1 });
    whole = await readFile(join(folder, "manifest.json"), "utf8");
  });
  afterAll(() => rm(join(folder, ".."), { recursive: true, force: true }));

  const open = async (manifest: string | Uint8Array) => {
    await writeFile(join(folder, "manifest.json"), manifest);
    await (await openAgent(engine, folder)).release();
  };

  it("is opened or refused, whatever its manifest says", { timeout }, async () => {
    await open(whole);
    await hold(changedJson(JSON.parse(whole)), (json) => open(JSON.stringify(json)), 600);
    await hold(changedText(whole), open, 200);
    await hold(changedBytes(Buffer.from(whole)), open, 200);
  });
});

describe("the documents of a lab", () => {
  let made: TestFolder;
  let store: FolderStore;
  let paths: readonly string[];
  beforeAll(async () => {
    made = await makeLabFolder();
    store = await made.open();
    await fillLab(store);
    await putLedger(store, 3, {
      kind: "decision",
      decision: { action: "retry", reason: "again", target: { kind: "sweep", sweep: "first" } },
    });
    paths = await pathsIn(store);
  });
  afterAll(() => made.remove());

  /** As each of those does that meet it. */
  const readings: readonly ((path: string) => Promise<unknown>)[] = [
    (path) => readDocument(store, path),
    () => verifyLab(store),
    () => collectGarbage(store, { isDryRun: true }),
    async (path) => (path.startsWith(ledgerPrefix) ? await readLedgerDocument(store, path) : null),
    async (path) => (path.startsWith(recordsPrefix) ? await readRecord(store, path.slice(recordsPrefix.length, -5)) : null),
    async () => await new StoreCheckpoints(store, jobKey(measureSpec(2))).load(() => undefined),
    async () => await readStoredAgent(store, run),
  ];

  it("are read or refused with anything in them, under a hash that is right", { timeout }, async () => {
    const documents = await Promise.all(paths.map(async (path) => [path, await store.getDocument(path)] as const));
    const cases = fc
      .constantFrom(...documents)
      .chain(([path, json]) => changedJson(json).map((changed) => ({ path, json, changed })));
    for (const reading of readings) {
      await hold(
        cases,
        async ({ path, json, changed }) => {
          await store.putDocument(path, changed);
          await reading(path).finally(() => store.putDocument(path, json));
        },
        60,
        0,
      );
    }
  });

  it("and its blobs are read or refused with any bytes in them", { timeout }, async () => {
    const entries = await readdir(made.folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
    const contents = await Promise.all(files.map(async (file) => [file, await readFile(file)] as const));
    const cases = fc
      .constantFrom(...contents)
      .chain(([file, bytes]) => changedBytes(bytes).map((changed) => ({ file, bytes, changed })));
    for (const reading of readings) {
      await hold(
        cases,
        async ({ file, bytes, changed }) => {
          await writeFile(file, changed);
          const path = relative(made.folder, file);
          await reading(paths.includes(path) ? path : paths[0]!).finally(() => writeFile(file, bytes));
        },
        40,
        0,
      );
    }
  });

  it("make an index where their schemas let them pass, whatever is in them", { timeout }, async () => {
    const databases = await startDatabases("pglite");
    const open = await databases.create();
    const inMemory = new MemoryStore();
    const lab = await Lab.open({ store: inMemory, code, database: await open() });
    await lab.accept({ sweep: "first", priority: 50, jobs: [trainSpec(1), trainSpec(2), auditSpec(1)] });
    const records = [trainSpec(1), auditSpec(1)].map((spec) => recordOf(spec));
    const entries = [
      failureOf(jobKey(trainSpec(2))),
      ...(await Promise.all((await pathsIn(inMemory, ledgerPrefix)).map((path) => inMemory.getDocument(path)))),
    ].map((json) => ledgerDocumentSchema.parse(json));
    const record = fc.constantFrom(...records).chain(changedJson);
    const entry = fc.constantFrom(...entries).chain(changedJson);
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 20, maxLength: 40 }),
        fc.array(entry, { minLength: 20, maxLength: 40 }),
        async (some, others) => {
          const before = new Map(inMemory.documents);
          for (const [i, json] of some.entries()) {
            const parsed = recordSchema.safeParse(json);
            if (!parsed.success) continue;
            passed++;
            await inMemory.putDocument(recordPath(i % 2 ? parsed.data.job : jobKey(trainSpec(1))), json);
          }
          for (const json of others) {
            const parsed = ledgerDocumentSchema.safeParse(json);
            if (!parsed.success || parsed.data.number > 1000) continue;
            passed++;
            await inMemory.putDocument(ledgerPath(parsed.data), json);
          }
          await outcomeOf(() => lab.rebuild()).then((outcome) => expect(outcome).toBe("read"));
          inMemory.documents.clear();
          for (const [path, text] of before) inMemory.documents.set(path, text);
        },
      ),
      { numRuns: 12 },
    );
    expect(passed).toBeGreaterThan(20);
    await lab.close();
    await databases.stop();
  });
});

describe("what says which lab it is, and which index", () => {
  it("is taken, or the lab is not opened", { timeout }, async () => {
    const databases = await startDatabases("pglite");
    const database = await (await databases.create())();
    const store = new MemoryStore();
    const parts = { store, database, code, clock: () => new Date(at), tickets: await TicketQueue.open({ database }) };
    await identifyLab(parts);
    const before = new Map(store.documents);
    expect([...before.keys()].sort()).toEqual([indexDocument, labDocument]);
    await hold(
      fc.constantFrom(...before).chain(([path, text]) => changedJson(JSON.parse(text)).map((changed) => ({ path, changed }))),
      async ({ path, changed }) => {
        await store.putDocument(path, changed);
        await identifyLab(parts).finally(() => {
          for (const [each, text] of before) store.documents.set(each, text);
        });
      },
      80,
    );
    await parts.tickets.close();
    await database.close();
    await databases.stop();
  });
});

describe("the blobs that documents of a lab name", () => {
  it("are read or refused with anything in them, under a hash that is right", { timeout }, async () => {
    const store = new MemoryStore();
    const jobs = new TextEncoder().encode(JSON.stringify([trainSpec(1), auditSpec(1)]));
    const text = new TextDecoder().decode(jobs);
    const ofSweep = async (bytes: Uint8Array) => {
      const blob = await store.putBlob(bytes);
      const document = { ...failureOf("0".repeat(64)), entry: { kind: "sweep", sweep: "a", priority: 1, jobs: blob, count: 1 } };
      await jobsOfEntry(store, ledgerDocumentSchema.parse(document));
    };
    await hold(changedJson(JSON.parse(text)), (json) => ofSweep(Buffer.from(JSON.stringify(json))), 100);
    await hold(changedBytes(jobs), ofSweep, 100);
  });

  it("hold a checkpoint, or one that is passed over", { timeout }, async () => {
    const store = new MemoryStore();
    const spec = trainSpec(1);
    const job = jobKey(spec);
    const ofJob = new StoreCheckpoints(store, job);
    await ofJob.save(trainingState, { update: 1, startedAt: at });
    const whole = encodeCheckpoint(encodeTraining(trainingState));
    const seen = { used: 0, passed: 0 };
    const load = async (bytes: Uint8Array) => {
      const blob = await store.putBlob(bytes);
      await store.putDocument(checkpointPath(job, 2), { schema: checkpointSchemaId, job, update: 2, startedAt: at, blob });
      const warnings: string[] = [];
      const found = await new StoreCheckpoints(store, job).load((warning) => warnings.push(warning));
      expect(found).not.toBeNull();
      for (const warning of warnings) expect(warning).toMatch(/is not used: .{20}/s);
      seen[warnings.length === 0 ? "used" : "passed"]++;
    };
    await load(whole);
    const { metadata, tensors } = encodeTraining(trainingState);
    const asSealed = (training: string) => encodeCheckpoint({ tensors, metadata: { training } });
    await hold(changedBytes(whole), load, 150, 0);
    await hold(changedJson(JSON.parse(metadata.training!)), (json) => load(asSealed(JSON.stringify(json))), 100, 0);
    await hold(changedText(metadata.training!), (text) => load(asSealed(text.toWellFormed())), 100, 0);
    expect(seen.passed).toBeGreaterThan(100);
  });

  it("go into an export or end it with a word on why", { timeout }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "mesascope-bad-"));
    const { store } = await smallLab();
    const documents = await Promise.all(
      (await pathsIn(store, recordsPrefix)).map(
        async (path) => [path, recordSchema.parse(await store.getDocument(path))] as const,
      ),
    );
    const blobs = documents.flatMap(([path, record]) =>
      Object.entries(record.files).map(([name, ref]) => ({ path, record, name, ref })),
    );
    const bytesOf = new Map(await Promise.all(blobs.map(async ({ ref }) => [ref.sha256, await store.getBlob(ref)] as const)));
    await hold(
      fc
        .constantFrom(...blobs)
        .chain((about) => changedBytes(bytesOf.get(about.ref.sha256)!).map((bytes) => ({ ...about, bytes }))),
      async ({ path, record, name, bytes }) => {
        await store.putDocument(path, { ...record, files: { ...record.files, [name]: await store.putBlob(bytes) } });
        const out = join(folder, "out");
        await exportLab({ store, format: "csv", folder: out, overwrite: true }).finally(() => store.putDocument(path, record));
      },
      60,
      0,
    );
    await rm(folder, { recursive: true });
  });
});

/** What once broke something: found by the tests above, or by thinking of what they would take long to find. */
describe("of what broke something once", () => {
  const nul = "a\0b";
  const half = "a\ud800b";

  let databases: Databases;
  let store: MemoryStore;
  let lab: Lab;
  beforeAll(async () => {
    databases = await startDatabases("pglite");
    const open = await databases.create();
    store = new MemoryStore();
    lab = await Lab.open({ store, code, database: await open() });
    await lab.accept({ sweep: "first", priority: 50, jobs: [trainSpec(1), auditSpec(1)] });
  }, timeout);
  afterAll(async () => {
    await lab.close();
    await databases.stop();
  }, timeout);

  const audit = jobKey(auditSpec(1));
  it.each<[string, string, unknown]>([
    ["a zero character in a verdict", "outcome.verdict.objective", nul],
    ["half of a character in a verdict", "outcome.verdict.objective", half],
    ["a zero character in the name of a worker", "made.worker", nul],
    ["more attempts than 32 bits hold", "made.attempt", 2 ** 31],
    ["a time of the year 0", "made.finishedAt", "0000-01-01T00:00:00Z"],
  ])("a record with %s keeps no index from being made", async (_, path, put) => {
    const record = recordOf(auditSpec(1));
    await store.putDocument(recordPath(audit), changedAt(record, path.split("."), put));
    const { warnings } = await lab.rebuild();
    await store.deleteDocument(recordPath(audit));
    expect(warnings).toEqual([expect.stringMatching(/is no record that can be read; its job will be done again\.$/)]);
    expect((await lab.counts()).done).toBe(0);
  });

  it.each<[string, string, unknown]>([
    ["a zero character in its message", "entry.message", nul],
    ["half of a character in its code", "entry.code", half],
    ["more attempts than 32 bits hold", "entry.attempt", 2 ** 31],
    ["a time of the year 0", "at", "0000-01-01T00:00:00Z"],
    ["a number after which none can come", "number", Number.MAX_SAFE_INTEGER],
  ])("a failure with %s is told by name", async (_, path, put) => {
    const document = failureOf(jobKey(trainSpec(1)));
    await store.putDocument(ledgerPath(document), changedAt(document, path.split("."), put));
    await expect(lab.rebuild()).rejects.toThrow(
      expect.objectContaining({ code: "unsupported-version", message: expect.stringContaining(ledgerPath(document)) }),
    );
    await store.deleteDocument(ledgerPath(document));
    expect((await lab.rebuild()).warnings).toEqual([]);
  });

  it("a sweep whose jobs are no JSON is left out of the index, with a word", async () => {
    const blob = await store.putBlob(Buffer.from("no"));
    const document = {
      ...failureOf(audit),
      entry: { kind: "sweep", sweep: "other", priority: 1, jobs: blob, count: 1 },
    } as const;
    await store.putDocument(ledgerPath(document), document);
    expect((await lab.rebuild()).warnings).toEqual([expect.stringMatching(/the jobs of entry 2 .* they are not JSON \(.*\)/)]);
    await store.deleteDocument(ledgerPath(document));
  });

  it("a document is damaged that is no JSON under a hash that is right, or nests without end", () => {
    const sealed = (text: string) => Buffer.from(`{"sha256":"${sha256Of(Buffer.from(text))}","document":${text}}\n`);
    expect(openDocument(sealed("[1]"), "a.json")).toEqual([1]);
    for (const text of ["", "no", "[".repeat(200) + "]".repeat(200), "[".repeat(50_000) + "]".repeat(50_000)]) {
      expect(() => openDocument(sealed(text), "a.json")).toThrow(
        expect.objectContaining({
          code: "damaged-artifact",
          message: expect.stringMatching(/^a\.json is damaged: it is (not JSON|nested)/),
        }),
      );
    }
  });

  it("an agent in a store is refused whose manifest is no JSON", () => {
    const files = { "policy.onnx": new Uint8Array(), "curve.csv": new Uint8Array(), "manifest.json": Buffer.from("no") };
    expect(() => decodeAgent(files, "here")).toThrow(
      expect.objectContaining({
        code: "invalid-manifest",
        message: expect.stringMatching(/^here has a manifest\.json that is not JSON/),
      }),
    );
  });

  it("a checkpoint is refused that tells of its training in no JSON", () => {
    expect(() => decodeTraining({ tensors: {}, metadata: { training: "no" } }, "here")).toThrow(
      expect.objectContaining({
        code: "invalid-checkpoint",
        message: expect.stringMatching(/^here is no checkpoint .* not JSON/),
      }),
    );
  });

  it("a file is refused that nests deeper than the stack", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mesascope-bad-"));
    const path = join(folder, "manifest.json");
    for (const levels of [200, 100_000]) {
      await writeFile(path, "[".repeat(levels) + "]".repeat(levels));
      await expect(readJson(path)).rejects.toThrow(expect.objectContaining({ code: "invalid-data" }));
    }
    await rm(folder, { recursive: true });
  });
});
