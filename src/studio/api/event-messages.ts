// What pages and the worker that shares a lab's events among them tell each other.

import { z } from "zod";
import { labEventSchema } from "../../lab/api.ts";

/** Tells apart what one page follows at different times. */
const ask = z.int();

export const sharedAnswerSchema = z.discriminatedUnion("kind", [
  /** At once, so that a page knows that there is a worker. */
  z.strictObject({ kind: z.literal("joined"), ask }),
  z.strictObject({ kind: z.literal("contact"), ask }),
  z.strictObject({ kind: z.literal("event"), ask, event: labEventSchema }),
  z.strictObject({ kind: z.literal("missed"), ask, at: z.int() }),
  z.strictObject({ kind: z.literal("ended"), ask }),
]);

/** The worker is of the same files as the page, and small: it reads this without a schema. */
export type SharedRequest =
  | {
      readonly kind: "follow";
      readonly ask: number;
      readonly after: number;
      readonly lab: string;
      readonly token: string | null;
    }
  | { readonly kind: "leave"; readonly ask: number };

export type SharedAnswer = z.infer<typeof sharedAnswerSchema>;
