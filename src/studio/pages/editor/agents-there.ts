// Which agents can be put on a level, which are shown before anybody chose, what they are called and where they come from.

import { scriptedAgentsOf } from "../../../core/agents/scripted-names.ts";
import type { World } from "../../../core/worlds/world.ts";
import type { AgentSource } from "../../agents/open-agent.ts";
import { world as recordedWorld } from "../../live/story.ts";
import { agentNames } from "../../live/story-agents.ts";
import { type TrainedAgent, trainedWord } from "../../live/trained-here.ts";
import { isJobKey } from "../../views/job-key.ts";
import { askedAgent } from "../episode/asked-episode.ts";
import { type ChosenFiles, type FindOptions, findAgent } from "../episode/open-asked.ts";

/** An agent that needs no lab and no file: a word of the address, and what it is called. */
export interface AgentThere {
  readonly agent: string;
  readonly label: string;
}

/** Agents that are shown at once, at most. */
export const mostAgents = 8;
export const noAgents = "none";

/** Those of the recording and those of `trained` where the variant is theirs, then the scripted ones of the world. */
export function agentsThere(world: World, trained: readonly TrainedAgent[] = []): readonly AgentThere[] {
  const ofFirstPage = [
    ...agentNames.map((name) => ({ agent: `recorded:${name}`, label: `${name}, recorded` })),
    ...trained.map((each) => ({ agent: trainedWord(each), label: `${each.name}, trained here with seed ${each.seed}` })),
  ];
  return [
    ...(isRecorded(world) ? ofFirstPage : []),
    ...scriptedAgentsOf(world).map(({ name, meaning }) => ({ agent: `scripted:${name}`, label: `${name}: ${meaning}` })),
  ];
}

function isRecorded(world: World): boolean {
  const own = recordedWorld.parameters;
  return world.name === recordedWorld.name && Object.keys(own).every((name) => own[name] === world.parameters[name]);
}

/** The agents that an address names; two that want different things where it names none. */
export function namedAgents(text: string, world: World): readonly string[] {
  if (text === noAgents) return [];
  if (text !== "") return [...new Set(text.split(","))].slice(0, mostAgents);
  if (isRecorded(world)) return ["recorded:A", "recorded:C1"];
  return agentsThere(world)
    .slice(0, 2)
    .map(({ agent }) => agent);
}

/** As an address has them. */
export function agentsText(agents: readonly string[]): string {
  return agents.length === 0 ? noAgents : agents.slice(0, mostAgents).join(",");
}

/** Keys of the runs among them, each once. */
export function runsOf(agents: readonly string[]): readonly string[] {
  const asked = agents.map(askedAgent);
  return [...new Set(asked.flatMap((agent) => (agent?.kind === "run" && isJobKey(agent.key) ? [agent.key] : [])))];
}

interface LabelOptions {
  readonly there: readonly AgentThere[];
  readonly files: ChosenFiles | null;
  /** What runs are called, by their keys. */
  readonly runs: ReadonlyMap<string, string>;
}

/** What an agent of an address is called. */
export function labelOf(agent: string, { there, files, runs }: LabelOptions): string {
  const known = there.find((each) => each.agent === agent);
  if (known !== undefined) return known.label.split(": ")[0]!;
  if (agent === "file") return files?.name ?? "a file";
  const [kind, name = ""] = agent.split(":", 2);
  if (kind === "live") return name.replace("/", ", trained here with seed ");
  if (kind !== "run") return agent;
  const [key = "", file] = name.split("/", 2);
  return [runs.get(key) ?? `run ${key.slice(0, 12)}`, ...(file === undefined ? [] : [file])].join(", ");
}

/** Throws where there is no such agent, or not yet. */
export async function sourceOf(agent: string, options: FindOptions): Promise<AgentSource> {
  const asked = askedAgent(agent);
  if (asked === null) throw new Error(`"${agent}" is no agent. Leave it out, or choose another.`);
  const found = await findAgent(asked, options);
  if ("source" in found) return found.source;
  switch (found.kind) {
    case "file":
      throw new Error("the file of this agent is not kept in the address. Choose it again.");
    case "live":
      throw new Error(
        `${found.name}, trained with seed ${found.seed}, is not in this tab: agents of the first page stay until it is loaded anew. Train it there again.`,
      );
    case "lab":
      throw new Error('this agent is a run of a lab, and no lab answers. Run "mesascope serve" in the lab\'s folder.');
    case "not-done":
      throw new Error(`run ${found.key.slice(0, 12)} is ${found.state}; there is no agent of it yet.`);
    default:
      return found satisfies never;
  }
}
