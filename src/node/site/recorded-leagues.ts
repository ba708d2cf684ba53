// The leagues that a lab keeps, as a static site brings them along.

import type { ArtifactStore } from "../../lab/artifact-store.ts";
import type { KeptResult } from "../../lab/kept.ts";
import { keptBytes, listKept } from "../lab/kept-results.ts";
import type { RecordedFile, StaticSiteOptions } from "./static-site.ts";

/** What the pages show or hand on; verdicts and their seal stay in the lab. */
const shown = new Set(["league.json", "league.csv", "league.html", "league.svg"]);

/** Throws as `listKept` and `keptBytes`. */
export async function recordedLeagues(store: ArtifactStore): Promise<StaticSiteOptions["leagues"]> {
  const leagues = (await listKept(store)).filter(({ kind }) => kind === "league");
  const files: RecordedFile[] = [];
  const list: KeptResult[] = [];
  for (const league of leagues) {
    const { kind, name } = league;
    const told = Object.entries(league.files).filter(([file]) => shown.has(file));
    for (const [file] of told)
      files.push({ path: `${kind}/${name}/${file}`, content: (await keptBytes(store, { kind, name, file })) ?? "" });
    list.push({ ...league, files: Object.fromEntries(told) });
  }
  files.push({ path: "kept.json", content: `${JSON.stringify(list, null, 2)}\n` });
  return { names: leagues.map(({ name }) => name), files };
}
