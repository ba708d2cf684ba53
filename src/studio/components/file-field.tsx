// A field for files with its label, a hint, and what is wrong with those that were chosen, said at the place.

import { type ChangeEvent, type ReactNode, useId, useState } from "react";

export interface FileFieldProps {
  readonly label: string;
  /** As the browser offers them: `.onnx,.json`. */
  readonly accept: string;
  readonly isMultiple?: boolean;
  readonly isDisabled?: boolean;
  readonly hint?: ReactNode;
  /** Rejects with what is wrong with them. */
  readonly onFiles: (files: readonly File[]) => Promise<void>;
}

export function FileField({ label, accept, isMultiple = false, isDisabled = false, hint, onFiles }: FileFieldProps): ReactNode {
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    if (files.length === 0) return;
    // One that was mended and is chosen again is another.
    event.target.value = "";
    setProblem(null);
    onFiles(files).catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };
  return (
    <div className="field file-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        multiple={isMultiple}
        accept={accept}
        disabled={isDisabled}
        aria-invalid={problem !== null}
        aria-describedby={hint === undefined ? `${id}-error` : `${id}-hint ${id}-error`}
        onChange={take}
      />
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
