// Agents made ready to act in a page: a policy of this project with its manifest, an ONNX model from elsewhere, or a script. Plain code without a
// page: a worker runs it, so that what is given is parsed nowhere else.

import { parseManifest } from "../../core/agents/manifest.ts";
import { importPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import type { Policy } from "../../core/agents/policy.ts";
import { scriptedPolicyNamed } from "../../core/agents/scripted-names.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Engine, EngineSession } from "../../core/engine/engine.ts";
import { hashOf } from "../../core/organisms/seal.ts";
import type { Encoder, World } from "../../core/worlds/world.ts";
import { placeOf } from "./places.ts";
import { mostManifestText, mostModelBytes, type Setting } from "./settings.ts";

export type AgentSource =
  /** As this project writes agents: the text of manifest.json, and policy.onnx or, where it `isSnapshot`, one from earlier in that training. */
  | {
      readonly kind: "agent";
      readonly manifest: string;
      readonly model: Uint8Array<ArrayBuffer>;
      readonly isSnapshot?: boolean;
      /** What their files are called, where they were given by hand: so messages call them. */
      readonly files?: { readonly model: string; readonly manifest: string };
    }
  /** A bare model, and where it is said to act; `file`: what it is called. */
  | { readonly kind: "model"; readonly model: Uint8Array<ArrayBuffer>; readonly setting: Setting; readonly file?: string }
  | { readonly kind: "scripted"; readonly name: string; readonly setting: Setting };

/** An agent that can be asked. */
export interface AgentAtHand {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly policy: Policy;
  /** Its own estimate of the return to come, at the observation that it was asked about last; null where it has none. */
  readonly value: () => number | null;
  /** What was guessed of a model from elsewhere, and what cannot be shown of it: a sentence each. */
  readonly notes: readonly string[];
  /** Frees the compiled model. */
  release(): Promise<void>;
}

/**
 * Opens an agent. Throws `usage` for names that do not exist and for what is too large, as `parseManifest` for a manifest that is none,
 * `invalid-model` for a model that is not the manifest's, `unsupported-version` for one of another version of its world, and as `importPolicy`
 * for a model that is no policy for the world.
 */
export async function openAgent(source: AgentSource, engine: () => Promise<Engine>): Promise<AgentAtHand> {
  switch (source.kind) {
    case "scripted": {
      const place = placeOf(source.setting);
      const policy = scriptedPolicyNamed(source.name, place);
      return { ...place, policy, value: () => null, notes: [], release: async () => {} };
    }
    case "model": {
      const { model, setting, file = "the file" } = source;
      return await openModel({ ...placeOf(setting), model, file }, await engine());
    }
    case "agent": {
      const { model, isSnapshot, files } = source;
      const file = files?.model ?? (isSnapshot ? "the snapshot" : "policy.onnx");
      const place = files === undefined ? placeOfManifest(source) : toldOf(files.manifest, () => placeOfManifest(source));
      return await openModel({ ...place, model, file }, await engine());
    }
    default:
      return source satisfies never;
  }
}

interface GivenModel {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly model: Uint8Array;
  readonly file: string;
}

async function openModel({ world, encoder, model, file }: GivenModel, engine: Engine): Promise<AgentAtHand> {
  if (model.length > mostModelBytes) {
    const mebibytes = (model.length / 2 ** 20).toFixed(0);
    throw new MesascopeError(
      "usage",
      `${file} has ${mebibytes} MiB; expected at most ${mostModelBytes / 2 ** 20}. Use "mesascope audit", which takes larger ones.`,
    );
  }
  const listener = new ValueListener(engine);
  const needs = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
  const probes = probesOf(world, encoder);
  const { policy, called, notes, limits, release } = await importPolicy({ engine: listener, model, file, needs, probes });
  listener.listenTo(called.value);
  return { world, encoder, policy, value: () => listener.value, notes: [...notes, ...limits], release };
}

/** With what is wrong said of that file. */
function toldOf<Read>(file: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof MesascopeError) throw new MesascopeError(error.code, `${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function placeOfManifest({ manifest: text, model, isSnapshot }: Extract<AgentSource, { readonly kind: "agent" }>) {
  if (text.length > mostManifestText) {
    throw new MesascopeError(
      "usage",
      `a manifest of ${text.length} characters given; expected at most ${mostManifestText}. Name the manifest.json that training wrote.`,
    );
  }
  const manifest = parseManifest(parsed(text));
  const { name, version, parameters } = manifest.world;
  const place = placeOf({ world: name, preset: "standard", parameters, encoder: manifest.encoder.name });
  if (place.world.version !== version) {
    throw new MesascopeError(
      "unsupported-version",
      `the agent was made for version ${version} of world ${name}; this mesascope has version ${place.world.version}. Use the mesascope that made it (${manifest.codeVersion}), or train the agent again.`,
    );
  }
  if (place.encoder.size !== manifest.encoder.size || manifest.actions.join() !== place.world.actions.join()) {
    throw new MesascopeError(
      "shape-mismatch",
      `the manifest tells of ${manifest.encoder.size} inputs and the actions ${manifest.actions.join(", ")}; world ${name} has ${place.encoder.size} and ${place.world.actions.join(", ")}. Train the agent again.`,
    );
  }
  // A manifest has the hash of the policy at the end.
  if (isSnapshot) return place;
  const found = hashOf(model);
  if (found !== manifest.policySha256) {
    throw new MesascopeError(
      "invalid-model",
      `the model's SHA-256 is ${found} (${model.length} bytes); the manifest says ${manifest.policySha256}. Take policy.onnx and manifest.json from one folder.`,
    );
  }
  return place;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MesascopeError(
      "invalid-manifest",
      `a manifest given that is no JSON; expected the manifest.json that training wrote. Choose that file.`,
    );
  }
}

/** An engine whose sessions are also asked for the output that holds values, and whose last one is kept. */
class ValueListener implements Engine {
  readonly name: string;
  value: number | null = null;
  readonly #engine: Engine;
  #output: string | null = null;

  constructor(engine: Engine) {
    this.name = engine.name;
    this.#engine = engine;
  }

  /** `output` is `[rows]`; null where there is none. */
  listenTo(output: string | null): void {
    this.#output = output;
  }

  async compile(model: Uint8Array): Promise<EngineSession> {
    const session = await this.#engine.compile(model);
    const { inputNames, outputNames, inputShapes, outputShapes } = session;
    return {
      ...{ inputNames, outputNames, inputShapes, outputShapes },
      run: async (feeds, fetches) => {
        const output = this.#output;
        const all = output === null || fetches === undefined ? fetches : [...new Set([...fetches, output])];
        const outputs = await session.run(feeds, all);
        const first = output === null ? undefined : outputs[output]?.data[0];
        this.value = first === undefined ? null : Number(first);
        return outputs;
      },
      release: () => session.release(),
    };
  }
}

const probeCount = 8;
const probeSteps = 4;

/** Observations in the first steps of episodes in training and deployment, on which a model is tried, `[probeCount, encoder.size]`. */
function probesOf(world: World, encoder: Encoder<unknown>): Float32Array {
  const prng = Prng.fromSeed(0);
  const batch = world.createBatch(probeCount);
  const begin = (env: number) => batch.reset(env, world.sampleLevel(env % 2 === 0 ? world.training : world.deployment, prng));
  for (let env = 0; env < probeCount; env++) begin(env);
  for (let step = 0; step < probeSteps; step++) {
    batch.step(Int32Array.from({ length: probeCount }, () => prng.integer(world.actions.length)));
    for (let env = 0; env < probeCount; env++) if (batch.done[env] !== 0) begin(env);
  }
  const observations = new Float32Array(probeCount * encoder.size);
  encoder.writeDense(batch, observations);
  return observations;
}
