// Names of queues: one for each code version, and one more for each engine of which workers alone may take some of its jobs.

import { createHash } from "node:crypto";

/** In the names of queues for workers of one engine. */
export const engineMark = "-on-";

/** Names of queues may not hold all that a code version or an engine's name may, such as a plus sign: hashes tell any two apart. */
export function queueName(code: string, engine?: string): string {
  return `code-${hashOf(code)}${engine === undefined ? "" : `${engineMark}${hashOf(engine)}`}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
