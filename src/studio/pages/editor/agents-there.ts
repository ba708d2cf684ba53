// Which agents can be put on a level, and which are shown before anybody chose.

import { scriptedAgentsOf } from "../../../core/agents/scripted-names.ts";
import type { World } from "../../../core/worlds/world.ts";
import { agentNames, world as recordedWorld } from "../../live/story.ts";

/** An agent that needs no lab and no file: a word of the address, and what it is called. */
export interface AgentThere {
  readonly agent: string;
  readonly label: string;
}

/** Agents of a list in an address, at most. */
const mostAgents = 8;
export const noAgents = "none";

/** Those of the recording where the variant is theirs, then the scripted ones of the world. */
export function agentsThere(world: World): readonly AgentThere[] {
  const recorded = isRecorded(world) ? agentNames.map((name) => ({ agent: `recorded:${name}`, label: `${name}, recorded` })) : [];
  return [
    ...recorded,
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
