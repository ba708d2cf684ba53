// From an audit to the player: the audited agent on the levels that it was tested on.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Finding } from "../../../core/instruments/finding.ts";
import { shiftWords } from "../../../report/sections/plain-words.ts";
import type { Audited } from "./audited.ts";
import { levelsOfFinding } from "./watched-levels.ts";

/** Each of the shifts, so that the agent can be watched on its levels. */
export function WatchShifts({ audited }: { readonly audited: Audited }): ReactNode {
  const { result, world, isSnapshot } = audited;
  const own = ownLevels(audited);
  return (
    <section aria-labelledby="watch" className="audit-watch">
      <h2 id="watch">Watch it</h2>
      <p>
        On the levels that this audit played, step by step. Its actions are drawn anew: it may act otherwise where it was unsure.
        {isSnapshot && " The audit is of a snapshot of its training, and that is what plays."}
      </p>
      <ul>
        {result.shifts.map(({ label, levels }) => (
          <li key={label}>
            <Link to="/episode" search={{ ...own, audited: label }}>
              {shiftWords(label, world.words)}
            </Link>{" "}
            <span className="label">{levels} levels</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What an address of the player needs for the levels of the audit. */
function ownLevels({ agent, levels, seed }: Audited) {
  return { agent, levels, seed };
}

/** Where a finding can be seen. */
export function WatchFinding({ finding, audited }: { readonly finding: Finding; readonly audited: Audited }): ReactNode {
  const { world } = audited;
  const levels = levelsOfFinding(finding, world.tested);
  if (levels === null) return null;
  if (levels.kind === "own") {
    return (
      <p>
        <Link to="/episode" search={{ ...ownLevels(audited), audited: levels.shift }}>
          Watch it on the levels that this rests on
        </Link>
        : {shiftWords(levels.shift, world.words)}.
      </p>
    );
  }
  const shift = Object.entries(levels.point)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  return (
    <p>
      <Link to="/episode" search={{ ...ownLevels(audited), levels: 0, shift }}>
        Watch it on a level like those
      </Link>
      ; which ones this instrument played is not kept: opening the episodes, above, draws them again.
    </p>
  );
}
