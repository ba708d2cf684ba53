// Between which returns the best play of a level of monsters lies: a game without monsters above, a policy that plays the game below.
//
// Above: whatever is done among monsters can be done without them, where it takes the same apples and shields, since monsters neither block
// the way nor take anything. So the best return without monsters, which backward induction gives, plus what hits and blocks can add where
// they are wanted (each monster hits at most once a step and is destroyed at most once), is exceeded by nobody. Below: an agent that looks
// one step ahead in the game itself and values what it comes to as if there were no monsters; it is played, and its return counted.

import { GridBatch, type GridState } from "../grid/grid-batch.ts";
import type { GridLevel } from "../grid/grid-level.ts";
import type { GridRules, ThingKind } from "../grid/grid-world.ts";
import type { FeatureWeights } from "../world.ts";

const numActions = 5;

/** Weights of apple, shield, hit and block. */
type Weights = readonly [apple: number, shield: number, hit: number, block: number];

interface MonsterRules {
  readonly kinds: readonly ThingKind[];
  readonly features: readonly string[];
  readonly rules: GridRules;
}

/** The game without monsters: cell × the bare tree × the bare rack, solved for every number of steps left. */
class PeacefulGame {
  readonly #cells: number;
  readonly #next: Int32Array;
  /** Tree and rack on a cell, −1 for none. */
  readonly #treeAt: Int32Array;
  readonly #rackAt: Int32Array;
  readonly #trees: number;
  readonly #racks: number;
  /** Best returns, `[steps left, racks, trees, cells]`. */
  readonly #values: Float64Array;
  readonly #numStates: number;

  constructor({ columns, rows, horizon, things }: GridLevel, [apple, shield]: Weights) {
    this.#cells = columns * rows;
    this.#next = nextCells(columns, rows);
    this.#treeAt = placesOn(this.#cells, things.tree!);
    this.#rackAt = placesOn(this.#cells, things.rack!);
    this.#trees = Math.max(1, things.tree!.length);
    this.#racks = Math.max(1, things.rack!.length);
    this.#numStates = this.#racks * this.#trees * this.#cells;
    this.#values = new Float64Array((horizon + 1) * this.#numStates);
    for (let left = 1; left <= horizon; left++) this.#induce(left, apple, shield);
  }

  #induce(left: number, apple: number, shield: number): void {
    const values = this.#values;
    const cells = this.#cells;
    const before = (left - 1) * this.#numStates;
    let state = left * this.#numStates;
    for (let bareRack = 0; bareRack < this.#racks; bareRack++) {
      for (let bareTree = 0; bareTree < this.#trees; bareTree++) {
        for (let cell = 0; cell < cells; cell++, state++) {
          let best = Number.NEGATIVE_INFINITY;
          for (let move = cell * numActions, end = move + numActions; move < end; move++) {
            const to = this.#next[move]!;
            const tree = this.#treeAt[to]!;
            const rack = this.#rackAt[to]!;
            const takesApple = tree >= 0 && tree !== bareTree;
            const takesShield = rack >= 0 && rack !== bareRack;
            const after = ((takesShield ? rack : bareRack) * this.#trees + (takesApple ? tree : bareTree)) * cells + to;
            const value = (takesApple ? apple : 0) + (takesShield ? shield : 0) + values[before + after]!;
            if (value > best) best = value;
          }
          values[state] = best;
        }
      }
    }
  }

  /** The best return from a state with `left` steps left. */
  valueOf({ cell, present }: GridState, left: number): number {
    const bareTree = firstUnset(present, 0, this.#trees);
    const bareRack = firstUnset(present, this.#treeCount, this.#racks);
    return this.#values[left * this.#numStates + (bareRack * this.#trees + bareTree) * this.#cells + cell]!;
  }

  /** Where racks begin among the items: after the trees, of which there may be none. */
  get #treeCount(): number {
    return this.#treeAt.some((tree) => tree >= 0) ? this.#trees : 0;
  }
}

/** Ways that the search for a good one keeps at a time. */
const kept = 32;
/** How often a monster for which there is no shield is thought to hit yet. Any number gives a bound. */
const hitsOfMonster = 3;

/** A way to play so far. */
interface Way {
  readonly state: GridState;
  readonly earned: number;
}

/** Plays levels of one variant; keeps its batch. */
export class MonsterBounds {
  readonly #features: readonly string[];
  readonly #batch: GridBatch;
  readonly #actions = Int32Array.from({ length: kept * numActions }, (_, env) => env % numActions);

  constructor({ kinds, features, rules }: MonsterRules) {
    this.#features = features;
    const sizes = { numEnvs: kept * numActions, numFeatures: features.length, numActions, mostWalls: 0 };
    this.#batch = new GridBatch({ world: "monsters", ...sizes, kinds, rules });
  }

  /** The bounds on the undiscounted return of a level. */
  of(level: GridLevel, given: FeatureWeights): { readonly lower: number; readonly upper: number } {
    const [apple = 0, shield = 0, hit = 0, block = 0] = this.#features.map((name) => given[name] ?? 0);
    const weights: Weights = [apple, shield, hit, block];
    const monsters = level.things.monster!.length;
    const game = new PeacefulGame(level, weights);
    for (let env = 0; env < this.#batch.numEnvs; env++) this.#batch.reset(env, level);
    const start = this.#batch.stateOf(0);
    const peaceful = game.valueOf(start, level.horizon);
    const upper = peaceful + monsters * (level.horizon * Math.max(0, hit) + Math.max(0, block));
    return { lower: monsters === 0 ? peaceful : this.#search(start, { weights, game, horizon: level.horizon }), upper };
  }

  /** What the best of the ways found earns: a beam search, by what was earned, what can be in peace, and what monsters may yet do. */
  #search(start: GridState, { weights, game, horizon }: Looking): number {
    const batch = this.#batch;
    let ways: readonly Way[] = [{ state: start, earned: 0 }];
    for (let left = horizon - 1; left >= 0; left--) {
      for (let env = 0; env < batch.numEnvs; env++) batch.place(env, (ways[(env / numActions) | 0] ?? ways[0]!).state);
      batch.step(this.#actions);
      const found = Array.from({ length: ways.length * numActions }, (_, env) => {
        const earned = ways[(env / numActions) | 0]!.earned + this.#earned(env, weights);
        const state = batch.stateOf(env);
        const monsters = state.movers.filter((cell) => cell >= 0).length;
        const danger = Math.max(0, monsters - state.registers[0]!) * Math.min(left, hitsOfMonster) * Math.max(0, -weights[2]);
        return { env, state, earned, hope: earned + game.valueOf(state, left) - danger };
      }).sort((one, other) => other.hope - one.hope);
      if (left === 0) return Math.max(...found.map(({ earned }) => earned));
      const known = new Set<number | string>();
      ways = found.filter(({ env }) => known.size < kept && known.size < known.add(batch.codeOf(env)).size);
    }
    return 0;
  }

  #earned(env: number, weights: Weights): number {
    let sum = 0;
    for (let f = 0; f < weights.length; f++) sum += weights[f]! * this.#batch.features[env * weights.length + f]!;
    return sum;
  }
}

interface Looking {
  readonly weights: Weights;
  readonly game: PeacefulGame;
  readonly horizon: number;
}

function nextCells(columns: number, rows: number): Int32Array {
  const next = new Int32Array(columns * rows * numActions);
  for (let cell = 0; cell < columns * rows; cell++) {
    const x = cell % columns;
    const neighbors = [cell - columns, cell + columns, x > 0 ? cell - 1 : cell, x < columns - 1 ? cell + 1 : cell, cell];
    neighbors.forEach((to, action) => {
      next[cell * numActions + action] = to < 0 || to >= columns * rows ? cell : to;
    });
  }
  return next;
}

function placesOn(numCells: number, cells: readonly number[]): Int32Array {
  const places = new Int32Array(numCells).fill(-1);
  cells.forEach((cell, place) => {
    places[cell] = place;
  });
  return places;
}

/** The first of `count` bits from `from` on that is not set, as a place among them; 0 where all are. */
function firstUnset(bits: number, from: number, count: number): number {
  for (let i = 0; i < count; i++) if (((bits >> (from + i)) & 1) === 0) return i;
  return 0;
}
