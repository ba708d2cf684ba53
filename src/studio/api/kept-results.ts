// Cards and leagues as a page reads them: out of a lab, or out of the files of a static site.

import { z } from "zod";
import { type KeptResult, keptResultSchema } from "../../lab/kept.ts";
import type { LabClient } from "./lab-client.ts";

export interface KeptFile {
  readonly kind: KeptResult["kind"];
  readonly name: string;
  readonly file: string;
}

/** Calls throw; `problemOf` says what that means. */
export interface KeptResults {
  /** The newest first. */
  list(signal: AbortSignal): Promise<readonly KeptResult[]>;
  text(file: KeptFile, signal: AbortSignal): Promise<string>;
}

export function keptInLab(client: LabClient): KeptResults {
  return {
    list: (signal) => client.kept.list({}, { signal }),
    text: async (file, signal) => (await client.kept.file({ ...file }, { signal })).text,
  };
}

/** `recorded/kept.json` and the files that it tells of, below the site's root. */
export function keptInSite(root: URL): KeptResults {
  const read = async (path: string, signal: AbortSignal) => {
    const answer = await fetch(new URL(`recorded/${path}`, root), { signal });
    if (answer.ok) return await answer.text();
    throw new Error(`recorded/${path} of this site answered ${answer.status}; expected its file. Build the site again.`);
  };
  return {
    list: async (signal) => z.array(keptResultSchema).parse(JSON.parse(await read("kept.json", signal))),
    text: ({ kind, name, file }, signal) => read([kind, name, file].map(encodeURIComponent).join("/"), signal),
  };
}
