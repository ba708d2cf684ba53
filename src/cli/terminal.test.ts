import { expect, it } from "vitest";

import { Graph } from "../core/graph/graph.ts";
import { relu } from "../core/graph/ops/elementwise.ts";
import { serialize } from "../core/graph/serialize.ts";
import { modelText, shownModel } from "./model-text.ts";
import { ProgressBoard } from "./progress-board.ts";
import { withoutSteering } from "./terminal.ts";

const steering = "a\u001b[2Jb\u009b1Ac\u202ed\re";

it("words of files and programs are told without the characters that steer a terminal; lines and tabs stay", () => {
  expect(withoutSteering(`${steering}\n\tüñ—中`)).toBe("a[2Jb1Acde\n\tüñ—中");
});

it("notes and progress hold none", () => {
  let told = "";
  const board = new ProgressBoard({
    write: (text) => {
      told += text;
    },
    isTerminal: false,
    columns: 100,
    style: (_, text) => text,
  });
  board.note(steering);
  board.update("audit", { share: 1, text: steering });
  expect(told).toBe("a[2Jb1Acde\naudit: 100%  a[2Jb1Acde\n");
});

it("names in an ONNX file are shown without them", () => {
  const graph = new Graph("steering");
  graph.output(`y${steering}`, relu(graph.input(`x${steering}`, "float32", ["N"])));
  expect(modelText(shownModel("m.onnx", serialize(graph)))).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});
