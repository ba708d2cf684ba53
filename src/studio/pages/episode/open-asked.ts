// From what an address means to what the worker opens: models are fetched from where they lie, or taken from a file that was chosen.

import { snapshotAt, snapshotFile, snapshotsAmong } from "../../../lab/snapshots.ts";
import type { AgentSource } from "../../agents/open-agent.ts";
import { mostManifestText, mostModelBytes, type Setting } from "../../agents/settings.ts";
import type { LabClient } from "../../api/lab-client.ts";
import { runName } from "../../app/run-names.ts";
import { type AgentName, agentNames, preset } from "../../live/story-agents.ts";
import { trainedHere } from "../../live/trained-here.ts";
import { isJobKey, noKeyWords } from "../../views/job-key.ts";
import { exactNumber } from "../../views/words.ts";
import { recordedModels } from "../home/recorded-run.ts";
import { type AskedAgent, finalPolicy } from "./asked-episode.ts";

/** A model that was chosen by hand, and its manifest where there was one. */
export interface ChosenFiles {
  /** Another number for other files. */
  readonly number: number;
  readonly name: string;
  readonly model: Uint8Array<ArrayBuffer>;
  readonly manifest: { readonly name: string; readonly text: string } | null;
}

/** What is missing before an agent can be opened: no failure, but something to do. */
export type Missing =
  | { readonly kind: "file" }
  | { readonly kind: "lab" }
  /** It is not trained in this tab, or was before the page was loaded anew. */
  | { readonly kind: "live"; readonly name: string; readonly seed: number }
  | { readonly kind: "not-done"; readonly key: string; readonly state: string };

export interface Found {
  readonly source: AgentSource;
  /** What the page calls it. */
  readonly name: string;
  /** The run that it is of, or the audit that it is known from; null where no lab has it. */
  readonly of: { readonly kind: "run" | "audit"; readonly key: string } | null;
  /** Other policies that the run kept on its way, by their files. */
  readonly snapshots: readonly string[];
}

export interface FindOptions {
  readonly setting: Setting;
  readonly chosen: ChosenFiles | null;
  /** Null where no lab answers. */
  readonly client: { readonly jobs: Pick<LabClient["jobs"], "get" | "file"> } | null;
  readonly signal: AbortSignal;
}

/** Throws where there is no such agent, and as the lab does. */
export async function findAgent(asked: AskedAgent, options: FindOptions): Promise<Found | Missing> {
  const { setting, chosen, client, signal } = options;
  switch (asked.kind) {
    case "recorded":
      return await recordedAgent(asked.name, signal);
    case "live": {
      const { name, seed } = asked;
      const trained = trainedHere().find((each) => each.name === name && each.seed === seed);
      if (trained === undefined) return { ...asked, name: agentOfFirstPage(name) };
      const source = { kind: "model", model: trained.model, setting: recordedSetting } as const;
      return { source, name: `${name}, trained here with seed ${seed}`, of: null, snapshots: [] };
    }
    case "scripted":
      return {
        source: { kind: "scripted", name: asked.name, setting },
        name: `${asked.name}, scripted`,
        of: null,
        snapshots: [],
      };
    case "file": {
      if (chosen === null) return { kind: "file" };
      const { name, model, manifest } = chosen;
      const source: AgentSource =
        manifest === null
          ? { kind: "model", model, setting, file: name }
          : { kind: "agent", model, manifest: manifest.text, files: { model: name, manifest: manifest.name } };
      return { source, name, of: null, snapshots: [] };
    }
    case "run":
      return client === null ? { kind: "lab" } : await agentOfRun(asked, { client, signal });
    default:
      return asked satisfies never;
  }
}

/** Where the agents of the first page live. */
const recordedSetting = { world: "arcade", preset, parameters: {}, encoder: null } as const;

/** Throws where there is none of that name. */
function agentOfFirstPage(name: string): AgentName {
  const known = agentNames.find((each) => each === name);
  if (known !== undefined) return known;
  throw new Error(`no agent "${name}" on the first page; there are ${agentNames.join(", ")}.`);
}

async function recordedAgent(name: string, signal: AbortSignal): Promise<Found> {
  const known = agentOfFirstPage(name);
  const response = await fetch(recordedModels[known], { signal });
  if (!response.ok) throw new Error(`the recorded policy answered ${response.status}; expected its file. Reload the page.`);
  const model = new Uint8Array(await response.arrayBuffer());
  return { source: { kind: "model", model, setting: recordedSetting }, name: `${known}, recorded`, of: null, snapshots: [] };
}

interface OfLab {
  readonly client: NonNullable<FindOptions["client"]>;
  readonly signal: AbortSignal;
}

type Asked = Awaited<ReturnType<LabClient["jobs"]["get"]>>;

/** Of an audit or a measurement, the agent that it is about, which is then called nothing that tells what it was trained for. */
async function agentOfRun({ key, file }: Extract<AskedAgent, { readonly kind: "run" }>, lab: OfLab): Promise<Found | Missing> {
  const { client, signal } = lab;
  if (!isJobKey(key)) throw new Error(`${noKeyWords(key, "a run or an audit")} The run table leads to the runs there are.`);
  const asked = await client.jobs.get({ key }, { signal });
  const { spec } = asked;
  if (spec.kind === "train") return await trainedAgent({ key, asked, file }, lab);
  const trained = await client.jobs.get({ key: spec.run }, { signal });
  const audited = spec.kind === "audit" && spec.snapshot !== undefined ? fileOfSnapshot(trained, spec.snapshot) : finalPolicy;
  const played = file === finalPolicy ? audited : file;
  const found = await trainedAgent({ key: spec.run, asked: trained, file: played }, lab);
  if ("kind" in found || spec.kind !== "audit") return found;
  const whose = played === audited ? "the audited agent" : "the training of the audited agent";
  const name = played === finalPolicy ? whose : `${whose}, after ${exactNumber(snapshotsAmong([played])[0]!)} steps`;
  // An audit of a snapshot says nothing of the agent before and after.
  return { ...found, name, of: { kind: "audit", key }, ...(spec.snapshot !== undefined && { snapshots: [] }) };
}

/** What a run calls its policy at the place of a snapshot, as the worker that audits it finds it. Throws where none was kept. */
function fileOfSnapshot({ row, spec, record }: Asked, place: number): string {
  if (spec.kind !== "train" || record === null) return finalPolicy;
  const end = record.outcome.kind === "train" ? record.outcome.environmentSteps : 0;
  const kept = snapshotsAmong(Object.keys(record.files));
  const steps = snapshotAt(place, { totalTimesteps: spec.recipe.optimizer.totalTimesteps, kept: [...kept, end] });
  if (kept.length === 0 || steps === null)
    throw new Error(
      `the run ${row.key.slice(0, 8)} has no snapshots of its training any more; expected the one that was audited. Train it again.`,
    );
  return steps === end ? finalPolicy : snapshotFile(steps);
}

async function trainedAgent(
  { key, asked, file }: { readonly key: string; readonly asked: Asked; readonly file: string },
  { client, signal }: OfLab,
): Promise<Found | Missing> {
  const { row, spec, record } = asked;
  if (spec.kind !== "train") throw new Error(`${spec.kind} job ${key.slice(0, 8)} given; expected one that trains an agent.`);
  if (record === null) return { kind: "not-done", key, state: row.state };
  const bytes = async (name: string) => (await client.jobs.file({ key, name }, { signal })).arrayBuffer();
  const model = new Uint8Array(await bytes(file));
  const steps = snapshotsAmong(Object.keys(record.files));
  const found = { name: runName(row), of: { kind: "run", key }, snapshots: steps.map(snapshotFile) } as const;
  const manifest = new TextDecoder().decode(await bytes("manifest.json"));
  return { ...found, source: { kind: "agent", model, manifest, isSnapshot: file !== finalPolicy } };
}

let numbers = 0;

/** Reads files that were chosen. Throws where none is a model, there are several of a kind, or one is too large. */
export async function readChosen(files: readonly File[]): Promise<ChosenFiles> {
  const models = files.filter(({ name }) => !name.toLowerCase().endsWith(".json"));
  const manifests = files.filter(({ name }) => name.toLowerCase().endsWith(".json"));
  const [file] = models;
  if (file === undefined || models.length > 1 || manifests.length > 1) {
    const given = files.map(({ name }) => name).join(", ") || "nothing";
    throw new Error(`${given} given; expected one ONNX file, and the manifest.json beside it where there is one.`);
  }
  refuseAbove(file, mostModelBytes);
  const [manifest] = manifests;
  if (manifest !== undefined) refuseAbove(manifest, mostManifestText);
  const model = new Uint8Array(await file.arrayBuffer());
  const beside = manifest === undefined ? null : { name: manifest.name, text: await manifest.text() };
  return { number: ++numbers, name: file.name, model, manifest: beside };
}

function refuseAbove({ name, size }: File, most: number): void {
  if (size <= most) return;
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  throw new Error(`${name} has ${mebibytes(size)}; expected at most ${mebibytes(most)}. "mesascope audit" takes larger ones.`);
}
