// The filter as it is typed: read as soon as it stands still, applied when it can be read, and otherwise said what is wrong and where.

import { type ReactNode, useEffect, useState } from "react";
import { MesascopeError } from "../../../core/base/errors.ts";
import { filterFields, parseRunFilter } from "../../../lab/run-filter.ts";
import { TextField } from "../../components/text-field.tsx";

const pause = 400;

/** What is wrong with a filter; null for nothing. */
export function filterError(filter: string): string | null {
  try {
    parseRunFilter(filter);
    return null;
  } catch (error) {
    if (error instanceof MesascopeError) return error.message;
    throw error;
  }
}

export interface FilterFieldProps {
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

export function FilterField({ filter, onFilter }: FilterFieldProps): ReactNode {
  const [typed, setTyped] = useState(filter);
  const [applied, setApplied] = useState(filter);
  // Back, forward and links change the address: the field follows.
  if (applied !== filter) {
    setApplied(filter);
    setTyped(filter);
  }
  const error = filterError(typed);
  useEffect(() => {
    if (typed === filter || error !== null) return;
    const timer = setTimeout(() => {
      setApplied(typed);
      onFilter(typed);
    }, pause);
    return () => clearTimeout(timer);
  }, [typed, filter, error, onFilter]);
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
        hint={<FilterHint />}
      />
    </div>
  );
}

function FilterHint(): ReactNode {
  return (
    <details>
      <summary>How to filter</summary>
      <p>
        <code>FIELD:VALUE</code>, joined by AND, OR and NOT, in parentheses where needed: <code>name:corner/*</code>,{" "}
        <code>seed:[1 TO 5]</code>, <code>NOT state:failed</code>, <code>config.optimizer.learningRate:&gt;0.002</code>.
      </p>
      <p>Fields: {filterFields.join(", ")}.</p>
    </details>
  );
}
