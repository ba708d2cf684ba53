// A line of text with its label, a hint, and what is wrong with it, said at the place.

import { type ReactNode, useId } from "react";

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly type?: "text" | "search" | "password";
  readonly placeholder?: string;
  readonly autoComplete?: "off";
  readonly isCode?: boolean;
  readonly hint?: ReactNode;
  /** Null while nothing is wrong. */
  readonly error?: string | null;
}

export function TextField(props: TextFieldProps): ReactNode {
  const { label, value, onChange, onBlur, type = "text", placeholder, autoComplete, isCode = false, hint, error = null } = props;
  const id = useId();
  const said = [hint === undefined ? null : `${id}-hint`, error === null ? null : `${id}-error`].filter((part) => part !== null);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        placeholder={placeholder}
        autoComplete={autoComplete}
        spellCheck={false}
        className={isCode ? "code" : undefined}
        aria-invalid={error !== null}
        aria-describedby={said.length === 0 ? undefined : said.join(" ")}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onBlur}
      />
      <p id={`${id}-error`} className="field-error" aria-live="polite">
        {error}
      </p>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
