// What a worker of agents answers: worlds, and the agents that it holds, the episodes that they play and what explains these.

import { worlds } from "../../core/worlds/index.ts";
import { explainEpisode } from "./explain-episode.ts";
import { type AgentsAnswer, type AgentsQuestion, agentsRequestSchema } from "./messages.ts";
import type { AgentAtHand } from "./open-agent.ts";
import { levelOf, placeOf } from "./places.ts";
import { type PlayedEpisode, playEpisode } from "./play-episode.ts";
import { policyField } from "./policy-field.ts";
import { type AtWork, copyOf, type HostOptions, WorkerHost } from "./worker-host.ts";
import { outlineOf } from "./world-outline.ts";

/** Episodes of an agent that are kept: what is asked of one need not play it again. */
const keptEpisodes = 8;

type Kept = WeakMap<AgentAtHand, Map<string, Promise<PlayedEpisode>>>;
type EpisodeAsked = Pick<Extract<AgentsQuestion, { readonly kind: "play" }>, "level" | "draw">;

export function createAgentsHost(options: HostOptions<AgentsAnswer>): WorkerHost<AgentsQuestion, AgentsAnswer> {
  const kept: Kept = new WeakMap();
  return new WorkerHost<AgentsQuestion, AgentsAnswer>({
    ...options,
    requests: agentsRequestSchema,
    answer: (question, at) => answerTo(question, { at, kept }),
  });
}

async function answerTo(
  question: AgentsQuestion,
  { at, kept }: { readonly at: AtWork; readonly kept: Kept },
): Promise<AgentsAnswer> {
  const { ask } = question;
  switch (question.kind) {
    case "worlds":
      return { kind: "worlds", ask, worlds: worlds.map(({ name, summary }) => ({ name, summary })) };
    case "world":
      return { kind: "world", ask, world: outlineOf(placeOf(question.setting).world) };
    case "open": {
      const { world, encoder, policy, notes } = await at.open(question.source);
      const remembers = policy.memory === "episode";
      return { kind: "opened", ask, world: outlineOf(world), encoder: encoder.name, remembers, notes: [...notes] };
    }
    case "play": {
      const agent = at.agent(question.agent);
      const { episode, level } = await playedBy(agent, { kept, ...question });
      return { kind: "played", ask, episode: copyOf(episode), text: agent.world.formatLevel(level) };
    }
    case "explain": {
      const agent = at.agent(question.agent);
      const played = await playedBy(agent, { kept, ...question });
      const explanation = await explainEpisode({ world: agent.world, policy: agent.policy, played, breathe: at.breathe });
      return { kind: "explained", ask, explanation: copyOf(explanation) };
    }
    case "field": {
      const agent = at.agent(question.agent);
      const { level, states } = await playedBy(agent, { kept, ...question });
      const state = states[Math.min(question.step, states.length - 1)];
      return { kind: "field", ask, field: copyOf(await policyField(agent, { level, state })) };
    }
    default:
      return question satisfies never;
  }
}

/** The same agent, level and draw give the same episode, which is played once while it is among the last. */
function playedBy(
  agent: AgentAtHand,
  { level: given, draw, kept }: EpisodeAsked & { readonly kept: Kept },
): Promise<PlayedEpisode> {
  const played = kept.get(agent) ?? new Map<string, Promise<PlayedEpisode>>();
  kept.set(agent, played);
  const key = JSON.stringify([given, draw]);
  const known = played.get(key);
  if (known !== undefined) return known;
  const made = Promise.resolve().then(() => playEpisode(agent, { level: levelOf(agent.world, given), draw }));
  played.set(key, made);
  made.catch(() => played.delete(key));
  const [oldest] = played.keys();
  if (played.size > keptEpisodes && oldest !== undefined) played.delete(oldest);
  return made;
}
