import { describe, expect, it } from "vitest";
import { askPolicy } from "../../../../test/ask-policy.ts";
import { MesascopeError } from "../../base/errors.ts";
import type { EngineSession, Feeds, TensorData } from "../../engine/engine.ts";
import { Graph } from "../../graph/graph.ts";
import { relu } from "../../graph/ops/elementwise.ts";
import { linear } from "../../graph/ops/mat-mul.ts";
import { serialize } from "../../graph/serialize.ts";
import { importPolicy, onnxPolicy } from "./onnx-policy.ts";
import type { InterfaceOptions } from "./onnx-policy-interface.ts";

/** A session that answers with `logits` and remembers what it was fed. */
function sessionGiving(logits: TensorData): EngineSession & { readonly fed: Feeds[] } {
  const fed: Feeds[] = [];
  return {
    fed,
    inputNames: ["observation"],
    outputNames: ["logits"],
    inputShapes: {},
    outputShapes: {},
    run: async (feeds) => {
      fed.push(feeds);
      return { logits };
    },
    release: async () => {},
  };
}

function float32(dims: readonly number[], data: readonly number[]): TensorData {
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}

describe("onnxPolicy", () => {
  it("feeds exactly the rows asked for and answers with their probabilities", async () => {
    const session = sessionGiving(float32([2, 2], [0, 0, 0, Math.log(3)]));
    const policy = onnxPolicy(session, { inputSize: 3, actionCount: 2 });
    const observations = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const probabilities = await askPolicy(policy, observations, 2);
    expect(session.fed).toEqual([{ observation: float32([2, 3], [1, 2, 3, 4, 5, 6]) }]);
    [0.5, 0.5, 0.25, 0.75].forEach((expected, i) => {
      expect(probabilities[i]).toBeCloseTo(expected, 6);
    });
  });

  it("refuses an answer of another shape", async () => {
    const shape = { inputSize: 1, actionCount: 2 };
    for (const answer of [float32([1, 3], [0, 0, 0]), float32([2, 1], [0, 0]), float32([2, 2], [0, 0, 0, 0])]) {
      await expect(askPolicy(onnxPolicy(sessionGiving(answer), shape), new Float32Array(1), 1)).rejects.toMatchObject({
        code: "shape-mismatch",
      });
    }
  });
});

const inputSize = 3;
const actionCount = 2;

/** A model that declares the output `name` `[N, 2]` for `observation` `[N, 3]`, and the state h; sessions of tests answer as they like. */
function declared(name = "policy", withState = false): Uint8Array {
  const graph = new Graph("declared");
  const x = graph.input("observation", "float32", ["N", inputSize]);
  const weight = graph.initializer("weight", new Float32Array(inputSize * actionCount), [inputSize, actionCount]);
  const bias = graph.initializer("bias", new Float32Array(actionCount), [actionCount]);
  graph.output(name, linear(x, weight, bias));
  if (withState) graph.output("h_out", relu(graph.input("h_in", "float32", ["N", 4])));
  return serialize(graph);
}

type Answer = (feeds: Feeds, rows: number, call: number) => Record<string, TensorData>;

/** Opens the declared model on an engine that runs `answer` in its place. */
function opened(
  answer: Answer,
  given: { readonly output?: string; readonly state?: true; readonly options?: InterfaceOptions } = {},
) {
  let call = 0;
  const session: EngineSession = {
    ...sessionGiving(float32([0], [])),
    run: async (feeds) => answer(feeds, feeds.observation!.dims[0]!, call++),
  };
  return importPolicy({
    engine: { name: "test", compile: async () => session },
    model: declared(given.output, given.state ?? false),
    file: "liar.onnx",
    needs: { inputSize, observationShape: [inputSize], actionCount },
    ...(given.options ? { options: given.options } : {}),
    probes: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
  });
}

const rowsOf = (rows: number, row: readonly number[]) => Array.from({ length: rows }, () => row).flat();
const policyOf =
  (row: readonly number[]): Answer =>
  (_, rows) => ({ policy: float32([rows, row.length], rowsOf(rows, row)) });

async function refusal(opening: Promise<unknown>): Promise<string> {
  return opening.then(
    () => "accepted",
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );
}

describe("importPolicy", () => {
  it("takes outputs whose rows are distributions for probabilities, and others for logits", async () => {
    for (const [row, kind, expected] of [
      [[0.25, 0.75], "probabilities", 0.25],
      [[0, Math.log(3)], "logits", 0.25],
      [[0.5, 0.4], "logits", 1 / (1 + Math.exp(-0.1))],
    ] as const) {
      const { policy, notes } = await opened(policyOf(row));
      expect(notes).toEqual([`"policy" gives ${kind}, by its values`]);
      expect((await askPolicy(policy, new Float32Array(6), 2))[2]).toBeCloseTo(expected, 6);
    }
  });

  it("refuses answers of another shape than declared", async () => {
    for (const dims of [[3, 3], [2, 3], [3, 1], [6, 1], [2, 2], [6]]) {
      const answer: Answer = () => ({ policy: float32(dims, Array(dims.reduce((a, b) => a * b)).fill(0.5)) });
      expect(await refusal(opened(answer))).toMatch(
        /^shape-mismatch: liar\.onnx: the policy answered 3 observations with policy/,
      );
    }
  });

  it("refuses answers that are no distribution, and no numbers", async () => {
    const says = (output: string, kind: "probabilities" | "q-values") => ({ options: { output, outputKind: kind } });
    for (const row of [
      [-0.1, 1.1],
      [0.5, 0.4],
      [0.6, 0.6],
      [Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 0],
    ]) {
      expect(await refusal(opened(policyOf(row), says("policy", "probabilities")))).toMatch(
        /^invalid-model: liar\.onnx: .*probabilities/,
      );
    }
    expect(await refusal(opened(policyOf([0, Number.NaN])))).toMatch(/^invalid-model: liar\.onnx: .*not finite/);
    expect(await refusal(opened(policyOf([0, Number.NaN]), says("policy", "q-values")))).toMatch(
      /^invalid-model: liar\.onnx: .*action NaN/,
    );
  });

  it("refuses numbers that are no action", async () => {
    const options = { output: "policy", outputKind: "action" } as const;
    for (const action of [-1, 2, 0.5, Number.NaN]) {
      const answer: Answer = (_, rows) => ({ policy: float32([rows], rowsOf(rows, [action])) });
      expect(await refusal(opened(answer, { options }))).toMatch(/^invalid-model: liar\.onnx: the policy answered with action /);
    }
    const { policy } = await opened((_, rows) => ({ policy: float32([rows, 1], rowsOf(rows, [1])) }), { options });
    const [first, second] = await askPolicy(policy, new Float32Array(3), 1);
    expect([first, second]).toEqual([expect.closeTo(0.01, 6), expect.closeTo(0.99, 6)]);
  });

  it("says that only actions are seen where the model gives an action or is read greedily", async () => {
    const chosen = await opened((_, rows) => ({ policy: float32([rows], rowsOf(rows, [1])) }), {
      options: { output: "policy", outputKind: "action" },
    });
    const greedy = await opened(policyOf([0, 3]), { options: { output: "policy", outputKind: "q-values" } });
    const open = await opened(policyOf([0, 3]));
    expect([chosen, greedy, open].map(({ policy }) => policy.answers)).toEqual(["actions", "actions", "probabilities"]);
  });

  it("refuses a policy that draws its answers, or whose answers depend on what stands beside", async () => {
    const drawn: Answer = (_, rows, call) => ({ policy: float32([rows, 2], rowsOf(rows, [call % 2, 0])) });
    expect(await refusal(opened(drawn))).toMatch(/^invalid-model: liar\.onnx: the policy answers differently when asked again/);
    const crowded: Answer = (_, rows) => ({ policy: float32([rows, 2], rowsOf(rows, [rows, 0])) });
    expect(await refusal(opened(crowded))).toMatch(/answers differently when asked about one observation alone/);
  });

  it("refuses states that come out otherwise than they go in, and those that hold no numbers", async () => {
    const withState =
      (h: TensorData | ((rows: number) => TensorData)): Answer =>
      (_, rows) => ({
        policy: float32([rows, 2], rowsOf(rows, [0, 1])),
        h_out: typeof h === "function" ? h(rows) : h,
      });
    const given = { output: "policy", state: true } as const;
    for (const h of [
      float32([3, 5], Array(15).fill(0)),
      float32([4, 3], Array(12).fill(0)),
      float32([1, 3, 4], Array(12).fill(0)),
    ]) {
      expect(await refusal(opened(withState(h), given))).toMatch(
        /^shape-mismatch: liar\.onnx: state "h_out" came out as float32/,
      );
    }
    const nan = (rows: number) => float32([rows, 4], Array(rows * 4).fill(Number.NaN));
    expect(await refusal(opened(withState(nan), given))).toMatch(
      /^invalid-model: liar\.onnx: "h_out" holds numbers that are not finite/,
    );
    const honest = await opened(
      withState((rows) => float32([rows, 4], Array(rows * 4).fill(0))),
      given,
    );
    expect(honest.policy.memory).toBe("episode");
  });

  it("names the file when a policy breaks only later, in an episode", async () => {
    let isBroken = false;
    const later: Answer = (_, rows) => {
      if (!isBroken) return { policy: float32([rows, 2], rowsOf(rows, [3, 0])) };
      throw new MesascopeError("engine", "index out of bounds");
    };
    const { policy } = await opened(later);
    const episodes = policy.begin(1);
    const step = { observations: new Float32Array(3), running: Uint8Array.of(1), situationOf: () => expect.unreachable() };
    expect([...(await episodes.probabilities(step))].length).toBe(2);
    isBroken = true;
    expect(await refusal(episodes.probabilities(step))).toBe("engine: liar.onnx: index out of bounds");
  });
});
