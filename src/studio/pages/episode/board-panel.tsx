// The board at the step in hand, large, with the policy field over it where it is wanted.

import { type ReactNode, useId } from "react";
import type { AgentsAnswer } from "../../agents/messages.ts";
import { Switch } from "../../components/switch.tsx";
import { BoardLegend, BoardView } from "../../views/board/board.tsx";
import { percent } from "../../views/words.ts";
import { FieldArrows, type FieldArrowsProps } from "./field-arrows.tsx";

type Played = Extract<AgentsAnswer, { readonly kind: "played" }>;
type Field = Extract<AgentsAnswer, { readonly kind: "field" }>["field"];

export interface BoardPanelProps {
  readonly episode: Played["episode"];
  readonly step: number;
  readonly name: string;
  /** And the step that it is of; null while it is not there. */
  readonly field: { readonly step: number; readonly field: Field } | null;
  readonly problem: string | null;
  readonly isFieldShown: boolean;
  readonly onField: (isShown: boolean) => void;
  readonly remembers: boolean;
  /** What moves it. */
  readonly children: ReactNode;
}

export function BoardPanel(props: BoardPanelProps): ReactNode {
  const { episode, step, name, field: given, problem, isFieldShown, onField, remembers, children } = props;
  const field = given?.field;
  const isNow = given?.step === step;
  const cells = isFieldShown && field?.kind === "field" ? field.cells : null;
  return (
    <div className="episode-board">
      <BoardView episode={episode} step={step} name={name}>
        {cells !== null && <FieldArrows actions={episode.actions} cells={cells} isNow={isNow} />}
      </BoardView>
      <p className="episode-captions numeric">{episode.steps[step]?.captions.join(" · ")}</p>
      {children}
      <BoardLegend episodes={[episode]} />
      <div className="episode-field-switch">
        <Switch label="Policy on every cell" isOn={isFieldShown} onChange={onField} />
      </div>
      {isFieldShown && (
        <div className="episode-field-words">
          <div aria-live="polite">
            {problem !== null && <p className="field-error">{problem}</p>}
            {field?.kind === "none" && <p className="quiet">{field.reason} There is no field to show.</p>}
          </div>
          {field?.kind === "field" && (
            <>
              <p className="label">
                What it would do if it stood on each cell {isNow ? "now" : `at step ${given?.step}, not at this one`}, all else as
                it is: an arrow is as long as its probability, a ring as large as that of what leads nowhere.
                {remembers && " It remembers; each cell is asked as if an episode began there."}
              </p>
              <FieldTable actions={episode.actions} cells={field.cells} />
            </>
          )}
        </div>
      )}
    </div>
  );
}

/** The same as numbers. */
function FieldTable({ actions, cells }: Omit<FieldArrowsProps, "isNow">): ReactNode {
  const id = useId();
  return (
    <details>
      <summary id={id}>The field as numbers</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section className="episode-scroll" tabIndex={0} aria-labelledby={id}>
        <table className="episode-table">
          <thead>
            <tr>
              <th scope="col">Column, row</th>
              {actions.map((action) => (
                <th key={action} scope="col">
                  {action}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cells.map(({ x, y, probabilities }) => (
              <tr key={`${x} ${y}`}>
                <th scope="row">
                  {Math.floor(x) + 1}, {Math.floor(y) + 1}
                </th>
                {actions.map((action, a) => (
                  <td key={action}>{percent(probabilities[a]!)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
