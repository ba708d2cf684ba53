// Where an agent acts, as plain data that an address or a message can carry: a world's variant, what is observed of it, a level, and the chance
// that decides an episode. Without the worlds themselves, so that pages can load it.

import { z } from "zod";

export const settingSchema = z.strictObject({
  world: z.string(),
  preset: z.enum(["standard", "quick"]),
  /** In place of the preset's. */
  parameters: z.record(z.string(), z.number()),
  /** Null for the world's first. */
  encoder: z.string().nullable(),
});
export type Setting = Readonly<z.infer<typeof settingSchema>>;

const seed = z.int().min(0);
const number = z.int().min(1);

/** Axis → value; axes left out stand as in training. */
export const pointSchema = z.record(z.string(), z.union([z.number(), z.string()]));

export const levelSchema = z.discriminatedUnion("kind", [
  /** Drawn at a point of the shift space. */
  z.strictObject({ kind: z.literal("sampled"), point: pointSchema, seed, number }),
  /** One that an audit played: the `number`-th of its levels of the shift that it calls `shift`. */
  z.strictObject({ kind: z.literal("audit"), seed, levels: z.int().min(1).max(100_000), shift: z.string(), number }),
  /** As the world's text form. */
  z.strictObject({ kind: z.literal("text"), text: z.string().max(20_000) }),
]);
export type GivenLevel = Readonly<z.infer<typeof levelSchema>>;

/** Which actions are drawn: the same gives the same episode on the same level. `actions` are taken as they are, by their numbers, as far as they go. */
export const drawSchema = z.strictObject({ seed, number, actions: z.array(z.int().min(0)).max(10_000).optional() });
export type Draw = Readonly<z.infer<typeof drawSchema>>;

/** Bytes of a model that is taken. */
export const mostModelBytes = 32 * 2 ** 20;
/** Characters of a manifest that is taken. */
export const mostManifestText = 2 ** 20;
