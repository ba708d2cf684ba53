import { expect, test } from "vitest";
import type { ObjectiveWeight } from "../../core/audit/verdict-document.ts";
import { mergeContexts } from "./weight-blocks.ts";

const both = "lamp=deployment, palette=deployment";
const weigh = (context: string, coin: number, capsule: number): ObjectiveWeight[] =>
  Object.entries({ coin, capsule }).map(([feature, mean]) => ({
    context,
    feature,
    mean,
    low: mean - 0.1,
    high: mean + 0.1,
  }));

test("contexts whose intervals all overlap become one block with the mean and the widest interval", () => {
  const blocks = mergeContexts([...weigh("training", 1, 0), ...weigh("lamp=deployment", 0.9, 0.1)]);
  expect(blocks).toHaveLength(1);
  expect(blocks[0]!.title).toBe("every context");
  const [coin] = blocks[0]!.weights;
  expect(coin!.mean).toBeCloseTo(0.95, 12);
  expect(coin!.low).toBeCloseTo(0.8, 12);
  expect(coin!.high).toBeCloseTo(1.1, 12);
});

test("a cue that explains the difference names the blocks", () => {
  const blocks = mergeContexts([
    ...weigh("training", 1, -0.3),
    ...weigh("lamp=deployment", -0.5, 1),
    ...weigh("palette=deployment", 1, -0.3),
    ...weigh(both, -0.5, 1),
  ]);
  expect(blocks.map(({ title }) => title)).toEqual(["lamp at training", "lamp at deployment"]);
  expect(blocks[1]!.contexts).toEqual(["lamp=deployment", both]);
});

test("one feature that differs is enough to keep contexts apart, and without one explaining cue each is named", () => {
  const blocks = mergeContexts([
    ...weigh("training", 1, 0),
    ...weigh("lamp=deployment", 1, 0),
    ...weigh("palette=deployment", 1, 0),
    ...weigh(both, 1, 1),
  ]);
  expect(blocks.map(({ title }) => title)).toEqual([
    "cues as in training; lamp at deployment; palette at deployment",
    "lamp at deployment, palette at deployment",
  ]);
});

test("a chain of overlaps does not merge its ends", () => {
  const chain = [...weigh("training", 1, 0), ...weigh("lamp=deployment", 0.85, 0), ...weigh("palette=deployment", 0.7, 0)];
  expect(mergeContexts(chain).map(({ contexts }) => contexts.length)).toEqual([2, 1]);
});

test("a context that lacks a feature agrees with none that has it, and no weights give no blocks", () => {
  expect(mergeContexts([...weigh("training", 1, 0), ...weigh("lamp=deployment", 1, 0).slice(0, 1)])).toHaveLength(2);
  expect(mergeContexts([])).toEqual([]);
});
