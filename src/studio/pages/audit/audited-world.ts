// What the worlds say of themselves, and what organisms were made to want. A chunk of its own: it brings all worlds.

import { MesascopeError } from "../../../core/base/errors.ts";
import { shiftDistributions } from "../../../core/instruments/shift-levels.ts";
import { findOrganism, organisms } from "../../../core/organisms/index.ts";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import { findWorld } from "../../../core/worlds/index.ts";
import type { World } from "../../../core/worlds/world.ts";
import { baseObjectiveWords, type WorldWords, worldWords } from "../../../report/world-words.ts";
import type { TestedWorld } from "./watched-levels.ts";

export interface AuditedWorld {
  readonly words: WorldWords;
  /** `1 per coin`. */
  readonly baseObjective: string;
  readonly tested: TestedWorld;
}

/** Of a world that this version does not have, or not with these parameters, as much as a report can be drawn with. */
export function auditedWorld({ world: { name, parameters } }: Pick<Recipe, "world">): AuditedWorld {
  try {
    return knownWorld(findWorld(name, parameters));
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "usage") return unknownWorld(error.message);
    throw error;
  }
}

function unknownWorld(why: string): AuditedWorld {
  return {
    tested: { separating: { label: "deployment", point: {} }, axes: [] },
    words: {
      introduction: `This version of the studio cannot say what that world is like (${why}), so that things stand here by their bare names.`,
      ...{ objectives: {}, features: {}, goal: "the goal", proxy: "the proxy", axes: [], leadingShifts: [] },
    },
    baseObjective: "not known here",
  };
}

function knownWorld(world: World): AuditedWorld {
  const separating = shiftDistributions(world).find(({ isSeparating }) => isSeparating);
  return {
    tested: {
      separating: {
        label: separating?.label ?? "deployment",
        point: separating?.distribution.kind === "shift" ? separating.distribution.point : {},
      },
      axes: world.axes.map((axis) => axis.name),
    },
    words: worldWords(world),
    baseObjective: baseObjectiveWords(world),
  };
}

export interface Planted {
  readonly description: string;
  /** Null where nothing was planted. */
  readonly truth: { readonly kind: string; readonly objective: string } | null;
}

/** Null for an organism that this version does not have, and for recipes of one's own. */
export function plantedIn(organism: string | null): Planted | null {
  if (organism === null || !organisms.some(({ id }) => id === organism)) return null;
  const { description, truth } = findOrganism(organism);
  return { description, truth };
}
