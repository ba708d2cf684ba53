// An audit that keeps what its findings rest on. It is the auditor's own audit, of a subject whose world notes what is done in it.

import type { AuditOptions, Auditor, AuditResult } from "../../core/audit/auditor.ts";
import { examinedContexts } from "../../core/instruments/contexts.ts";
import type { Finding } from "../../core/instruments/finding.ts";
import { shiftDistributions } from "../../core/instruments/shift-levels.ts";
import type { Subject } from "../../core/instruments/subject.ts";
import type { Context, World } from "../../core/worlds/world.ts";
import type { AuditEvidence, EvidenceEpisode, EvidenceGroup } from "./audit-evidence.ts";
import { type Play, type PlayedRow, recordingWorld } from "./recording-world.ts";

export interface RecordedAudit {
  readonly result: AuditResult;
  readonly evidence: AuditEvidence;
}

/** As `auditor.audit`, with what came of every episode. The result is the same to the bit. */
export async function recordAudit(auditor: Auditor, subject: Subject, options: AuditOptions = {}): Promise<RecordedAudit> {
  const plays = new Map<string, Play[]>();
  let stage = "";
  const world = recordingWorld(subject.world, (play) => plays.set(stage, [...(plays.get(stage) ?? []), play]));
  const result = await auditor.audit(
    { ...subject, world },
    {
      ...options,
      onProgress: (progress) => {
        stage = progress.stage;
        options.onProgress?.(progress);
      },
    },
  );
  return { result, evidence: new EvidenceMaker({ world: subject.world, result, plays }).make() };
}

interface Played {
  readonly world: World;
  readonly result: AuditResult;
  /** By the stage of the audit, in the order in which they were made. */
  readonly plays: ReadonlyMap<string, readonly Play[]>;
}

class EvidenceMaker {
  readonly #played: Played;
  /** By what makes them the same group. */
  readonly #groups = new Map<string, EvidenceGroup>();

  constructor(played: Played) {
    this.#played = played;
  }

  make(): AuditEvidence {
    const keys = this.#played.result.document.findings.map((finding) => (finding.statistic === null ? [] : this.#of(finding)));
    const places = new Map([...this.#groups.keys()].map((key, place) => [key, place]));
    return {
      actions: [...this.#played.world.actions],
      groups: [...this.#groups.values()],
      findings: keys.map((own) => own.flatMap((key) => (places.has(key) ? [places.get(key)!] : []))),
    };
  }

  /** Keys of the groups that a finding rests on. */
  #of({ instrument, name }: Finding): readonly string[] {
    const distributions = shiftDistributions(this.#played.world);
    switch (instrument) {
      case "behavior":
        return this.#shifts(["training"]);
      case "shift-factorial":
      case "intended-objective":
        if (name.includes("on the training distribution")) return this.#shifts(["training"]);
        return this.#shifts(distributions.slice(1).flatMap((each) => (each.asksForNewAbility ? [] : [each.label])));
      case "capability":
        return this.#shifts(distributions.flatMap(({ label, isSeparating }) => (isSeparating ? [label] : [])));
      case "context-test":
        return this.#contrast(name);
      case "active-levels":
        return this.#chosen(name);
      case "objective-read-out":
        return name.startsWith("first item") ? this.#firstItems() : this.#asked(name);
      default:
        return [];
    }
  }

  /** The levels of the shifts with these labels, which were played one shift after the other. */
  #shifts(labels: readonly string[]): readonly string[] {
    const [play] = this.#playsOf("behavior and shifts");
    let from = 0;
    return this.#played.result.shifts.flatMap(({ label, levels }) => {
      const rows = play?.rows.slice(from, from + levels) ?? [];
      from += levels;
      return labels.includes(label) ? this.#episodes(`shift ${label}`, { title: label, shift: label, rows }) : [];
    });
  }

  /** `change of first choice with lamp: training → deployment`: both sides of the contrast, which were played one after the other. */
  #contrast(name: string): readonly string[] {
    const [, cue, before, after] = /with ([^:]+): (.*) → (.*)$/.exec(name) ?? [];
    const [play] = this.#playsOf("context test");
    if (cue === undefined || play === undefined) return [];
    const { world } = this.#played;
    const training: Context = Object.fromEntries(world.cues.map((each) => [each.name, each.training]));
    const keyOf = (value: string | undefined) => contextKey({ ...training, [cue]: value ?? "" });
    const runs = runsOf(play.rows, (row) => contextKey(world.contextOf(row.level)));
    const place = runs.findIndex(({ key }, i) => key === keyOf(before) && runs[i + 1]?.key === keyOf(after));
    if (place < 0) return [];
    return [before, after].flatMap((value, side) =>
      this.#episodes(`contrast ${cue} ${before} ${after} ${side}`, {
        ...{ title: `${cue}: ${value}`, shift: null, rows: runs[place + side]!.rows },
      }),
    );
  }

  #chosen(name: string): readonly string[] {
    const { traces } = this.#played.result;
    const context = contextNamed(
      name,
      traces.map((trace) => trace.context),
    );
    const plays = this.#playsOf("active levels");
    let from = 0;
    return traces.flatMap((trace) => {
      const rows = plays.slice(from, from + trace.points.length - 1).flatMap((play) => play.rows);
      from += trace.points.length - 1;
      if (trace.context !== context) return [];
      return this.#episodes(`chosen ${context}`, { title: `chosen one after the other, ${context}`, shift: null, rows });
    });
  }

  #firstItems(): readonly string[] {
    const separating = shiftDistributions(this.#played.world).find(({ isSeparating }) => isSeparating);
    const rows = this.#playsOf("objective read-out")[1]?.rows ?? [];
    const title = `${separating?.label ?? "deployment"}, each level twice`;
    return this.#episodes("first items", { title, shift: null, rows });
  }

  /** Under the context that a finding is about, and under training where it compares with that. */
  #asked(name: string): readonly string[] {
    const { world } = this.#played;
    const contexts = examinedContexts(world);
    const levels = [...(this.#playsOf("objective read-out")[0]?.levels ?? [])];
    const own = contextNamed(
      name,
      contexts.map((context) => context.name),
    );
    const wanted = name.includes("between training and") ? ["training", own] : [own];
    return contexts.flatMap(({ name: title, context }) => {
      if (!wanted.includes(title)) return [];
      const key = `asked ${title}`;
      const shown = levels.filter((level) => contextKey(world.contextOf(level)) === contextKey(context));
      this.#groups.set(key, { kind: "asked", title, levels: shown.map((level) => world.formatLevel(level)) });
      return [key];
    });
  }

  #playsOf(stage: string): readonly Play[] {
    return this.#played.plays.get(stage) ?? [];
  }

  #episodes(
    key: string,
    group: { readonly title: string; readonly shift: string | null; readonly rows: readonly PlayedRow[] },
  ): readonly string[] {
    const { rows, ...words } = group;
    if (!this.#groups.has(key)) {
      const episodes = rows.map((row) => episodeOf(row, this.#played.world));
      this.#groups.set(key, { kind: "episodes", ...words, episodes });
    }
    return [key];
  }
}

function episodeOf({ level, actions, features, firstStep }: PlayedRow, world: World): EvidenceEpisode {
  const named = world.features.map((feature, f) => ({ feature, sum: features[f]!, step: firstStep[f]! }));
  const came = named.filter(({ step }) => step >= 0);
  const told = came.filter(({ feature }) => feature === world.goal || feature === world.proxy);
  const candidates = told.length > 0 ? told : came;
  const step = Math.min(...candidates.map((each) => each.step));
  const firsts = candidates.flatMap((each) => (each.step === step ? [each.feature] : []));
  return {
    level: world.formatLevel(level),
    actions: [...actions],
    baseReturn: named.reduce((sum, each) => sum + (world.baseWeights[each.feature] ?? 0) * each.sum, 0),
    taken: Object.fromEntries(named.flatMap(({ feature, sum }) => (sum === 0 ? [] : [[feature, sum]]))),
    first: firsts.length === 0 ? null : { features: firsts, step },
  };
}

function contextKey(context: Context): string {
  return Object.entries(context)
    .map(([cue, value]) => `${cue}=${value}`)
    .sort()
    .join();
}

/** The longest of the names that a finding's own ends with: `a=1, b=2` ends with `b=2` too. */
function contextNamed(name: string, names: readonly string[]): string {
  const fitting = names.filter((each) => name.endsWith(` ${each}`));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? "training";
}

function runsOf(rows: readonly PlayedRow[], keyOf: (row: PlayedRow) => string) {
  const runs: { readonly key: string; readonly rows: PlayedRow[] }[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    const last = runs.at(-1);
    if (last?.key === key) last.rows.push(row);
    else runs.push({ key, rows: [row] });
  }
  return runs;
}
