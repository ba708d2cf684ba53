// What every worker that holds agents is told and says, whatever else it is asked: where the engine is, which agents to open and to close, which
// questions nobody waits for any more, how far it is with one, and what it could not answer.

import { z } from "zod";
import { mostManifestText, mostModelBytes, settingSchema } from "./settings.ts";

/** Tells questions and their answers apart. */
export const ask = z.int();

/** An agent that is open, by the number of the question that opened it. */
export const openedAgent = z.int();

const model = z.custom<Uint8Array<ArrayBuffer>>(
  (value) => value instanceof Uint8Array && value.length <= mostModelBytes,
  `expected at most ${mostModelBytes} bytes`,
);

const fileName = z.string().max(1000);

const agentSourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("agent"),
    manifest: z.string().max(mostManifestText),
    model,
    isSnapshot: z.boolean().exactOptional(),
    files: z.strictObject({ model: fileName, manifest: fileName }).exactOptional(),
  }),
  z.strictObject({ kind: z.literal("model"), model, setting: settingSchema, file: fileName.exactOptional() }),
  z.strictObject({ kind: z.literal("scripted"), name: z.string(), setting: settingSchema }),
]);

/** Where the runtime's files are. The first message, and once. */
const engineSchema = z.strictObject({ kind: z.literal("engine"), mjs: z.string(), wasm: z.string() });
const openSchema = z.strictObject({ kind: z.literal("open"), ask, source: agentSourceSchema });
/** Nothing is asked of it any more: what it takes is freed. */
const closeSchema = z.strictObject({ kind: z.literal("close"), agent: openedAgent });
/** Of a question, by its number: it ends as failed. */
const cancelSchema = z.strictObject({ kind: z.literal("cancel"), of: ask });

export const hostRequests = [engineSchema, openSchema, closeSchema, cancelSchema] as const;

/** What is no question: nothing answers it. */
export type HostOrder = z.infer<typeof engineSchema | typeof closeSchema | typeof cancelSchema>;
export type EngineFiles = Omit<z.infer<typeof engineSchema>, "kind">;

/** `ask`: null where it cannot be told whose question it was. */
export const failedSchema = z.strictObject({
  kind: z.literal("failed"),
  ask: ask.nullable(),
  code: z.string().nullable(),
  message: z.string(),
});
export type Failed = z.infer<typeof failedSchema>;

/** How far the answer to a question is, 0 to 1. */
export const progressSchema = z.strictObject({ kind: z.literal("progress"), ask, share: z.number().min(0).max(1) });
export type Progress = z.infer<typeof progressSchema>;

/** What is said of a message that does not follow its schema, to whoever asked it where that can be read. */
export function notUnderstood(message: unknown, { issues }: z.ZodError): Failed {
  const asked = typeof message === "object" && message !== null && "ask" in message ? ask.safeParse(message.ask).data : undefined;
  const told = issues.map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`).join("; ");
  return { kind: "failed", ask: asked ?? null, code: "usage", message: `the question was not understood (${told}).` };
}
