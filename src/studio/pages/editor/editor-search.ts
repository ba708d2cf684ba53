// What the level editor keeps in the address: the world and its variant, the level (as text, or as the place and the chance that it is drawn
// from), the agents, and whom to tell apart.

import { z } from "zod";
import { choiceField, longestText, numberField, textField, wholeNumberField, wholeTextField } from "../../app/search-fields.ts";

export const presets = ["quick", "standard"] as const;
/** Where a search draws its levels: wherever objectives come apart, or where the sliders stand. */
export const searchPlaces = ["apart", "sliders"] as const;
/** Stands for the whole way in place of a step. */
export const wholeWay = 9999;
export const mostSeed = 999_999;

export const editorSearchSchema = z.object({
  world: textField("arcade"),
  preset: choiceField(presets, "quick"),
  /** In place of the preset's: `size=7,coins=1`. */
  parameters: textField(),
  /** Axes that are not as in training: `placement=apart,lamp=novel`. */
  shift: textField(),
  /** A text where it is none: another level than the one that is meant is not to be shown. */
  seed: wholeNumberField({ least: 0, most: mostSeed, fallback: 1 }),
  /** As level-address.ts writes it, at most two characters for one; empty where the level is the one that `shift` and `seed` draw. */
  level: wholeTextField(2 * longestText),
  /** `recorded:A,scripted:random`; empty for those that are shown first, `none` for none. */
  agents: textField(),
  step: numberField({ least: 0, most: wholeWay, fallback: wholeWay, round: Math.round }),
  /** Whom to tell apart: `objective:score`, or an agent. */
  first: textField(),
  second: textField(),
  among: choiceField(searchPlaces, "apart"),
});
export type EditorSearch = z.infer<typeof editorSearchSchema>;

/** Left out of the address. */
export const editorSearchDefaults = {
  ...{ world: "arcade", preset: "quick", parameters: "", shift: "", seed: 1, level: "" },
  ...{ agents: "", step: wholeWay, first: "", second: "", among: "apart" },
} as const satisfies EditorSearch;
