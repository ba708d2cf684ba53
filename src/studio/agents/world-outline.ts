// A world as a page needs to know it, as plain data: so that the worlds themselves stay in the worker.

import { scriptedAgentsOf } from "../../core/agents/scripted-names.ts";
import { shiftDistributions } from "../../core/instruments/shift-levels.ts";
import type { World } from "../../core/worlds/world.ts";
import { candidatesOf } from "./explain-episode.ts";
import type { WorldOutline } from "./messages.ts";

export function outlineOf(world: World): WorldOutline {
  const { name, summary, parameters, actions, features, legend } = world;
  return {
    ...{ name, summary, legend, parameters: { ...parameters }, actions: [...actions], features: [...features] },
    encoders: world.encoders.map((encoder) => encoder.name),
    axes: world.axes.map(({ name, meaning, training, deployment, values, say }) => ({
      ...{ name, meaning, training, deployment },
      values: values.map((value) => ({ value, says: say?.(value) ?? String(value) })),
    })),
    shifts: shiftDistributions(world).map(({ label, distribution }) => ({
      ...{ label, point: distribution.kind === "shift" ? { ...distribution.point } : null },
    })),
    scripted: scriptedAgentsOf(world).map(({ name, meaning }) => ({ name, meaning })),
    candidates: [...candidatesOf(world)],
  };
}
