// The level as text, to be typed or pasted: for worlds that are no boards of cells the only way, for others one more.

import { type ReactNode, useEffect, useState } from "react";
import { longestLevelText } from "../../../report/level-case/level-case-document.ts";

interface LevelTextProps {
  readonly text: string;
  readonly legend: string;
  /** What the world's parser says; null where it reads the text. */
  readonly problem: string | null;
  /** What was typed; gives as what it comes back as `text`. */
  readonly onText: (text: string) => string;
}

export function LevelText({ text, legend, problem, onText }: LevelTextProps): ReactNode {
  // What is typed stays as it was typed: the address has it in its shortest form.
  const [typed, setTyped] = useState(text);
  /** The text as it was last known: another than this was not typed here. */
  const [told, setTold] = useState(text);
  useEffect(() => {
    if (text === told) return;
    setTold(text);
    setTyped(text);
  }, [text, told]);
  const type = (given: string) => {
    setTyped(given);
    setTold(onText(given));
  };
  return (
    <div className="field">
      <label htmlFor="editor-text">The level as text</label>
      <textarea
        id="editor-text"
        className="code editor-text"
        rows={Math.min(24, Math.max(6, typed.split("\n").length))}
        maxLength={longestLevelText}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? "editor-legend" : "editor-legend editor-problem"}
        onChange={(event) => type(event.target.value)}
      />
      <p id="editor-legend" className="field-hint">
        {legend}
      </p>
    </div>
  );
}
