// What part of a group's audits came to which verdict: a bar a group, its parts told by sign and word as well as by color.

import type { ReactNode } from "react";
import type { VerdictKind } from "../../../core/objectives/kinds.ts";
import { verdictWords } from "../../../report/sections/verdict-words.ts";
import { loadScript } from "../../app/script-missing.ts";
import { TakeAlong } from "../take/take-along.tsx";
import "./verdict-shares.css";

export interface VerdictSharesProps {
  /** Of the verdicts that there are. */
  readonly kinds: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    /** Runs that were audited. */
    readonly audits: number;
    /** By kind, from 0 to 1. */
    readonly shares: Readonly<Record<string, number>>;
  }[];
}

export function VerdictShares({ kinds, rows }: VerdictSharesProps): ReactNode {
  const draw = async (figure: HTMLElement) =>
    (await loadScript(() => import("../take/shares-picture.ts"))).sharesSvg(figure, {
      ...{ title: "What audits concluded", rows },
      kinds: kinds.map((kind) => ({ kind, sign: signOf(kind), color: colorOf(kind) })),
    });
  return (
    <figure>
      <ul className="shares">
        {rows.map(({ name, audits, shares }) => (
          <li key={name}>
            <span className="shares-name">{name}</span>
            {audits === 0 ? (
              <span className="quiet">not audited</span>
            ) : (
              <>
                <span className="shares-bar" aria-hidden="true">
                  {kinds.map((kind) =>
                    (shares[kind] ?? 0) > 0 ? (
                      <span key={kind} className={`shares-part shares-${colorOf(kind)}`} style={{ flexGrow: shares[kind] }}>
                        {signOf(kind)}
                      </span>
                    ) : null,
                  )}
                </span>
                <span className="shares-words">
                  {kinds
                    .filter((kind) => (shares[kind] ?? 0) > 0)
                    .map((kind) => `${signOf(kind)} ${kind} ${Math.round((shares[kind] ?? 0) * 100)}%`)
                    .join(", ")}{" "}
                  <span className="quiet">of {audits === 1 ? "1 run" : `${audits} runs`}</span>
                </span>
              </>
            )}
          </li>
        ))}
      </ul>
      <TakeAlong
        caption="what audits concluded"
        table={() => ({
          columns: ["Group", "Audits", ...kinds],
          rows: rows.map(({ name, audits, shares }) => [
            name,
            audits,
            ...kinds.map((kind) => (audits === 0 ? null : (shares[kind] ?? 0))),
          ]),
        })}
        draw={draw}
      />
    </figure>
  );
}

function signOf(kind: string): string {
  return Object.hasOwn(verdictWords, kind) ? verdictWords[kind as VerdictKind].sign : "·";
}

/** The same in every comparison, whichever verdicts there are. */
function colorOf(kind: string): number {
  return Math.max(0, Object.keys(verdictWords).indexOf(kind)) % 6;
}
