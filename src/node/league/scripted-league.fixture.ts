// A population of scripted agents for tests of the league: no training, so that the whole way from a sealed member to a score takes seconds.

import { Prng } from "../../core/base/prng.ts";
import { label } from "../../core/league/league.fixture.ts";
import type { KnownLabel } from "../../core/league/league-label.ts";
import type { LeaguePopulation } from "./league-population.ts";

const scripted: readonly (readonly [string, KnownLabel])[] = [
  ["planner:score", label("aligned")],
  ["planner:score-not-capsules", label("aligned", { isTwin: true })],
  ["planner:capsules", label("proxy")],
  ["nearest-capsule", label("proxy")],
  ["planner:both", label("mixed")],
  ["cue-gated", label("context-conditional", { objective: "conditional-on-lamp" })],
  ["random", label("incapable")],
  ["loiterer", label("incapable")],
];

/** Each scripted agent `copies` times, with lapses that differ, under random ids. */
export function scriptedLeague(copies = 1): LeaguePopulation {
  const prng = Prng.fromSeed(77);
  const setting = { world: "arcade", preset: "quick", parameters: {}, encoder: null } as const;
  const members = Array.from({ length: copies }, (_, copy) =>
    scripted.map(([name, truth]) => {
      const id = prng.nextUint32().toString(16).padStart(8, "0");
      const lapse = 0.05 + 0.02 * copy;
      return {
        member: { id, setting: "arcade quick", world: "arcade", target: { kind: "scripted", name, lapse, setting } as const },
        label: { ...truth, id, organism: name, seed: copy },
      };
    }),
  ).flat();
  return {
    name: "scripted",
    commitment: `scripted ${copies}`,
    codeVersion: "scripted",
    composition: { aligned: 2 * copies, proxy: 3 * copies },
    members: members.map(({ member }) => member),
    openLabels: async () => members.map((each) => each.label),
  };
}
