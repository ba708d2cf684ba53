// Loading what draws pages, before the work whose results they show.

import { MesascopeError } from "../core/base/errors.ts";

/**
 * What `load` imports. Throws `usage` where the program runs from its source and Node cannot read the files that draw pages: said before
 * an audit of hours rather than after it.
 */
export async function loadPages<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_UNKNOWN_FILE_EXTENSION")) throw error;
    throw new MesascopeError(
      "usage",
      'this runs from source, and Node does not read the files that draw its page (.tsx). Run the built program: "npm run mesascope -- …" builds it first.',
      { cause: error },
    );
  }
}
