// What the page of an episode keeps in the address: the agent, the level, the episode, and where one stands in it.

import { z } from "zod";
import {
  choiceField,
  flagField,
  numberField,
  numbersField,
  textField,
  wholeNumberField,
  wholeTextField,
} from "../../app/search-fields.ts";

/** Steps per second. */
export const speeds = ["1", "3", "8"] as const;
/** Episodes that can be asked for, from 1 on. */
export const mostEpisodes = 9999;
/** As large as that of an audit may be. */
export const mostSeed = Number.MAX_SAFE_INTEGER;
/** Levels of a shift that an audit can have played. */
export const mostLevels = 100_000;

export const episodeSearchSchema = z.object({
  /** `recorded:C1`, `live:C1/SEED`, `run:KEY`, `run:KEY/snapshot-65536.onnx`, `scripted:NAME`, or `file` for one that was given by hand. */
  agent: textField("recorded:C1"),
  /** Where a script, or a model without a manifest, acts. */
  world: textField("arcade"),
  preset: choiceField(["standard", "quick"], "quick"),
  /** In place of the preset's: `size=5,coins=2`. */
  parameters: textField(),
  encoder: textField(),
  /** Where the level is drawn, axes moved away from training: `placement=apart,lamp=deployment`. */
  shift: textField(),
  /** A text where it is none: another level than the one that is meant is not to be played. */
  seed: wholeNumberField({ least: 0, most: mostSeed, fallback: 1 }),
  /** Instead: the shift whose levels an audit played, by its name, and how many it played of each. */
  audited: textField(),
  levels: wholeNumberField({ least: 0, most: mostLevels, fallback: 0 }),
  /** Instead: the level itself, in the world's text form. */
  level: wholeTextField(),
  /** Those that it took elsewhere, by their numbers: `0,3,3,1`. Empty, or no such list: they are drawn, as the page says. */
  actions: numbersField(),
  episode: numberField({ least: 1, most: mostEpisodes, fallback: 1, round: Math.round }),
  step: numberField({ least: 0, most: 9999, fallback: 0, round: Math.round }),
  speed: choiceField(speeds, "3"),
  /** Whether the policy on every cell is shown. */
  field: flagField(),
});
export type EpisodeSearch = z.infer<typeof episodeSearchSchema>;

/** Left out of the address. */
export const episodeSearchDefaults = {
  ...{ agent: "recorded:C1", world: "arcade", preset: "quick", parameters: "", encoder: "" },
  ...{ shift: "", seed: 1, audited: "", levels: 0, level: "", actions: "", episode: 1, step: 0, speed: "3", field: false },
} as const satisfies EpisodeSearch;
