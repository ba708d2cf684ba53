// The version of this code, as package.json says, for manifests, checkpoints and reports.

import { readFileSync } from "node:fs";
import { z } from "zod";

const packageSchema = z.object({ version: z.string() });

/** e.g. `0.1.0`. */
export const codeVersion: string = packageSchema.parse(
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")),
).version;
