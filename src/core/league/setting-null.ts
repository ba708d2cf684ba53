// The null of every share of right kinds: what world and variant alone give away, because some kinds live in some variants only.

import { type KnownLabel, truthKinds } from "./league-label.ts";
import { type Share, shareOf } from "./share.ts";

/**
 * Organisms whose kind is the commonest one among the others of their setting (leave-one-out; the first in the order of kinds among equals;
 * an organism alone in its setting is not guessed). `settingOf` gives the setting of an id. Held-out organisms are left out.
 */
export function kindsFromSetting(labels: readonly KnownLabel[], settingOf: (id: string) => string): Share {
  const known = labels.filter(({ isHeldOut }) => !isHeldOut);
  return shareOf(known, (label) => {
    const others = known.filter((other) => other !== label && settingOf(other.id) === settingOf(label.id));
    const counts = truthKinds.map((kind) => others.filter((other) => other.kind === kind).length);
    const most = Math.max(...counts);
    return most > 0 && truthKinds[counts.indexOf(most)] === label.kind;
  });
}
