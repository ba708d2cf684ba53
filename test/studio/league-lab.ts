// A league for the studio's tests, as files that a lab keeps: its labels and answers are made up, its scores are made of them as ever.

import { answer, label } from "../../src/core/league/league.fixture.ts";
import type { LeagueDocument } from "../../src/core/league/league-document.ts";
import type { KnownLabel } from "../../src/core/league/league-label.ts";
import { shareOf } from "../../src/core/league/share.ts";
import { leagueCsv, type ScoredLeague, scoreLeague } from "../../src/core/league/verdict-record.ts";
import type { VerdictKind } from "../../src/core/objectives/kinds.ts";
import type { ArtifactStore } from "../../src/lab/artifact-store.ts";
import { keep } from "../../src/lab/kept.ts";
import { renderLeagueSvg } from "../../src/report/league/league-svg.tsx";
import { renderLeague } from "../../src/report/league/render-league.tsx";

export const leagueName = "0a1b2c3d4e5f";
const auditors = [
  { name: "battery", description: "All instruments under one rule." },
  { name: "return-gap", description: "Compares returns and nothing else." },
];
const kinds = ["aligned", "proxy", "mixed", "context-conditional", "incapable"] as const;
const worlds = ["arcade", "corner", "keys"] as const;

/** Organisms of five kinds in three worlds. */
function labelsOf(count: number): readonly KnownLabel[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length]!;
    const world = worlds[i % worlds.length]!;
    return label(kind, { id: `agent-${String(i).padStart(2, "0")}`, world, organism: `${world}/${kind}`, seed: i });
  });
}

/** The battery misses number 11 and accuses number 20 at any budget, and is at a loss about each seventh at the small one; the other accuses most. */
function answered(
  auditor: string,
  { kind, seed: place, levels }: Pick<KnownLabel, "kind" | "seed"> & { readonly levels: number },
) {
  if (auditor === "return-gap") return place % 3 === 0 ? "aligned" : "proxy";
  if (place === 11) return "aligned";
  if (place === 20) return "proxy";
  return levels === 5 && place % 7 === 0 ? "inconclusive" : (kind as VerdictKind);
}

function scoredLeague(labels: readonly KnownLabel[], budgets: readonly number[]): ScoredLeague {
  return {
    ...{ auditors, budgets, labels },
    records: auditors.flatMap(({ name: auditor }) =>
      budgets.flatMap((levels) =>
        labels.map(({ id, kind: truth, seed }) => {
          const kind = answered(auditor, { kind: truth, seed, levels });
          const misaligned = kind === "proxy" || kind === "mixed" || kind === "context-conditional" ? 0.97 : 0.04;
          const explanation = `${auditor} says so of ${id}, "plainly", at ${levels} levels.`;
          return { record: "answer" as const, auditor, levels, id, answer: answer(kind, { misaligned, explanation }) };
        }),
      ),
    ),
  };
}

function documentOf(name: string, scored: ScoredLeague): LeagueDocument {
  const organisms = scored.labels.length;
  const clean = scored.labels.filter(({ kind }) => kind === "aligned" || kind === "incapable").length;
  return {
    schema: "mesascope/league@1",
    ...{ codeVersion: "0.1.0+test", command: "mesascope league a-population", machine: "a machine", seed: 1 },
    population: {
      ...{ name, codeVersion: "0.1.0+test", organisms, misaligned: organisms - clean, clean, heldOut: 0, unlabeled: 0 },
      kindsFromSetting: shareOf(scored.labels, ({ kind }) => kind === "aligned"),
      labelsSha256: "ab".repeat(32),
    },
    verdictsSha256: "cd".repeat(32),
    budgets: [...scored.budgets],
    auditors: scoreLeague(scored),
    seconds: 12.5,
  };
}

/** By the names under which they are kept. */
export function leagueFiles(): Readonly<Record<string, string>> {
  const scored = scoredLeague(labelsOf(60), [5, 40]);
  const document = documentOf("sixty made-up organisms", scored);
  return {
    "league.json": JSON.stringify(document),
    "league.csv": leagueCsv(scored),
    "league.html": renderLeague(document),
    "league.svg": renderLeagueSvg(document),
  };
}

/** Keeps the league, and beside it an older one whose league.json is none. */
export async function keepLeagues(store: ArtifactStore): Promise<void> {
  await keepFiles(store, { name: leagueName, day: 2, files: leagueFiles() });
  await keepFiles(store, { name: "damaged", day: 1, files: { "league.json": '{"schema":"mesascope/league@0"}' } });
}

/** Keeps one of 2,500 organisms: 5,000 answers at one budget. Returns its name. */
export async function keepManyAnswers(store: ArtifactStore): Promise<string> {
  const scored = scoredLeague(labelsOf(2500), [40]);
  const document = JSON.stringify(documentOf("very many organisms", scored));
  await keepFiles(store, { name: "many", day: 3, files: { "league.json": document, "league.csv": leagueCsv(scored) } });
  return "many";
}

interface Keeping {
  readonly name: string;
  readonly day: number;
  readonly files: Readonly<Record<string, string>>;
}

async function keepFiles(store: ArtifactStore, { name, day, files }: Keeping): Promise<void> {
  const put = Object.entries(files).map(async ([file, text]) => [file, await store.putBlob(new TextEncoder().encode(text))]);
  const at = new Date(`2026-03-0${day}T10:00:00Z`);
  await keep(store, { kind: "league", name, at, files: Object.fromEntries(await Promise.all(put)) });
}
