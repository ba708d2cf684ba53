import { describe, expect, it } from "vitest";
import { Graph } from "./graph.ts";
import { interpret } from "./interpreter.ts";
import { applyUpdate, slotNames, type UpdateRule } from "./update-rules.ts";

// Ten float64 steps of PyTorch 1.13.0a0 (Debian's python3-torch), each optimizer fresh:
//   p = torch.tensor([1., -2., .5], dtype=torch.float64, requires_grad=True); o = torch.optim.…([p], lr=.01, …)
//   for step in range(1, 11): p.grad = torch.tensor([math.sin(step), .01*math.cos(step), 3.], dtype=torch.float64); o.step()
const RECORDED: readonly { readonly name: string; readonly rule: UpdateRule; readonly expected: readonly number[] }[] = [
  {
    name: "Adam()",
    rule: { kind: "adam" },
    expected: [0.96345427105, -1.995302639829, 0.400000000333],
  },
  {
    name: "Adam(betas=(.8,.95), eps=1e-3, weight_decay=.1)",
    rule: { kind: "adam", beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1 },
    expected: [0.958312438007, -1.900797641495, 0.400049275607],
  },
  {
    name: "AdamW(weight_decay=.1)",
    rule: { kind: "adamw", weightDecay: 0.1 },
    expected: [0.953742783174, -1.975381195585, 0.395471242534],
  },
  {
    name: "SGD(weight_decay=.1)",
    rule: { kind: "sgd", weightDecay: 0.1 },
    expected: [0.976030048464, -1.979948314408, 0.196368846397],
  },
  {
    name: "SGD(momentum=.9)",
    rule: { kind: "sgd", momentum: 0.9 },
    expected: [0.92551504311, -1.999681072801, -0.74143178827],
  },
  {
    name: "SGD(momentum=.9, nesterov=True, weight_decay=.1)",
    rule: { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 0.1 },
    expected: [0.87394410826, -1.906249707407, -0.923234678692],
  },
  {
    name: "RMSprop(weight_decay=.1)",
    rule: { kind: "rmsprop", weightDecay: 0.1 },
    expected: [0.824897442937, -1.517002622841, -0.004878931878],
  },
  {
    name: "RMSprop(alpha=.9, eps=1e-3, momentum=.5)",
    rule: { kind: "rmsprop", smoothing: 0.9, epsilon: 1e-3, momentum: 0.5 },
    expected: [0.910392182977, -1.973886201015, 0.179352380192],
  },
];

const gradientAt = (step: number): number[] => [Math.sin(step), 0.01 * Math.cos(step), 3];

/** Parameters after ten steps from (1, −2, ½) at learning rate .01. */
function tenSteps(rule: UpdateRule, decayMask?: readonly number[]): number[] {
  const graph = new Graph("update");
  const vector = (name: string) => graph.input(name, "float32", [3]);
  const names = slotNames(rule);
  const result = applyUpdate(rule, {
    parameters: vector("parameters"),
    gradient: vector("gradient"),
    slots: Object.fromEntries(names.map((name) => [name, vector(name)])),
    learningRate: graph.input("rate", "float32", []),
    step: graph.input("step", "float32", []),
    ...(decayMask === undefined ? {} : { decayMask: graph.constant(decayMask) }),
  });
  graph.output("new.parameters", result.parameters);
  for (const name of names) graph.output(`new.${name}`, result.slots[name]!);
  let state = Object.fromEntries(
    ["parameters", ...names].map((name) => [name, name === "parameters" ? [1, -2, 0.5] : [0, 0, 0]]),
  );
  for (let step = 1; step <= 10; step++) {
    const feeds = Object.fromEntries(Object.entries(state).map(([name, data]) => [name, { dims: [3], data }]));
    const out = interpret(graph, {
      ...feeds,
      gradient: { dims: [3], data: gradientAt(step) },
      rate: { dims: [], data: [0.01] },
      step: { dims: [], data: [step] },
    });
    state = Object.fromEntries(Object.keys(state).map((name) => [name, [...out[`new.${name}`]!.data]]));
  }
  return state.parameters!;
}

describe("update rules", () => {
  // The graph's own constants are float32, so digits beyond the sixth are theirs.
  it.each(RECORDED)("take the steps of PyTorch's $name", ({ rule, expected }) => {
    const parameters = tenSteps(rule);
    expected.forEach((value, i) => {
      expect(parameters[i]).toBeCloseTo(value, 6);
    });
  });

  it.each(RECORDED.filter(({ rule }) => "weightDecay" in rule))("leave undecayed what the mask leaves out: $name", ({ rule }) => {
    const [masked, all] = [tenSteps(rule, [0, 1, 0]), tenSteps(rule)];
    const none = tenSteps({ ...rule, weightDecay: 0 });
    expect([masked[0], masked[1], masked[2]]).toEqual([none[0], all[1], none[2]]);
    expect(all[0]).not.toBeCloseTo(none[0]!, 5);
  });

  it("refuse a gradient of another length and a slot that is missing", () => {
    const graph = new Graph("update");
    const vector = (name: string, length: number) => graph.input(name, "float32", [length]);
    const [parameters, short, one] = [vector("p", 3), vector("g", 2), graph.constant(1)];
    const options = { parameters, slots: {}, learningRate: one, step: one };
    expect(() => applyUpdate({ kind: "sgd" }, { ...options, gradient: short })).toThrow("sgd: [3] and [2] given");
    expect(() => applyUpdate({ kind: "rmsprop" }, { ...options, gradient: parameters })).toThrow(/meanSquare/);
  });
});
