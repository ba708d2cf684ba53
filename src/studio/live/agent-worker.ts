// The entry of an agent worker: holds policies as compiled models, plays boards with them and audits them, so that the page is never held up.

import { createWebEngine, isRuntimeThread } from "../../browser/web-engine.ts";
import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import type { Policy } from "../../core/agents/policy.ts";
import { Auditor } from "../../core/audit/auditor.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine, EngineSession } from "../../core/engine/engine.ts";
import { notUnderstood } from "../agents/host-messages.ts";
import { type AgentAnswer, type AgentRequest, agentRequestSchema } from "./agent-messages.ts";
import { encoder, playBoard, tallyAt, world } from "./story.ts";

let engine: Engine | null = null;
interface OpenPolicy {
  readonly policy: Policy;
  readonly session: EngineSession;
}

interface Held {
  readonly opening: Promise<OpenPolicy>;
  /** What was asked of it and is not answered. */
  readonly pending: Set<Promise<unknown>>;
}

const policies = new Map<number, Held>();
let audits = 0;

if (!isRuntimeThread()) {
  addEventListener("message", (event) => {
    const parsed = agentRequestSchema.safeParse(event.data);
    if (!parsed.success) return tell(notUnderstood(event.data, parsed.error));
    const request = parsed.data;
    answer(request).then(
      (said) => said && tell(said),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        const code = error instanceof MesascopeError ? error.code : null;
        tell({ kind: "failed", ask: "ask" in request ? request.ask : null, code, message });
      },
    );
  });
}

async function answer(request: AgentRequest): Promise<AgentAnswer | null> {
  switch (request.kind) {
    case "engine":
      engine = createWebEngine({ wasmPaths: { mjs: request.mjs, wasm: request.wasm }, threads: 1 });
      return null;
    case "open": {
      const opening = open(request.model);
      // Whoever asks it is told; an opening that nobody asks is no error of its own.
      opening.catch(() => {});
      policies.set(request.opened, { opening, pending: new Set() });
      return null;
    }
    case "release":
      await release(request.opened);
      return null;
    case "board": {
      const { ask, opened, shift, number } = request;
      const { actions } = await withPolicy(opened, (policy) => playBoard(policy, { shift, number }));
      return { kind: "board", ask, actions: [...actions] };
    }
    case "tally": {
      const { ask, opened, shift } = request;
      return { kind: "tally", ask, tally: await withPolicy(opened, (policy) => tallyAt(policy, shift)) };
    }
    case "audit": {
      const { ask, opened, levels, seed } = request;
      const auditor = await Auditor.create({ world, encoder, levels, seed, clock: () => performance.now() });
      const { document } = await withPolicy(opened, (policy) =>
        auditor.audit({ id: `subject-${++audits}`, world, encoder, policy }),
      );
      return { kind: "audit", ask, document };
    }
    default:
      return request satisfies never;
  }
}

async function open(model: Uint8Array): Promise<OpenPolicy> {
  if (engine === null) throw new MesascopeError("usage", "an agent given before the engine; expected the engine's place first.");
  const session = await engine.compile(model);
  return { session, policy: onnxPolicy(session, { inputSize: encoder.size, actionCount: world.actions.length }) };
}

/** Keeps the policy open until the answer is there. */
async function withPolicy<Answer>(opened: number, question: (policy: Policy) => Promise<Answer>): Promise<Answer> {
  const held = policies.get(opened);
  if (held === undefined)
    throw new MesascopeError(
      "usage",
      `policy ${opened} asked for; it is not open. Open it first, and ask before it is released.`,
    );
  const answered = held.opening.then(({ policy }) => question(policy));
  held.pending.add(answered);
  try {
    return await answered;
  } finally {
    held.pending.delete(answered);
  }
}

async function release(opened: number): Promise<void> {
  const held = policies.get(opened);
  if (held === undefined) return;
  policies.delete(opened);
  const found = await held.opening.catch(() => null);
  await Promise.allSettled(held.pending);
  await found?.session.release();
}

function tell(answer: AgentAnswer): void {
  postMessage(answer);
}
