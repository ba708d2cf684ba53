import { describe, expect, it } from "vitest";
import { keepTrained, listenToTrained, type TrainedAgent, trainedHere } from "./trained-here.ts";

const agent = (seed: number, byte = 0): TrainedAgent => ({ name: "C1", seed, model: new Uint8Array([byte]) });

describe("agents that were trained in this tab", () => {
  it("are there for whoever asks, each once, the one that was trained last, and who listens is told", () => {
    let told = 0;
    const end = listenToTrained(() => told++);
    keepTrained(agent(7));
    const before = trainedHere();
    expect(trainedHere()).toBe(before);
    keepTrained(agent(8));
    keepTrained(agent(7, 1));
    end();
    keepTrained(agent(9));
    expect(told).toBe(3);
    expect(trainedHere().map(({ seed, model }) => [seed, model[0]])).toEqual([
      [8, 0],
      [7, 1],
      [9, 0],
    ]);
  });

  it("are forgotten, the oldest first, where there are very many", () => {
    for (let seed = 100; seed < 200; seed++) keepTrained(agent(seed));
    const seeds = trainedHere().map(({ seed }) => seed);
    expect([seeds.length < 100, seeds.at(-1), seeds.includes(7)]).toEqual([true, 199, false]);
  });
});
