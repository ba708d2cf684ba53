// Policies of agents that are not what they should be, on the way into ONNX Runtime: whatever is in them, they are opened or refused in a sentence
// that helps, and the process lives on.

import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ModelProtoSchema, StringStringEntryProtoSchema, TensorProto_DataLocation } from "onnx-buf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { organisms } from "../src/core/organisms/index.ts";
import { changedBytes } from "../src/lab/changed-input.fixture.ts";
import { changedModel } from "./changed-model.ts";
import { writeUntrained } from "./untrained-agent.ts";

const openModels = join(import.meta.dirname, "fixtures", "open-models.ts");
let folder: string;
let agent: string;
let whole: Uint8Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-models-"));
  agent = join(folder, "agent");
  await writeUntrained(agent, { organism: organisms.find(({ id }) => id === "corner/aligned")!, id: "a", seed: 1 });
  whole = await readFile(join(agent, "policy.onnx"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly how: string;
  readonly message: string;
}

/** What became of each model, all opened by one process that runs in the test's folder. Throws where it did not come to its end, with the number of the model. */
async function open(models: readonly Uint8Array[]): Promise<readonly Outcome[]> {
  const place = await mkdtemp(join(folder, "models-"));
  for (const [number, model] of models.entries()) await writeFile(join(place, `${number}.onnx`), model);
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, openModels, agent, place, `${models.length}`],
    { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  const lines = stdout.trim().split("\n");
  if (status !== 0) throw new Error(`model ${lines.at(-1)} ended the process (${signal ?? status}): ${stderr.slice(-500)}`);
  return lines.map((line) => JSON.parse(line.slice(line.indexOf(" "))));
}

describe("an agent's policy", () => {
  it.each([
    ["bytes", changedBytes],
    ["nodes, names and shapes", changedModel],
  ])("is opened or refused with other %s in it, and the process lives on", { timeout: 600_000 }, async (_, changed) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const outcomes = await open([whole, ...fc.sample(changed(whole), { seed, numRuns: 300 })]).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
    expect(outcomes[0]).toEqual({ how: "opened", message: "" });
    expect(outcomes.length).toBe(301);
    const isTold = ({ how, message }: Outcome) =>
      how === "opened" || (how === "refused" && message.startsWith(agent) && /[.?]$/.test(message));
    expect({ seed, untold: outcomes.filter((outcome) => !isTold(outcome)) }).toEqual({ seed, untold: [] });
    for (const wanted of ["opened", "refused"]) expect(outcomes.filter(({ how }) => how === wanted).length).toBeGreaterThan(15);
  });

  it("is refused where it would read another file, also one below the folder that the program runs in", async () => {
    await mkdir(join(folder, "private"));
    const secret = join(folder, "private", "numbers.bin");
    await writeFile(secret, Buffer.alloc(10_000));
    const model = fromBinary(ModelProtoSchema, whole);
    const weight = model.graph!.initializer[0]!;
    const entries = { location: relative(folder, secret), offset: "0", length: `${weight.rawData.length}` };
    weight.externalData = Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
    weight.rawData = new Uint8Array();
    weight.dataLocation = TensorProto_DataLocation.EXTERNAL;
    expect(await open([toBinary(ModelProtoSchema, model)])).toEqual([
      { how: "refused", message: expect.stringMatching(/policy\.onnx: weight "\S+" lies outside the file; .*\.$/) },
    ]);
  });
});
