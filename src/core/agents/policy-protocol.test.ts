import { describe, expect, it } from "vitest";
import { actionLapse } from "./policy.ts";
import { policyMessageSchema, policyProtocolId, readHelloAnswer, readProbabilities } from "./policy-protocol.ts";

const asked = { id: 7, rows: 2, actionCount: 3 };
const read = (answers: "actions" | "probabilities" | "logits", json: unknown) => readProbabilities(json, { ...asked, answers });
const failing = (message: RegExp) => expect.objectContaining({ code: "policy-failed", message: expect.stringMatching(message) });

describe("the answer to a step", () => {
  it("means its probabilities, divided by their sum", () => {
    const given = [
      ...read("probabilities", {
        id: 7,
        probabilities: [
          [0.5, 0.25, 0.2501],
          [0, 1, 0],
        ],
      }),
    ];
    expect(given[0]).toBeCloseTo(0.5 / 1.0001, 6);
    expect(given.slice(3)).toEqual([0, 1, 0]);
  });

  it("means the softmax of its logits", () => {
    const given = [
      ...read("logits", {
        id: 7,
        logits: [
          [0, Math.log(2), Math.log(5)],
          [1, 1, -1e9],
        ],
      }),
    ];
    [1 / 8, 2 / 8, 5 / 8, 0.5, 0.5, 0].forEach((p, i) => {
      expect(given[i]).toBeCloseTo(p, 6);
    });
  });

  it("means its actions, but for the lapse that one choice leaves open", () => {
    const given = [...read("actions", { id: 7, actions: [2, 0] })];
    const rest = actionLapse / 3;
    [rest, rest, 1 - actionLapse + rest, 1 - actionLapse + rest, rest, rest].forEach((p, i) => {
      expect(given[i]).toBeCloseTo(p, 6);
    });
  });

  it.each([
    ["actions", [0, 1], /answered message 7 with a list; expected an object such as \{"id":7,"actions":\[0\]\}/],
    ["actions", null, /with null/],
    ["actions", { actions: [0, 1] }, /with no id; expected the same id/],
    ["actions", { id: 6, actions: [0, 1] }, /message 7 with id 6/],
    ["actions", { id: 7, logits: [[0, 0, 0]] }, /answered with logits; its hello promised actions/],
    ["actions", { id: 7, actions: [0] }, /gave 1 answers; expected 2/],
    ["actions", { id: 7, actions: [0, 3] }, /chose action 3 in row 1; expected 0 to 2/],
    ["actions", { id: 7, actions: [0, -1] }, /does not follow mesascope\/policy@1/],
    ["actions", { id: 7, actions: [0, 0.5] }, /does not follow/],
    ["actions", { id: 7, actions: [0, "1"] }, /does not follow/],
    ["actions", { id: 7, actions: [0, 1], note: "hi" }, /does not follow/],
    ["actions", { id: 7, error: "no model" }, /says that it cannot go on: no model/],
    ["probabilities", { id: 7, probabilities: [[1, 0, 0]] }, /gave 1 answers/],
    [
      "probabilities",
      {
        id: 7,
        probabilities: [
          [1, 0, 0],
          [1, 0],
        ],
      },
      /gave 2 numbers in row 1; expected 3/,
    ],
    ["probabilities", { id: 7, probabilities: [1, 0, 0] }, /does not follow/],
    [
      "probabilities",
      {
        id: 7,
        probabilities: [
          [1, 0, 0],
          [1.1, -0.1, 0],
        ],
      },
      /does not follow/,
    ],
    [
      "probabilities",
      {
        id: 7,
        probabilities: [
          [1, 0, 0],
          [0.5, 0.4, 0],
        ],
      },
      /sum to 0\.9 in row 1; expected 1/,
    ],
    [
      "probabilities",
      {
        id: 7,
        probabilities: [
          [1, 0, 0],
          [0, 0, 0],
        ],
      },
      /sum to 0 in row 1/,
    ],
    [
      "probabilities",
      {
        id: 7,
        probabilities: [
          [1, 0, 0],
          [null, 0, 1],
        ],
      },
      /does not follow/,
    ],
    [
      "probabilities",
      {
        id: 7,
        probabilities: [
          [1, 0, 0],
          [Number.NaN, 0, 1],
        ],
      },
      /does not follow/,
    ],
    [
      "logits",
      {
        id: 7,
        logits: [
          [0, 0, 0],
          [0, 0, Number.POSITIVE_INFINITY],
        ],
      },
      /does not follow/,
    ],
    [
      "logits",
      {
        id: 7,
        logits: [
          [0, 0, 0],
          [0, 0, 1e300],
        ],
      },
      /beyond the range of float32/,
    ],
  ] as const)("of a policy with %s is refused when it is %j", (answers, json, message) => {
    expect(() => read(answers, json)).toThrow(failing(message));
  });
});

describe("the answer to hello", () => {
  const good = { id: 0, schema: policyProtocolId, name: "mine", answers: "actions" };

  it("is what was given", () => {
    expect(readHelloAnswer(good, { id: 0 })).toEqual(good);
  });

  it("names another version as such", () => {
    expect(() => readHelloAnswer({ ...good, schema: "mesascope/policy@2" }, { id: 0 })).toThrow(
      expect.objectContaining({
        code: "unsupported-version",
        message: expect.stringMatching(/policy@2.*speaks mesascope\/policy@1/),
      }),
    );
  });

  it.each([
    [{ ...good, observations: "none" }, /asked for neither observations nor situations/],
    [{ ...good, answers: "values" }, /does not follow/],
    [{ ...good, observation: "dense" }, /does not follow.*observation/],
    [{ id: 0, name: "mine", answers: "actions" }, /does not follow.*schema/],
  ])("%j is refused", (json, message) => {
    expect(() => readHelloAnswer(json, { id: 0 })).toThrow(failing(message));
  });
});

it("the schema of all messages takes each kind, and nothing else", () => {
  for (const message of [
    { id: 3 },
    { id: 3, actions: [1] },
    { id: 3, error: "x" },
    { type: "begin", id: 1, set: 1, episodes: 2 },
  ]) {
    expect(policyMessageSchema.safeParse(message).success).toBe(true);
  }
  expect(policyMessageSchema.safeParse({ id: 3, action: 1 }).success).toBe(false);
});
