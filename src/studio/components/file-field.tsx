// A field for files with its label, a hint, and what is wrong with those that were chosen, said at the place.

import { type ChangeEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

export interface FileFieldProps {
  readonly label: string;
  /** As the browser offers them: `.onnx,.json`. */
  readonly accept: string;
  readonly isMultiple?: boolean;
  readonly isDisabled?: boolean;
  readonly hint?: ReactNode;
  /** Names of the files in use; null for none. Left out where what was chosen is read once and let go. */
  readonly inUse?: string | null;
  /** Rejects with what is wrong with them. `signal` ends as soon as others are chosen or the field goes: nothing is to come of these any more. */
  readonly onFiles: (files: readonly File[], signal: AbortSignal) => Promise<void>;
}

export function FileField(props: FileFieldProps): ReactNode {
  const { label, accept, isMultiple = false, isDisabled = false, hint, inUse = null, onFiles } = props;
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const choice = useRef<AbortController | null>(null);
  useEffect(() => () => choice.current?.abort(), []);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    if (files.length === 0) return;
    // One that was mended and is chosen again is another.
    event.target.value = "";
    setProblem(null);
    choice.current?.abort();
    choice.current = new AbortController();
    const { signal } = choice.current;
    onFiles(files, signal).catch((error: unknown) => {
      if (!signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
    });
  };
  return (
    <div className="field file-field">
      <label htmlFor={id}>{label}</label>
      <div className="file-choice">
        <input
          id={id}
          type="file"
          multiple={isMultiple}
          accept={accept}
          disabled={isDisabled}
          aria-invalid={problem !== null}
          aria-describedby={`${hint === undefined ? "" : `${id}-hint `}${id}-use ${id}-error`}
          onChange={take}
        />
        {/* The field itself is empty again as soon as a file was taken, and would say so. */}
        <span id={`${id}-use`} className="file-in-use">
          {inUse}
        </span>
      </div>
      <p id={`${id}-error`} className="field-error" role="alert">
        {problem}
      </p>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
