// What the processes of the torture are told and tell, over the channel that Node opens between parent and child.

import { z } from "zod";
import { recipeSchema } from "../../src/core/organisms/recipe.ts";

const worker = { name: z.string(), slots: z.int(), checkpointSeconds: z.number() };

export const roleSchema = z.discriminatedUnion("role", [
  /** Has the lab in a folder open, serves it over its socket, and works in it. */
  z.strictObject({ role: z.literal("lab"), folder: z.string(), ...worker }),
  /** Serves a lab of a fleet on a free port of this machine. */
  z.strictObject({ role: z.literal("server"), store: z.string(), databaseUrl: z.string(), token: z.string() }),
  /** Works in a lab of a fleet. `clockJump`: milliseconds by which its clock is wrong, now ahead, now behind. */
  z.strictObject({
    role: z.literal("worker"),
    store: z.string(),
    databaseUrl: z.string(),
    clockJump: z.number(),
    ...worker,
  }),
  /** Trains as `mesascope train` does, without a lab, and tells the hash of each policy. */
  z.strictObject({ role: z.literal("reference"), folder: z.string(), recipes: z.array(recipeSchema) }),
]);
export type Role = z.infer<typeof roleSchema>;

export const tidingSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready"), address: z.string() }),
  z.strictObject({ kind: z.literal("warning"), text: z.string() }),
  z.strictObject({ kind: z.literal("policy"), seed: z.int(), sha256: z.string() }),
]);
export type Tiding = z.infer<typeof tidingSchema>;
