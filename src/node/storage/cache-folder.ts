// Where work is kept between runs that a user did not name a place for.

import { homedir } from "node:os";
import { join } from "node:path";

/** `$XDG_CACHE_HOME/mesascope` or `~/.cache/mesascope`. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "mesascope");
}
