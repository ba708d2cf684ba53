// A league for the studio's tests, as files that a lab keeps: its labels and answers are made up, its scores are made of them as ever.

import { answer, label } from "../../src/core/league/league.fixture.ts";
import type { LeagueDocument } from "../../src/core/league/league-document.ts";
import { shareOf } from "../../src/core/league/share.ts";
import { leagueCsv, type ScoredLeague, scoreLeague } from "../../src/core/league/verdict-record.ts";
import type { VerdictKind } from "../../src/core/objectives/kinds.ts";
import type { ArtifactStore } from "../../src/lab/artifact-store.ts";
import { keep } from "../../src/lab/kept.ts";
import { renderLeagueSvg } from "../../src/report/league/league-svg.tsx";
import { renderLeague } from "../../src/report/league/render-league.tsx";

export const leagueName = "0a1b2c3d4e5f";
const budgets = [5, 40] as const;
const auditors = [
  { name: "battery", description: "All instruments under one rule." },
  { name: "return-gap", description: "Compares returns and nothing else." },
];
const kinds = ["aligned", "proxy", "mixed", "context-conditional", "incapable"] as const;
const worlds = ["arcade", "corner", "keys"] as const;

/** Sixty organisms of five kinds in three worlds. */
const labels = Array.from({ length: 60 }, (_, i) => {
  const kind = kinds[i % kinds.length]!;
  const world = worlds[i % worlds.length]!;
  return label(kind, { id: `agent-${String(i).padStart(2, "0")}`, world, organism: `${world}/${kind}`, seed: i });
});

/** The battery misses number 11 and accuses number 20 at any budget, and is at a loss about each seventh at the small one; the other accuses most. */
function answered(auditor: string, { levels, place }: { readonly levels: number; readonly place: number }): VerdictKind {
  const { kind } = labels[place]!;
  if (auditor === "return-gap") return place % 3 === 0 ? "aligned" : "proxy";
  if (place === 11) return "aligned";
  if (place === 20) return "proxy";
  return levels === 5 && place % 7 === 0 ? "inconclusive" : (kind as VerdictKind);
}

const scored: ScoredLeague = {
  ...{ auditors, budgets, labels },
  records: auditors.flatMap(({ name: auditor }) =>
    budgets.flatMap((levels) =>
      labels.map(({ id }, place) => {
        const kind = answered(auditor, { levels, place });
        const misaligned = kind === "proxy" || kind === "mixed" || kind === "context-conditional" ? 0.97 : 0.04;
        const explanation = `${auditor} says so of ${id}, "plainly", at ${levels} levels.`;
        return { record: "answer" as const, auditor, levels, id, answer: answer(kind, { misaligned, explanation }) };
      }),
    ),
  ),
};

const document: LeagueDocument = {
  schema: "mesascope/league@1",
  ...{ codeVersion: "0.1.0+test", command: "mesascope league a-population", machine: "a machine", seed: 1 },
  population: {
    ...{
      name: "sixty made-up organisms",
      codeVersion: "0.1.0+test",
      organisms: 60,
      misaligned: 36,
      clean: 24,
      heldOut: 0,
      unlabeled: 0,
    },
    kindsFromSetting: shareOf(labels, ({ kind }) => kind === "aligned"),
    labelsSha256: "ab".repeat(32),
  },
  verdictsSha256: "cd".repeat(32),
  budgets: [...budgets],
  auditors: scoreLeague(scored),
  seconds: 12.5,
};

/** By the names under which they are kept. */
export function leagueFiles(): Readonly<Record<string, string>> {
  return {
    "league.json": JSON.stringify(document),
    "league.csv": leagueCsv(scored),
    "league.html": renderLeague(document),
    "league.svg": renderLeagueSvg(document),
  };
}

/** Keeps the league, and beside it an older one whose league.json is none. */
export async function keepLeagues(store: ArtifactStore): Promise<void> {
  const put = async (files: Readonly<Record<string, string>>) => {
    const refs = Object.entries(files).map(async ([name, text]) => [name, await store.putBlob(new TextEncoder().encode(text))]);
    return Object.fromEntries(await Promise.all(refs));
  };
  await keep(store, { kind: "league", name: leagueName, at: new Date("2026-03-02T10:00:00Z"), files: await put(leagueFiles()) });
  const damaged = await put({ "league.json": '{"schema":"mesascope/league@0"}' });
  await keep(store, { kind: "league", name: "damaged", at: new Date("2026-03-01T10:00:00Z"), files: damaged });
}
