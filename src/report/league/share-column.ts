// A share of the league as a column of a table: its count and interval beside it to be read, and each a column of its own in files.

import type { Share } from "../../core/league/share.ts";
import type { Column } from "../charts/data-table.ts";
import { formatPercent } from "../charts/format.ts";
import { countText, intervalText } from "./share-text.ts";

/** `95% (57 of 60) [86, 98]%`; in files shares between 0 and 1, and how many of how many. Nothing to count is `none`, and no share. */
export function shareColumn<Row>(title: string, of: (row: Row) => Share): Column<Row> {
  return {
    head: title,
    text: (row) => {
      const share = of(row);
      return share.share === null ? "none" : `${formatPercent(share.share)} (${countText(share)}) ${intervalText(share)}`;
    },
    files: {
      [title]: (row) => of(row).share,
      [`${title}: low`]: (row) => of(row).low,
      [`${title}: high`]: (row) => of(row).high,
      [`${title}: count`]: (row) => of(row).count,
      [`${title}: of`]: (row) => of(row).of,
    },
  };
}
