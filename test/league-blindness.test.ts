import { describe, expect, it } from "vitest";
import { Prng } from "../src/core/base/prng.ts";
import type { Subject } from "../src/core/instruments/subject.ts";
import { type LeagueAuditor, notRun } from "../src/core/league/league-auditor.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { auditMembers } from "../src/node/league/audit-members.ts";
import type { LeagueJob } from "../src/node/league/league-messages.ts";
import { binomialTail, cheat, readEverything } from "./cheating.ts";

// What an auditor of the league is handed of an organism tells nothing but what the policy does.

const perAgent = 4;
const names = ["planner:score", "planner:capsules", "planner:both", "cue-gated", "nearest-coin", "random"];
const setting = { world: "arcade", preset: "quick", parameters: {}, encoder: null } as const;

interface Member {
  readonly label: string;
  readonly id: string;
}

const prng = Prng.fromSeed(12);
const members: readonly Member[] = names
  .flatMap((label) => Array.from({ length: perAgent }, () => label))
  .map((label) => ({ label, id: `agent-${prng.nextUint32().toString(16).padStart(8, "0")}` }))
  .sort((a, b) => (a.id < b.id ? -1 : 1));

const job: LeagueJob = {
  source: { kind: "own", name: "majority" },
  levels: 5,
  composition: {},
  seed: 1,
  setting: "arcade",
  members: members.map(({ label, id }) => ({ id, target: { kind: "scripted", name: label, setting } })),
};

/** Runs a cheater as the league runs any auditor, and returns what it was handed, and what it could read of it and of its chance. */
async function runCheater() {
  const handed: { readonly subject: Subject; readonly read: ReadonlySet<string> }[] = [];
  const cheater: LeagueAuditor = {
    name: "cheater",
    description: "Looks at everything but behavior.",
    prepare: async (place) => async (subject, chance) => {
      handed.push({ subject, read: readEverything({ subject, budget: place.budget, composition: place.composition, chance }) });
      return notRun("it only looks");
    },
  };
  const signal = new AbortController().signal;
  await auditMembers({ auditor: cheater, job, engine: createOnnxEngine, signal, tell: () => {} });
  return handed;
}

describe("a cheating auditor in the league", () => {
  it("guesses no better than chance from what it is handed, and would find a label that was left", async () => {
    const handed = await runCheater();
    expect(handed.map(({ subject }) => subject.id)).toEqual(members.map(({ id }) => id));
    const chance = (perAgent - 1) / (members.length - 1);
    const within = (leak: (label: string) => object) =>
      handed.map(({ subject }, i) => ({ label: members[i]!.label, within: { ...subject, ...leak(members[i]!.label) } }));
    const hits = cheat(within(() => ({})));
    expect(binomialTail(hits, members.length, chance)).toBeGreaterThan(0.001);
    const leaked = cheat(within((name) => ({ [Symbol("from")]: { name } })));
    expect(leaked).toBe(members.length);
  });

  it("finds the same in every subject, budget and generator but for the random id and what is drawn by it", async () => {
    const drawn = /\.(id|key|stream)\b|#/;
    const [first, ...others] = (await runCheater()).map(({ read }) => [...read].filter((clue) => !drawn.test(clue)).sort());
    expect(first!.length).toBeGreaterThan(100);
    for (const read of others) expect(read).toEqual(first);
  });
});
