// The numbers behind a chart of series, as they were measured: the chart's equal for who cannot see it.

import { type ReactNode, useState } from "react";
import { Button } from "../components/button.tsx";
import { measured } from "./series-lines.ts";
import type { Values } from "./smooth.ts";
import { exactNumber } from "./words.ts";

/** Rows that come into the page at once. */
const rowsAtOnce = 200;

export interface SeriesNumbersProps {
  readonly title: string;
  readonly x: readonly number[];
  readonly xName: string;
  readonly series: readonly { readonly name: string; readonly values: Values }[];
  /** Of a value, in words. */
  readonly text: (value: number | null) => string;
}

export function SeriesNumbers({ title, x, xName, series, text }: SeriesNumbersProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [most, setMost] = useState(rowsAtOnce);
  const rest = x.length - most;
  return (
    <details className="series-numbers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Numbers</summary>
      {isOpen && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <section aria-label={`Numbers of ${title}`} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{xName}</th>
                  {series.map(({ name }) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {x.slice(0, most).map((value, i) => (
                  <tr key={i}>
                    <td>{exactNumber(value)}</td>
                    {series.map(({ name, values }) => (
                      <td key={name}>{text(measured(values[i]))}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {rest > 0 && (
            <p className="numeric">
              The first {exactNumber(most)} of {exactNumber(x.length)} rows; the CSV has all.{" "}
              <Button look="plain" onPress={() => setMost(most + rowsAtOnce)}>
                {`Show ${Math.min(rowsAtOnce, rest)} more`}
              </Button>
            </p>
          )}
        </>
      )}
    </details>
  );
}
