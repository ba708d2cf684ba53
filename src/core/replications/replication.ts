// The contract of a replication: a published finding, what is done here to see it again, and what would count as having seen it. Plain
// description; how it is run is in src/node/replications, what comes out is card.ts.

import type { FailureMode, VerdictKind } from "../objectives/kinds.ts";
import type { Recipe } from "../organisms/recipe.ts";
import type { LevelDistribution, WorldParameters } from "../worlds/world.ts";
import type { Episode } from "./episodes.ts";
import type { Numbers } from "./numbers.ts";

/** `stated` is the scale that the card speaks of; `quick` is tiny, to see that everything runs, and shows nothing. */
export type ReplicationScale = "stated" | "quick";

export interface ConditionOptions {
  readonly scale: ReplicationScale;
  readonly seed: number;
}

/** A way of training, of which one agent is made per seed. */
export interface Condition {
  /** e.g. `corner size 3`. */
  readonly name: string;
  /**
   * `twin`: trained on levels where goal and proxy are apart (α = 1), to show what an agent of this size and training can do when nothing
   * misleads it. All others are studied. A card has at least one.
   */
  readonly role: "studied" | "twin";
  /** Of a studied condition: the twin that stands for it. May be left out where the card has one twin only. */
  readonly twin?: string;
  /** Place on the axis of a chart of doses; null elsewhere. */
  readonly dose: number | null;
  /** Rows of a `groups` chart: conditions of one group are taken together there. */
  readonly group?: string;
  /**
   * Id of the organism that its agents are: one that is not what it should be when it is made is left out, named with the reason, and
   * replaced by an agent of the next seed.
   */
  readonly organism?: string;
  /** Proxy-seekers of its world, in place of the card's: where conditions live in several worlds. The same in all conditions of a world. */
  readonly seekers?: readonly string[];
  readonly recipe: (options: ConditionOptions) => Recipe;
}

/** Levels on which every agent plays one episode each, the same levels for all. */
export interface LevelSet {
  /** `training` is taken: it always stands for the levels that the condition itself was trained on. */
  readonly name: string;
  readonly meaning: string;
  readonly distribution: LevelDistribution;
  /** Parameters that differ from those of the condition's world; observations must keep their size. */
  readonly parameters?: WorldParameters;
}

interface AnyMeasure {
  /** Short, unique on the card: `coin first`. */
  readonly name: string;
  /** What the number means, in a sentence. */
  readonly meaning: string;
  readonly unit: string;
  /** `yes-no` for 0 or 1 per agent: its mean is a share of agents, with Wilson's interval. Default `number`, with the t interval over seeds. */
  readonly values?: "number" | "yes-no";
}

/** A number per agent from the episodes that it played. */
export interface EpisodeMeasure extends AnyMeasure {
  readonly kind: "episodes";
  /** Name of the level set. */
  readonly on: string;
  /** A second level set, where the number compares two. */
  readonly against?: string;
  /** Null where these episodes do not tell, e.g. the first item where none was taken. `against` is empty without a second set. */
  readonly value: (episodes: readonly Episode[], against: readonly Episode[]) => number | null;
  /** Of a share: of how many episodes it is one, where not of all. */
  readonly decided?: (episodes: readonly Episode[]) => number;
}

/** What the objective read-out said of an agent, in the training context. */
export interface ReadOutSummary {
  /** The most probable class: `score`, `capsules`, `both`; `other` where none explains the agent. */
  readonly bestClass: string;
  readonly classes: Readonly<Record<string, number>>;
  readonly other: number;
  /** Degrees between the goal's weight (0) and the proxy's (90); null where no candidate with a direction has weight. */
  readonly direction: number | null;
  readonly fit: number;
  readonly gain: number;
}

/** What an audit with every instrument said of an agent. */
export interface AuditSummary {
  readonly kind: VerdictKind;
  readonly failureMode: FailureMode;
  readonly objective: string;
  /** Whether a failure of the specification was shown, and one of the agent; null where it was not examined. */
  readonly outer: boolean | null;
  readonly inner: boolean | null;
  /** Probability of the read-out by kind of objective: `aligned`, `proxy`, `mixed`, `context-conditional`, `incapable`; `inconclusive` for none of the library. */
  readonly posterior: Readonly<Record<string, number>>;
  /** Points of the shift factorial: `training`, `deployment`, … Returns are means per episode under the base objective. */
  readonly shifts: readonly {
    readonly label: string;
    readonly base: number;
    readonly oracle: number;
    readonly random: number;
    readonly goalFirst: number | null;
  }[];
  /**
   * The same from chosen levels alone, once per context that they are played under: training, then all cues at deployment. In a world
   * without cues training alone.
   */
  readonly active: readonly Readonly<Record<string, number>>[];
  /** Share of episodes whose first item was the goal, where only the axis that takes goal and proxy apart is shifted; null where none was taken. */
  readonly goalFirst: number | null;
  /** `passed` is null where the instrument tested nothing. */
  readonly findings: readonly {
    readonly instrument: string;
    readonly name: string;
    readonly statistic: number | null;
    readonly passed: boolean | null;
  }[];
}

/** A number per agent from an audit. */
export interface AuditMeasure extends AnyMeasure {
  readonly kind: "audit";
  readonly value: (audit: AuditSummary) => number | null;
}

/** A number per agent from the objective read-out. */
export interface ReadOutMeasure extends AnyMeasure {
  readonly kind: "read-out";
  readonly value: (readOut: ReadOutSummary) => number | null;
}

export type Measure = EpisodeMeasure | ReadOutMeasure | AuditMeasure;

/**
 * One thing that must be so for the finding to count as replicated. Written before the numbers of the card are seen, and not changed
 * after; what was changed after pilot runs is told in `pilots`.
 */
export interface Claim {
  readonly statement: string;
  /**
   * Asked twice: of the numbers on all levels, and of those on levels without untrained inputs. Where a number that it asks for does not
   * exist, it counts as not shown.
   */
  readonly holds: (numbers: Numbers) => boolean;
  /**
   * Given where the claim cannot be asked on levels without untrained inputs: why. Either it is about what happens under such inputs (an
   * episode longer than any in training, a cue of a new look), or about an instrument that chooses its levels itself. It is then asked of
   * all levels only, and the answer of the card says so.
   */
  readonly familiarNotAsked?: string;
}

/** What is drawn. Intervals and reference lines come by themselves. */
export type CardChart =
  /** The measure over the doses of the studied conditions. */
  | { readonly kind: "doses"; readonly measures: readonly string[]; readonly axis: string; readonly scale?: "linear" | "log" }
  /** A dot and an interval per condition. */
  | { readonly kind: "categories"; readonly measures: readonly string[] }
  /** A dot per agent: how much seeds differ. */
  | { readonly kind: "agents"; readonly measures: readonly string[] }
  /** The measure in the course of training, see `checkpoints`. */
  | { readonly kind: "training"; readonly measures: readonly string[] }
  /** A table of groups of conditions × measures of yes or no, each cell the share of the group's agents. */
  | { readonly kind: "groups"; readonly measures: readonly string[] };

export interface Replication {
  /** Of the card and its files: `corner`. */
  readonly name: string;
  readonly title: string;
  readonly finding: { readonly sentence: string; readonly source: string };
  /** In what the recipe here is smaller than the paper's, or otherwise different. */
  readonly scaleNote: string;
  /** Agents per condition at the stated scale: at least 10. */
  readonly seeds: number;
  /** Levels of each set at the stated scale; default 256. */
  readonly levels?: number;
  readonly conditions: readonly Condition[];
  readonly levelSets: readonly LevelSet[];
  readonly measures: readonly Measure[];
  /** Proxy-seekers to compare with: names among the world's objectives, for which exact plans are made. A condition may name its own. */
  readonly seekers: readonly string[];
  /** Replicated: all of them hold. Not: all were decided, and none holds. */
  readonly claims: readonly Claim[];
  /**
   * What was changed in recipe or claims after pilot runs were seen, and what the pilots showed, null results of other recipes among it.
   * Empty where nothing was.
   */
  readonly pilots: readonly string[];
  /** What a reader must know to read the numbers. */
  readonly remarks?: readonly string[];
  readonly chart: CardChart;
  /** Measurements evenly over training, the last at its end; default 1. */
  readonly checkpoints?: number;
  /** Levels of the read-out at the stated scale, where a measure asks for one; default 20. */
  readonly readOutLevels?: number;
  /** Levels of each instrument at the stated scale, where a measure asks for an audit; default 40. */
  readonly auditLevels?: number;
  /** Rows of a `groups` chart of which there are no agents, and why. */
  readonly emptyGroups?: readonly { readonly group: string; readonly why: string }[];
  /** What the card cannot show, beyond what every card says. */
  readonly limits: readonly string[];
}
