// What a league leaves in its folder: league.json, a row per answer in league.csv, the page league.html and the picture league.svg.

import { join } from "node:path";
import { leagueCsv } from "../../core/league/verdict-record.ts";
import { renderLeagueSvg } from "../../report/league/league-svg.tsx";
import { renderLeague } from "../../report/league/render-league.tsx";
import { atomicWrite, writeJson } from "../storage/files.ts";
import type { LeagueResult } from "./run-league.ts";

/** What it leaves, beside the verdicts. */
export const leagueFiles = ["league.csv", "league.html", "league.svg", "league.json"] as const;

/** Writes the four files into `out`, league.json last. Throws `file-system`. */
export async function writeLeague(out: string, { document, scored }: LeagueResult): Promise<void> {
  await atomicWrite(join(out, "league.csv"), leagueCsv(scored));
  await atomicWrite(join(out, "league.html"), renderLeague(document));
  await atomicWrite(join(out, "league.svg"), renderLeagueSvg(document));
  await writeJson(join(out, "league.json"), document);
}
