import { describe, expect, it } from "vitest";
import type { AgentSource } from "../../agents/open-agent.ts";
import { type AgentToPlay, HeldAgents } from "./held-agents.ts";

const setting = { world: "arcade", preset: "quick", parameters: {}, encoder: null } as const;

function toPlay(agent: string, key = agent): AgentToPlay {
  return { agent, key, source: async () => ({ kind: "scripted", name: agent, setting }) };
}

/** Held agents, and what their worker is told. */
function held() {
  const told: string[] = [];
  let opened = 0;
  const open = async (source: AgentSource, signal: AbortSignal) => {
    signal.throwIfAborted();
    told.push(`open ${source.kind === "scripted" ? source.name : source.kind}`);
    return ++opened;
  };
  return { agents: new HeldAgents({ open, close: (number) => told.push(`close ${number}`) }), told };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("the agents that the editor's worker holds", () => {
  it("are opened once each, and anew where another is meant by the same name", async () => {
    const { agents, told } = held();
    expect(await Promise.all([agents.numberOf(toPlay("a")), agents.numberOf(toPlay("a"))])).toEqual([1, 1]);
    expect(await agents.numberOf(toPlay("a", "another"))).toBe(2);
    expect(told.toSorted()).toEqual(["close 1", "open a", "open a"]);
  });

  it("are closed when they are left out, also while they are being opened", async () => {
    const { agents, told } = held();
    await Promise.all([agents.numberOf(toPlay("a")), agents.numberOf(toPlay("b"))]);
    agents.keepOnly([toPlay("b")]);
    await settle();
    expect(told).toEqual(["open a", "open b", "close 1"]);
    const opening = agents.numberOf(toPlay("c"));
    agents.keepOnly([toPlay("b")]);
    await expect(opening).rejects.toThrow(/abort/);
    expect(told).toEqual(["open a", "open b", "close 1"]);
  });

  it("are opened anew where they could not be", async () => {
    const { agents } = held();
    const refused: AgentToPlay = { ...toPlay("a"), source: () => Promise.reject(new Error("no such file")) };
    await expect(agents.numberOf(refused)).rejects.toThrow("no such file");
    expect(await agents.numberOf(toPlay("a"))).toBe(1);
  });
});
