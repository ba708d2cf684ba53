// The address read: which agent is meant, where it acts, on which level.

import type { WorldOutline } from "../../agents/messages.ts";
import type { Draw, GivenLevel, Setting } from "../../agents/settings.ts";
import { parametersIn, pointIn } from "../../app/address-pairs.ts";
import { longestText } from "../../app/search-fields.ts";
import { type EpisodeSearch, episodeSearchDefaults, mostLevels, mostSeed } from "./episode-search.ts";

export type AskedAgent =
  | { readonly kind: "recorded"; readonly name: string }
  /** Trained in this tab, on the first page. */
  | { readonly kind: "live"; readonly name: string; readonly seed: number }
  /** `file`: what the run calls it; the agent at the end of training, or a snapshot on the way there. */
  | { readonly kind: "run"; readonly key: string; readonly file: string }
  | { readonly kind: "scripted"; readonly name: string }
  | { readonly kind: "file" };

export const finalPolicy = "policy.onnx";

/** Null for words that mean no agent. */
export function askedAgent(text: string): AskedAgent | null {
  if (text === "file") return { kind: "file" };
  const [, kind, name] = /^(recorded|live|run|scripted):(.+)$/s.exec(text) ?? [];
  if (name === undefined) return null;
  if (kind === "recorded" || kind === "scripted") return { kind, name };
  if (kind === "live") {
    const [, trained, seed] = /^(\w+)\/(\d{1,6})$/.exec(name) ?? [];
    return trained === undefined ? null : { kind, name: trained, seed: Number(seed) };
  }
  const [key = "", file = finalPolicy] = name.split("/", 2);
  return { kind: "run", key, file };
}

export function settingOf({ world, preset, parameters, encoder }: EpisodeSearch): Setting {
  return { world, preset, parameters: { ...parametersIn(parameters) }, encoder: encoder === "" ? null : encoder };
}

type Point = Extract<GivenLevel, { readonly kind: "sampled" }>["point"];

/** As the address has it; what the world does not have stays as it is, for the worker to refuse. */
export function pointOf(text: string, axes: WorldOutline["axes"]): Point {
  return {
    ...pointIn(
      text,
      axes.map(({ name, values }) => ({ name, values: values.map(({ value }) => value) })),
    ),
  };
}

/** The level that is asked for, and what the page says of it: a text before an audit's before one that is drawn. */
export function levelAsked(search: EpisodeSearch, axes: WorldOutline["axes"]): GivenLevel {
  const { level, audited, levels, episode: number } = search;
  const seed = seedOf(search);
  if (level !== "") return { kind: "text", text: level };
  if (audited !== "" && typeof levels === "number" && levels > 0) return { kind: "audit", seed, levels, shift: audited, number };
  return { kind: "sampled", point: pointOf(search.shift, axes), seed, number };
}

/** Of an address without a readable one the usual one, with which nothing is played. */
function seedOf({ seed }: Pick<EpisodeSearch, "seed">): number {
  return typeof seed === "number" ? seed : episodeSearchDefaults.seed;
}

/** Why what the address means cannot be told, so that nothing else is played in its place; null where it can. */
export function refusalOf({ level, seed, audited, levels }: EpisodeSearch): string | null {
  // An address holds no more of it.
  if (level.length > longestText)
    return `a level of more than ${longestText} characters given; expected at most ${longestText}. Leave out the lines that say what would be so without them.`;
  if (typeof seed === "string")
    return `“${seed}” given as the seed; expected a whole number from 0 to ${mostSeed}. Correct it above.`;
  if (level === "" && audited !== "" && typeof levels === "string")
    return `“${levels}” given as the number of levels that an audit played; expected a whole number up to ${mostLevels}. Correct it in the address, or choose a level above.`;
  return null;
}

export function drawAsked(search: EpisodeSearch): Draw {
  const { episode: number, actions } = search;
  const seed = seedOf(search);
  return { seed, number, ...(actions !== "" && { actions: actions.split(",").map(Number) }) };
}
