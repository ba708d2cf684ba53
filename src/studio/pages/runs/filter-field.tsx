// The filter as it is typed: read as soon as it stands still, applied when it can be read, and otherwise said what is wrong and where.

import { type ReactNode, useEffect, useState } from "react";
import { TextField } from "../../components/text-field.tsx";
import type { FilterCheck } from "./filter-check.ts";

const pause = 400;

export interface FilterFieldProps {
  /** Null while it is loaded: what is typed meanwhile waits for it. */
  readonly check: FilterCheck | null;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

export function FilterField({ check, filter, onFilter }: FilterFieldProps): ReactNode {
  const [typed, setTyped] = useState(filter);
  const [applied, setApplied] = useState(filter);
  // Back, forward and links change the address: the field follows.
  if (applied !== filter) {
    setApplied(filter);
    setTyped(filter);
  }
  const error = check === null ? null : check.errorOf(typed);
  useEffect(() => {
    if (typed === filter || check === null || error !== null) return;
    const timer = setTimeout(() => {
      setApplied(typed);
      onFilter(typed);
    }, pause);
    return () => clearTimeout(timer);
  }, [typed, filter, check, error, onFilter]);
  return (
    <div className="filter-field">
      <TextField
        label="Filter"
        type="search"
        isCode
        value={typed}
        onChange={setTyped}
        placeholder="world:corner AND return:>0.9"
        error={error}
        hint={<FilterHint fields={check?.fields ?? []} />}
      />
    </div>
  );
}

function FilterHint({ fields }: { readonly fields: readonly string[] }): ReactNode {
  return (
    <details>
      <summary>How to filter</summary>
      <p>
        <code>FIELD:VALUE</code>, joined by AND, OR and NOT, in parentheses where needed: <code>name:corner/*</code>,{" "}
        <code>seed:[1 TO 5]</code>, <code>NOT state:failed</code>, <code>config.optimizer.learningRate:&gt;0.002</code>.
      </p>
      <p>Fields: {fields.join(", ")}.</p>
    </details>
  );
}
