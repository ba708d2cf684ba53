// The schema of a generator's state, for whoever reads one back from a file. The generator is in prng.ts.

import { z } from "zod";

const words = z.tuple([z.number(), z.number()]);

/** A `PrngState` as JSON. */
export const prngStateSchema = z.strictObject({ key: words, stream: words, drawn: z.int().min(0) });
