// In what the jobs of a filter that have one name differ, as far as they were listed.

import { useCallback, useState } from "react";
import type { JobRow } from "../../../lab/api.ts";
import { variantText } from "../../../lab/variant-text.ts";
import { type TellingColumn, tellingColumns } from "./runs-search.ts";

export interface Difference {
  readonly columns: readonly TellingColumn[];
  /** Of the fields of their recipes. */
  readonly paths: readonly string[];
  /** Of the longest variant in words. */
  readonly letters: number;
}

const noDifference: Difference = { columns: [], paths: [], letters: 0 };

/** What was seen of it in all rows that were told of: a column that was there once stays while they are scrolled. */
export function useDifference(filter: string): readonly [Difference, (rows: readonly JobRow[]) => void] {
  const [known, setKnown] = useState({ filter, ...noDifference });
  const onRows = useCallback(
    (rows: readonly JobRow[]) =>
      setKnown((before) => {
        const { columns, paths, letters } = before.filter === filter ? before : noDifference;
        const more = { columns: tellingColumns(rows), paths: rows.flatMap(({ variant }) => Object.keys(variant)) };
        const all = {
          columns: union(columns, more.columns),
          paths: union(paths, more.paths),
          letters: Math.max(letters, ...rows.map(({ variant }) => variantText(variant).length)),
        };
        const isKnown = before.filter === filter && all.columns === columns && all.paths === paths && all.letters === letters;
        return isKnown ? before : { filter, ...all };
      }),
    [filter],
  );
  return [known.filter === filter ? known : noDifference, onRows];
}

/** The first itself where it has all of the second. */
function union<Item>(first: readonly Item[], second: readonly Item[]): readonly Item[] {
  const more = second.filter((item) => !first.includes(item));
  return more.length === 0 ? first : [...first, ...new Set(more)];
}
