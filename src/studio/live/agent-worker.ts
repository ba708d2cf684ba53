// The entry of an agent worker: holds policies as compiled models, plays boards with them and audits them, so that the page is never held up.

import { createWebEngine, isRuntimeThread } from "../../browser/web-engine.ts";
import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import type { Policy } from "../../core/agents/policy.ts";
import { Auditor } from "../../core/audit/auditor.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { type AgentAnswer, type AgentRequest, agentRequestSchema } from "./agent-messages.ts";
import { type AgentName, encoder, playBoard, tallyAt, world } from "./story.ts";

let engine: Engine | null = null;
const policies = new Map<AgentName, Promise<Policy>>();
let audits = 0;

if (!isRuntimeThread()) {
  addEventListener("message", (event) => {
    const parsed = agentRequestSchema.safeParse(event.data);
    if (!parsed.success) return tell({ kind: "failed", ask: null, message: `not understood: ${parsed.error.message}` });
    const request = parsed.data;
    answer(request).then(
      (said) => said && tell(said),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        tell({ kind: "failed", ask: "ask" in request ? request.ask : null, message });
      },
    );
  });
}

async function answer(request: AgentRequest): Promise<AgentAnswer | null> {
  switch (request.kind) {
    case "engine":
      engine = createWebEngine({ wasmPaths: { mjs: request.mjs, wasm: request.wasm }, threads: 1 });
      return null;
    case "open":
      policies.set(request.agent, open(request.model));
      return null;
    case "board": {
      const { ask, agent, shift, number } = request;
      return { kind: "board", ask, actions: [...(await playBoard(await policyOf(agent), { shift, number })).actions] };
    }
    case "tally": {
      const { ask, agent, shift } = request;
      return { kind: "tally", ask, tally: [...(await tallyAt(await policyOf(agent), shift))] };
    }
    case "audit": {
      const { ask, agent, levels, seed } = request;
      const auditor = await Auditor.create({ world, encoder, levels, seed, clock: () => performance.now() });
      const subject = { id: `subject-${++audits}`, world, encoder, policy: await policyOf(agent) };
      return { kind: "audit", ask, document: (await auditor.audit(subject)).document };
    }
    default:
      return request satisfies never;
  }
}

async function open(model: Uint8Array): Promise<Policy> {
  if (engine === null) throw new MesascopeError("usage", "an agent given before the engine; expected the engine's place first.");
  return onnxPolicy(await engine.compile(model), { inputSize: encoder.size, actionCount: world.actions.length });
}

async function policyOf(agent: AgentName): Promise<Policy> {
  const policy = policies.get(agent);
  if (policy === undefined)
    throw new MesascopeError("usage", `agent ${agent} asked for; it was not given before. Open it first.`);
  return await policy;
}

function tell(answer: AgentAnswer): void {
  postMessage(answer);
}
