import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgentToWrite, encodeAgent, readAgent, readSnapshots, writeAgent } from "./agent-folder.ts";

const agent: AgentToWrite = {
  policy: new Uint8Array([8, 10, 42, 0, 255]),
  manifest: {
    schema: "mesascope/agent@1",
    id: "b",
    world: { name: "arcade", version: 1, parameters: {} },
    encoder: { name: "egocentric", parameters: {}, size: 4 },
    actions: ["left", "right"],
    observation: { shape: [4] },
    outputs: { logits: "logits", value: "value" },
    hooks: [],
    engine: "test",
    codeVersion: "0.1.0",
    recipe: { seed: 1 },
    training: null,
  },
  curve: [
    { environmentSteps: 4096, trainingReturn: null },
    { environmentSteps: 8192, trainingReturn: 0.1 + 0.2 },
  ],
};

const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "mesascope-agent-"));
  folder = join(parent, "agents", "b");
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

describe("writeAgent", () => {
  it("writes what readAgent gives back, and leaves nothing else behind", async () => {
    const manifest = await writeAgent(folder, agent);
    expect(await readAgent(folder)).toEqual({ policy: agent.policy, manifest, curve: agent.curve });
    expect(manifest.policySha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await readdir(folder)).toEqual(["curve.csv", "manifest.json", "policy.onnx"]);
    expect(await readdir(join(parent, "agents"))).toEqual(["b"]);
    expect(await readFile(join(folder, "curve.csv"), "utf8")).toBe(
      "environmentSteps,trainingReturn\n4096,\n8192,0.30000000000000004\n",
    );
  });

  it("writes an agent without a curve, and into an empty folder", async () => {
    await mkdir(folder, { recursive: true });
    await writeAgent(folder, { ...agent, curve: [] });
    expect((await readAgent(folder)).curve).toEqual([]);
  });

  it("refuses to overwrite an agent unless told, and then replaces it whole", async () => {
    await writeAgent(folder, agent);
    await writeFile(join(folder, "notes.txt"), "old");
    const next = { ...agent, manifest: { ...agent.manifest, id: "next" } };
    await expect(writeAgent(folder, next)).rejects.toThrow(failure("usage", /an agent is already there\. Name another folder/));
    expect((await readAgent(folder)).manifest.id).toBe("b");
    await writeAgent(folder, { ...next, overwrite: true });
    expect((await readAgent(folder)).manifest.id).toBe("next");
    expect(await readdir(folder)).toEqual(["curve.csv", "manifest.json", "policy.onnx"]);
    expect(await readdir(join(parent, "agents"))).toEqual(["b"]);
  });

  it("brings the old agent back that a killed process had moved aside, before it reads, writes or removes anything", async () => {
    const dead = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
    const crash = () => rename(folder, join(parent, "agents", `.b.replaced.${dead}-0123456789ab.tmp`));
    await writeAgent(folder, agent);
    await crash();
    expect((await readAgent(folder)).manifest.id).toBe("b");
    await crash();
    await expect(writeAgent(folder, agent)).rejects.toThrow(failure("usage", /an agent is already there/));
    await crash();
    await writeAgent(join(parent, "agents", "another"), agent);
    expect(await readdir(join(parent, "agents"))).toEqual(["another", "b"]);
  });

  it("leaves alone what a running process has moved aside", async () => {
    await writeAgent(folder, agent);
    const aside = `.b.replaced.${process.pid}-0123456789ab.tmp`;
    await rename(folder, join(parent, "agents", aside));
    await utimes(join(parent, "agents", aside), new Date(0), new Date(0));
    await writeAgent(join(parent, "agents", "another"), agent);
    expect(await readdir(join(parent, "agents"))).toEqual([aside, "another"]);
  });

  it("never overwrites anything but an agent", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "thesis.tex"), "x");
    await expect(writeAgent(folder, { ...agent, overwrite: true })).rejects.toThrow(
      failure("usage", /other files is already there/),
    );
    const file = join(folder, "thesis.tex");
    await expect(writeAgent(file, { ...agent, overwrite: true })).rejects.toThrow(failure("usage", /; a file is already there/));
    expect(await readdir(folder)).toEqual(["thesis.tex"]);
  });

  it("refuses a broken manifest and an uneven curve before touching the disk", async () => {
    const manifest = { ...agent.manifest, actions: [] };
    await expect(writeAgent(folder, { ...agent, manifest })).rejects.toThrow(failure("invalid-manifest", /actions/));
    for (const curve of [[{ a: 1 }, { b: 1 }], [{ a: Number.NaN }]]) {
      await expect(writeAgent(folder, { ...agent, curve })).rejects.toThrow(
        failure("invalid-data", /row \d of the training curve/),
      );
    }
    expect(await readdir(parent)).toEqual([]);
  });

  it("says what failed when the folder cannot be made", async () => {
    await writeFile(join(parent, "agents"), "a file");
    await expect(writeAgent(folder, agent)).rejects.toThrow(failure("file-system", /cannot make the folder .*agents/));
  });
});

describe("readAgent", () => {
  it("tells a path that is missing, a file, an empty folder and another folder apart", async () => {
    await expect(readAgent(folder)).rejects.toThrow(failure("usage", /b does not exist; expected an agent's folder/));
    await writeAgent(folder, agent);
    await expect(readAgent(join(folder, "policy.onnx"))).rejects.toThrow(failure("usage", /policy\.onnx is not a folder/));
    await rm(join(folder, "manifest.json"));
    await expect(readAgent(folder)).rejects.toThrow(
      failure("usage", /has no manifest\.json \(it holds curve\.csv, policy\.onnx\)/),
    );
    await mkdir(join(parent, "empty"));
    await expect(readAgent(join(parent, "empty"))).rejects.toThrow(failure("usage", /\(it is empty\)/));
  });

  it("tells a manifest that is not JSON, of another kind and of another version apart", async () => {
    const manifest = await writeAgent(folder, agent);
    const path = join(folder, "manifest.json");
    await writeFile(path, '{"schema": ');
    await expect(readAgent(folder)).rejects.toThrow(failure("invalid-manifest", /manifest\.json is not JSON/));
    await writeFile(path, "[]");
    await expect(readAgent(folder)).rejects.toThrow(failure("invalid-manifest", /manifest\.json: a list given/));
    await writeFile(path, JSON.stringify({ ...manifest, schema: "mesascope/agent@7" }));
    await expect(readAgent(folder)).rejects.toThrow(
      failure("unsupported-version", /manifest\.json: manifest schema mesascope\/agent@7/),
    );
    await writeFile(path, JSON.stringify({ ...manifest, actions: 3 }));
    await expect(readAgent(folder)).rejects.toThrow(failure("invalid-manifest", /manifest\.json: .*actions/));
  });

  it("refuses a policy that is missing, cut short or changed in one bit", async () => {
    await writeAgent(folder, agent);
    const path = join(folder, "policy.onnx");
    await writeFile(path, agent.policy.subarray(0, 3));
    await expect(readAgent(folder)).rejects.toThrow(
      failure("invalid-model", /truncated or altered: .*\(3 bytes\); the manifest says/),
    );
    await writeFile(path, new Uint8Array([9, 10, 42, 0, 255]));
    await expect(readAgent(folder)).rejects.toThrow(failure("invalid-model", /truncated or altered/));
    await rm(path);
    await expect(readAgent(folder)).rejects.toThrow(failure("invalid-model", /policy\.onnx is missing/));
  });

  it("reads an agent without a curve and refuses a broken one by line", async () => {
    await writeAgent(folder, agent);
    const path = join(folder, "curve.csv");
    await writeFile(path, "a,b\n1,2\n3,x\n");
    await expect(readAgent(folder)).rejects.toThrow(failure("invalid-data", /curve\.csv, line 3: "3,x" given/));
    await rm(path);
    expect((await readAgent(folder)).curve).toEqual([]);
  });
});

describe("readSnapshots", () => {
  const snapshots = [10, 40].map((environmentSteps) => ({ environmentSteps, policy: new Uint8Array([1, environmentSteps]) }));
  const snapshotPath = (steps: number) => join(folder, `snapshot-${steps}.onnx`);
  const editManifest = async (edit: (manifest: Record<string, unknown>) => void) => {
    const path = join(folder, "manifest.json");
    const manifest = JSON.parse(await readFile(path, "utf8"));
    edit(manifest);
    await writeFile(path, JSON.stringify(manifest));
  };

  it("gives what was written, ascending in steps, and what is left of it where some was removed", async () => {
    await writeAgent(folder, { ...agent, snapshots });
    expect(await readSnapshots(folder)).toEqual(snapshots);
    await rm(snapshotPath(10));
    expect(await readSnapshots(folder)).toEqual(snapshots.slice(1));
  });

  it("refuses one that was changed, that was taken for another, or that is of another agent", async () => {
    await writeAgent(folder, { ...agent, snapshots });
    await writeFile(snapshotPath(40), new Uint8Array([1]));
    await expect(readSnapshots(folder)).rejects.toThrow(
      failure(
        "invalid-model",
        /snapshot-40\.onnx is truncated or altered: its SHA-256 is [0-9a-f]{64} \(1 bytes\); the manifest says/,
      ),
    );
    await writeFile(snapshotPath(40), snapshots[0]!.policy);
    await expect(readSnapshots(folder)).rejects.toThrow(failure("invalid-model", /snapshot-40\.onnx is truncated or altered/));
    await rename(snapshotPath(40), snapshotPath(30));
    await expect(readSnapshots(folder)).rejects.toThrow(
      failure("invalid-model", /snapshot-30\.onnx is not of this agent: .*the manifest knows no such snapshot/),
    );
  });

  it("refuses one that was put beside an agent of whose training none was kept", async () => {
    await writeAgent(folder, { ...agent, snapshots: [] });
    expect(await readSnapshots(folder)).toEqual([]);
    await writeFile(snapshotPath(10), new Uint8Array([1]));
    await expect(readSnapshots(folder)).rejects.toThrow(failure("invalid-model", /knows no such snapshot/));
  });

  it("takes those as they are whose manifest, of an earlier version, tells of none", async () => {
    await writeAgent(folder, { ...agent, snapshots });
    await editManifest((manifest) => delete manifest.snapshots);
    expect((await readSnapshots(folder)).map(({ environmentSteps }) => environmentSteps)).toEqual([10, 40]);
  });

  it("finds none told in the manifest of an agent that is written without them, as populations are", () => {
    const { manifest } = encodeAgent({ ...agent, snapshots });
    expect(manifest.snapshots?.map(({ environmentSteps }) => environmentSteps)).toEqual([10, 40]);
    expect(encodeAgent({ ...agent, manifest }).manifest).not.toHaveProperty("snapshots");
  });
});
