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
  // What is wrong is said of what stands still: at every key most of a right filter is a wrong one.
  const [settled, setSettled] = useState(filter);
  // Back, forward and links change the address: the field follows.
  if (applied !== filter) {
    setApplied(filter);
    setTyped(filter);
    setSettled(filter);
  }
  const error = check === null ? null : check.errorOf(settled);
  useEffect(() => {
    if (check === null) return;
    const timer = setTimeout(() => {
      setSettled(typed);
      if (typed === filter || check.errorOf(typed) !== null) return;
      setApplied(typed);
      onFilter(typed);
    }, pause);
    return () => clearTimeout(timer);
  }, [typed, filter, check, onFilter]);
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
