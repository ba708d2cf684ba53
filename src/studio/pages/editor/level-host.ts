// What the editor's worker answers: what agents and objectives do on a level, rounds of a search, and test cases out of files.

import { MesascopeError } from "../../../core/base/errors.ts";
import { Prng } from "../../../core/base/prng.ts";
import { levelPlannerOf } from "../../../core/objectives/planning/level-planner.ts";
import { tellingDistribution } from "../../../core/objectives/planning/telling-distribution.ts";
import type { LevelDistribution, World } from "../../../core/worlds/world.ts";
import { playCase } from "../../../report/level-case/case-result.ts";
import { openLevelCase } from "../../../report/level-case/level-case.ts";
import { type LevelCase, levelCaseSchema } from "../../../report/level-case/level-case-document.ts";
import { objectivePlays } from "../../../report/level-case/objective-plays.ts";
import { placeOf } from "../../agents/places.ts";
import { playEpisode } from "../../agents/play-episode.ts";
import { type AtWork, copyOf, type HostOptions, WorkerHost } from "../../agents/worker-host.ts";
import { type LevelAnswer, type LevelQuestion, levelRequestSchema, type RoundAsked } from "./level-messages.ts";
import { requireSameVariant } from "./same-variant.ts";
import { bestOfRound, type Side } from "./tell-apart.ts";

export function createLevelHost(options: HostOptions<LevelAnswer>): WorkerHost<LevelQuestion, LevelAnswer> {
  return new WorkerHost<LevelQuestion, LevelAnswer>({ ...options, requests: levelRequestSchema, answer: answerTo });
}

async function answerTo(question: LevelQuestion, at: AtWork): Promise<LevelAnswer> {
  const { ask } = question;
  switch (question.kind) {
    case "open": {
      const { notes } = await at.open(question.source);
      return { kind: "opened", ask, notes: [...notes] };
    }
    case "play": {
      const { seed, text } = question;
      const agent = at.agent(question.agent);
      const { world } = placeOf(question.setting);
      requireSameVariant(agent, world);
      const level = world.parseLevel(text);
      const opened = { name: "here", world, level, expected: null, note: "" };
      const result = await playCase({ id: "agent", ...agent }, opened, seed);
      const { episode } = await playEpisode(agent, { level, draw: { seed, number: 1 } });
      return { kind: "played", ask, episode: copyOf(episode), result: structuredClone(result) };
    }
    case "objectives": {
      const { world } = placeOf(question.setting);
      return { kind: "objectives", ask, plays: copyOf(objectivePlays(world, world.parseLevel(question.text))) };
    }
    case "round":
      return { kind: "round", ask, ...(await bestOf(question, at)) };
    case "read":
      return { kind: "read", ask, levelCase: readCase(question.file) };
    default:
      return question satisfies never;
  }
}

async function bestOf({ setting, sides, among, levels, seed, round }: RoundAsked, at: AtWork) {
  const { world } = placeOf(setting);
  const [first, second] = sides.map(
    (side): Side => (side.kind === "objective" ? side : { kind: "agent", agent: at.agent(side.agent) }),
  );
  const distribution = distributionOf(world, among);
  return await bestOfRound({ world, sides: [first!, second!], distribution, levels, prng: Prng.fromSeed(seed, round) });
}

/** Throws `invalid-data` for what is no JSON, and as `openLevelCase`. */
function readCase(file: string): LevelCase {
  let document: unknown;
  try {
    document = JSON.parse(file);
  } catch {
    throw new MesascopeError("invalid-data", "the file is no JSON; expected a test case, as this page saves them.");
  }
  openLevelCase(document);
  return levelCaseSchema.parse(document);
}

function distributionOf(world: World, among: RoundAsked["among"]): LevelDistribution {
  if (among.kind === "point") return { kind: "shift", point: among.point };
  return tellingDistribution(world, { planner: levelPlannerOf(world), prng: Prng.fromSeed(0) });
}
