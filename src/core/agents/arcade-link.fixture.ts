// The small arcade behind the world protocol, answered in this process, and scripted agents that see it from there. For tests.

import { Prng } from "../base/prng.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import type { CollectionBatch, CollectionState } from "../worlds/grid/collection.ts";
import type { ExternalLevel, WorldLink } from "../worlds/world-program.ts";
import type { WorldDescription, WorldRequest } from "../worlds/world-protocol.ts";
import type { Policy } from "./policy.ts";

export const arcade = createArcade(createArcade().presets.quick);

/** The arcade's own level for one of the protocol's; the same object each time. */
const levels = new Map<string, { readonly place: number; readonly level: ReturnType<typeof arcade.sampleLevel> }>();
export function arcadeLevel({ seed, parameters, context }: ExternalLevel) {
  const key = JSON.stringify([seed, parameters, context]);
  const known = levels.get(key);
  if (known !== undefined) return known;
  const level = arcade.sampleLevel({ kind: "shift", point: { ...parameters, ...context } }, Prng.fromSeed(seed));
  const made = { place: levels.size, level };
  levels.set(key, made);
  return made;
}

/** An observation is the number of the level, the cell, the items left and the steps taken. */
const description: WorldDescription = {
  ...{ name: "arcade-outside", version: 1, summary: arcade.summary, actions: [...arcade.actions] },
  observation: { shape: [4], low: 0, high: null },
  features: arcade.features.map((name) => ({ name, meaning: name })),
  ...{ baseWeights: { coin: 1 }, goal: "coin", proxy: "capsule", horizon: 32, mostEpisodes: 64, hasReferences: false },
  snapshots: true,
  cues: arcade.cues.filter(({ name }) => name === "lamp").map((cue) => ({ ...cue, values: [...cue.values] })),
  axes: arcade.axes
    .filter(({ name }) => name === "placement" || name === "redCoins")
    .map(({ isMixture: _, say: __, ...axis }) => ({ ...axis, values: [...axis.values] })),
};

interface Place {
  readonly batch: CollectionBatch;
  readonly level: ReturnType<typeof arcadeLevel>;
}

export function arcadeLink(tamper?: (reply: object, request: WorldRequest) => unknown): WorldLink {
  const places = new Map<number, Place>();
  const at = (episode: number): Place => places.get(episode)!;
  const observe = (episode: number): number[] => {
    const { batch, level } = at(episode);
    return [level.place, batch.cellOf(0), batch.maskOf(0), batch.elapsed[0]!];
  };
  const answer = (request: WorldRequest): object => {
    const { id } = request;
    switch (request.type) {
      case "hello":
        return { id, schema: request.schema, world: description };
      case "reset":
        request.episodes.forEach((episode, i) => {
          const level = arcadeLevel(request.levels[i]!);
          const batch = places.get(episode)?.batch ?? arcade.createBatch(1);
          batch.reset(0, level.level);
          places.set(episode, { batch, level });
        });
        return { id, observations: request.episodes.map(observe) };
      case "step":
        request.episodes.forEach((episode, i) => {
          at(episode).batch.step(Int32Array.of(request.actions[i]!));
        });
        return {
          id,
          observations: request.episodes.map(observe),
          features: request.episodes.map((episode) => [...at(episode).batch.features]),
          terminated: request.episodes.map((episode) => at(episode).batch.done[0] === 1),
          truncated: request.episodes.map((episode) => at(episode).batch.done[0] === 2),
        };
      case "snapshot":
        return { id, snapshots: request.episodes.map((episode) => [at(episode).batch.cellOf(0), at(episode).batch.maskOf(0)]) };
      case "restore":
        request.episodes.forEach((episode, i) => {
          const [cell, mask] = request.snapshots[i] as [number, number];
          at(episode).batch.reset(0, at(episode).level.level);
          at(episode).batch.place(0, { cell, mask, elapsed: 0 });
        });
        return { id, observations: request.episodes.map(observe) };
      case "reference":
        return { id, returns: null };
      default:
        return request satisfies never;
    }
  };
  return async (request) => (tamper === undefined ? answer(request) : tamper(answer(request), request));
}

/** A scripted agent of the arcade, acting through what the link shows. */
export function throughLink(policy: Policy): Policy {
  const { actionCount, memory } = policy;
  return {
    ...{ inputSize: 4, actionCount, memory },
    begin(count) {
      const episodes = policy.begin(count);
      return {
        probabilities({ observations, running }) {
          const situationOf = (row: number) => {
            const [place, cell, mask, elapsed] = observations.subarray(4 * row, 4 * row + 4);
            const state: CollectionState = { cell: cell!, mask: mask!, elapsed: elapsed! };
            return { level: [...levels.values()][place!]!.level, state };
          };
          return episodes.probabilities({ observations: new Float32Array(count * policy.inputSize), running, situationOf });
        },
      };
    },
  };
}
