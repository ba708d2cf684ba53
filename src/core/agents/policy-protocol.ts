// What Mesascope and a policy that runs elsewhere say to each other: the messages, as schemas, and the checks of what comes back.
// How messages travel (a program's standard input and output, HTTP) is not here. docs/policy-protocol.md tells the whole to its authors.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import { chosenActions, softmaxRows } from "./policy.ts";

const family = "mesascope/policy";
export const policyProtocolId = `${family}@1` as const;

/** At most so many sets of episodes are under way: when set n begins, set n − 8 is over. */
export const liveSets = 8;
/** Probabilities of a row may miss 1 by this much; they are then divided by their sum. */
const sumTolerance = 1e-3;

const id = z.int().min(0).describe("of the message; its answer bears the same");
const session = z.string().min(1).max(200).describe("what a server's hello named; HTTP only").optional();
const count = z.int().min(1);
const name = z.string().min(1);

export const helloSchema = z.strictObject({
  type: z.literal("hello"),
  id,
  schema: z.literal(policyProtocolId),
  world: z.strictObject({
    name,
    version: count,
    preset: name.describe("the named parameters that the variant began from"),
    parameters: z.record(z.string(), z.number()).describe("all of the variant's"),
  }),
  encoder: z.strictObject({
    name,
    size: count.describe("length of an observation"),
    shape: z.array(count).min(1).describe("of an observation; its product is size"),
  }),
  actions: z.array(name).min(1).describe("names of the actions, in the order in which answers give them"),
  features: z.array(name).describe("names of what the world's episodes are scored by"),
  maxRows: count.describe("no step has more rows"),
});

export const helloAnswerSchema = z.strictObject({
  id,
  schema: z.literal(policyProtocolId),
  name: name.max(200).describe("what the policy is called in reports; the auditor does not see it"),
  answers: z.enum(["actions", "probabilities", "logits"]).describe("what the answer to a step holds"),
  observations: z
    .enum(["dense", "active", "float32", "none"])
    .describe(
      'how observations come: lists of numbers ("dense", the default), lists of the places that are 1 ("active", where all are 0 or 1), ' +
        'base64 of little-endian float32 [rows, size] ("float32"), or not at all ("none")',
    )
    .optional(),
  situations: z.boolean().describe("whether steps bring the level and the state as data; default false").optional(),
  memory: z.boolean().describe("whether answers depend on earlier steps of the episode; default false").optional(),
  session,
});

export const beginSchema = z
  .strictObject({
    type: z.literal("begin"),
    id,
    session,
    set: count.describe("a number of its own for each set of episodes, counting up"),
    episodes: count.describe("how many begin, side by side, numbered from 0"),
  })
  .describe(`sent to policies with memory only; when set n begins, set n − ${liveSets} is over`);

export const beginAnswerSchema = z.strictObject({ id });

const situationSchema = z.strictObject({
  level: z.unknown().describe("as the world writes its levels"),
  state: z.unknown().describe("where the episode stands in its level"),
});

export const stepSchema = z.strictObject({
  type: z.literal("step"),
  id,
  session,
  set: count.describe("the set that the episodes belong to; for policies with memory").optional(),
  time: z.int().min(0).describe("how often this set was asked before; for policies with memory").optional(),
  episodes: z.array(z.int().min(0)).describe("the episode of each row; for policies with memory").optional(),
  rows: count.describe("how many answers are wanted"),
  observations: z
    .union([z.array(z.array(z.number())), z.string()])
    .describe("of each row, in the form that hello asked for")
    .optional(),
  situations: z.array(situationSchema).describe("of each row, where hello asked for them").optional(),
});

export const stepAnswerSchema = z.union([
  z.strictObject({ id, actions: z.array(z.int().min(0)).describe("the place in hello's actions, one for each row") }),
  z.strictObject({
    id,
    probabilities: z
      .array(z.array(z.number().min(0).max(1)))
      .describe(`of every action, a list for each row; each sums to 1 within ${sumTolerance}`),
  }),
  z.strictObject({ id, logits: z.array(z.array(z.number())).describe("of every action, a list for each row; finite numbers") }),
]);

export const errorAnswerSchema = z
  .strictObject({ id, error: z.string() })
  .describe("in place of any answer: why the policy cannot go on; it ends the audit");

const [actionsAnswer, probabilitiesAnswer, logitsAnswer] = stepAnswerSchema.options;

/** Every message of the protocol, for its published JSON Schema. */
export const policyMessageSchema = z.union([
  helloSchema.meta({ title: "hello" }),
  helloAnswerSchema.meta({ title: "answer to hello" }),
  beginSchema.meta({ title: "begin" }),
  beginAnswerSchema.meta({ title: "answer to begin" }),
  stepSchema.meta({ title: "step" }),
  actionsAnswer.meta({ title: "answer to step: actions" }),
  probabilitiesAnswer.meta({ title: "answer to step: probabilities" }),
  logitsAnswer.meta({ title: "answer to step: logits" }),
  errorAnswerSchema.meta({ title: "error" }),
]);

export type Hello = z.infer<typeof helloSchema>;
export type HelloAnswer = z.infer<typeof helloAnswerSchema>;
export type Begin = z.infer<typeof beginSchema>;
export type Step = z.infer<typeof stepSchema>;
export type PolicyMessage = Hello | Begin | Step;

/** The answer to a message in its parsed JSON. Throws `policy-failed` where it is not one, is another message's, or says `error`. */
export function readAnswer<Answer>(
  json: unknown,
  asked: { readonly id: number; readonly schema: z.ZodType<Answer>; readonly example: string },
): Answer {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    fail(`answered message ${asked.id} with ${describe(json)}; expected an object such as ${asked.example}`);
  }
  if (!("id" in json) || json.id !== asked.id) {
    const given = "id" in json ? `id ${JSON.stringify(json.id)}` : "no id";
    fail(
      `answered message ${asked.id} with ${given}; expected the same id, as in ${asked.example}. Answer every message once, in order`,
    );
  }
  const refusal = errorAnswerSchema.safeParse(json);
  if (refusal.success) fail(`says that it cannot go on: ${refusal.data.error.slice(0, 400)}`);
  const parsed = asked.schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join(".") || "the answer"}: ${message}`);
  fail(
    `answered message ${asked.id} with what does not follow ${policyProtocolId} (${issues.join("; ")}); expected such as ${asked.example}`,
  );
}

/** The answer to hello. Throws `unsupported-version` for another protocol, else as `readAnswer`. */
export function readHelloAnswer(json: unknown, asked: { readonly id: number }): HelloAnswer {
  const given = typeof json === "object" && json !== null && "schema" in json ? json.schema : undefined;
  if (typeof given === "string" && given !== policyProtocolId) {
    throw new MesascopeError(
      "unsupported-version",
      `the policy speaks ${JSON.stringify(given.slice(0, 60))}; this mesascope speaks ${policyProtocolId}. Write the policy for that, or use the mesascope that it was written for.`,
    );
  }
  const example = JSON.stringify({ id: asked.id, schema: policyProtocolId, name: "mine", answers: "actions" });
  const answer = readAnswer(json, { id: asked.id, schema: helloAnswerSchema, example });
  if (answer.observations === "none" && answer.situations !== true) {
    fail('asked for neither observations nor situations; expected one of them, such as "observations": "dense"');
  }
  return answer;
}

/**
 * The probabilities `[rows, actionCount]` that an answer to a step means: as given, the softmax of logits, or those of `chosenActions`
 * for actions. Throws `policy-failed` for another kind of answer than hello promised, another number of rows or columns, an action that
 * does not exist, and for probabilities that are negative or do not sum to 1.
 */
export function readProbabilities(
  json: unknown,
  asked: { readonly id: number; readonly rows: number; readonly actionCount: number; readonly answers: HelloAnswer["answers"] },
): Float32Array {
  const { rows, actionCount, answers } = asked;
  const row =
    answers === "actions" ? 0 : Array.from({ length: actionCount }, (_, a) => (answers === "logits" ? 0 : Number(a === 0)));
  const example = JSON.stringify({ id: asked.id, [answers]: [row] });
  const answer = readAnswer(json, { id: asked.id, schema: stepAnswerSchema, example });
  if (!(answers in answer)) {
    const given = Object.keys(answer).filter((key) => key !== "id");
    fail(`answered with ${given.join(", ")}; its hello promised ${answers}`);
  }
  if ("actions" in answer) {
    requireRows(answer.actions.length, rows);
    const unknown = answer.actions.findIndex((action) => action >= actionCount);
    if (unknown >= 0) fail(`chose action ${answer.actions[unknown]} in row ${unknown}; expected 0 to ${actionCount - 1}`);
    return chosenActions(answer.actions, actionCount);
  }
  const table = "logits" in answer ? answer.logits : answer.probabilities;
  requireRows(table.length, rows);
  table.forEach((values, r) => {
    if (values.length !== actionCount) {
      fail(`gave ${values.length} numbers in row ${r}; expected ${actionCount}, one for each action`);
    }
  });
  const out = Float32Array.from(table.flat());
  if (!out.every(Number.isFinite)) fail("gave a number beyond the range of float32; expected smaller ones");
  if ("logits" in answer) return softmaxRows(out, actionCount);
  table.forEach((values, r) => {
    const sum = values.reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > sumTolerance)
      fail(`gave probabilities that sum to ${Number(sum.toPrecision(6))} in row ${r}; expected 1, within ${sumTolerance}`);
    for (let a = 0; a < actionCount; a++) out[r * actionCount + a]! /= sum;
  });
  return out;
}

function requireRows(given: number, expected: number): void {
  if (given !== expected) fail(`gave ${given} answers; expected ${expected}, one for each row of the step`);
}

function describe(json: unknown): string {
  return json === null ? "null" : Array.isArray(json) ? "a list" : `a ${typeof json}`;
}

/** `why` goes on from a name for the policy, which who speaks with it puts before. */
function fail(why: string): never {
  throw new MesascopeError("policy-failed", why);
}
