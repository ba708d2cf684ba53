// Parts of the studio that are loaded when they are needed, and what is said of one that did not come.

import { site } from "./site.ts";

/** A part could not be loaded. Browsers may remember that: only a page that is loaded anew is sure to ask for it again. */
export class ScriptMissing extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** What `load` imports. Rejects with `ScriptMissing` where it could not be loaded, be it for want of a style sheet of it. */
export async function loadScript<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load();
  } catch (error) {
    throw new ScriptMissing(error);
  }
}

/** Loads the page anew where its server answers, so that nobody is left with a page of the browser's own; else tells that it does not. */
export async function loadAnew(): Promise<"loading" | "silent"> {
  try {
    const { ok } = await fetch(site.root, { cache: "no-store" });
    if (!ok) return "silent";
  } catch {
    return "silent";
  }
  location.reload();
  return "loading";
}
