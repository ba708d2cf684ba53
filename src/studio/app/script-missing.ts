// Parts of the studio that are loaded when they are needed, and what is said of one that did not come.

import { site } from "./site.ts";

/** A part could not be loaded. Browsers may remember that: only a page that is loaded anew is sure to ask for it again. */
export class ScriptMissing extends Error {
  /** The browser's words. */
  readonly said: string;

  constructor(cause: unknown) {
    const said = cause instanceof Error ? cause.message : String(cause);
    // Of a message that begins with the browser's words the router loads the page anew at once, which ends what is trained in this tab.
    super(
      `a part of the studio did not come: the server does not answer, or has another version of the studio by now (${said}). Try again, or load the page anew, which ends what is trained in this tab.`,
      { cause },
    );
    this.said = said;
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

/** Milliseconds for an answer: a server that takes the question and keeps still is silent, too. */
const answersWithin = 10_000;

/** Loads the page anew where its server answers, so that nobody is left with a page of the browser's own; else tells that it does not. */
export async function loadAnew(): Promise<"loading" | "silent"> {
  try {
    const { ok } = await fetch(site.root, { cache: "no-store", signal: AbortSignal.timeout(answersWithin) });
    if (!ok) return "silent";
  } catch {
    return "silent";
  }
  location.reload();
  return "loading";
}
