// Which level: drawn at a point of the world's shifts, one that an audit played, or written as text.

import { type ReactNode, useId, useState } from "react";
import type { WorldOutline } from "../../agents/messages.ts";
import { shiftText } from "../../app/address-pairs.ts";
import { longestText } from "../../app/search-fields.ts";
import { Button } from "../../components/button.tsx";
import { Select } from "../../components/select.tsx";
import { TextField } from "../../components/text-field.tsx";
import { levelAsked, pointOf } from "./asked-episode.ts";
import { type EpisodeSearch, mostSeed } from "./episode-search.ts";

export interface ChooseLevelProps {
  readonly world: WorldOutline;
  readonly search: EpisodeSearch;
  readonly onSearch: (change: Partial<EpisodeSearch>) => void;
}

const asGiven = "as given";

export function ChooseLevel({ world, search, onSearch }: ChooseLevelProps): ReactNode {
  const { axes, shifts } = world;
  const current = shiftText(pointOf(search.shift, axes), axes);
  const drawn = shifts.flatMap(({ label, point }) => (point === null ? [] : [{ label, text: shiftText(point, axes) }]));
  const asked = levelAsked(search, axes);
  const known = asked.kind === "sampled" ? drawn.find(({ text }) => text === current) : undefined;
  const given = {
    sampled: current.replaceAll(",", ", "),
    audit: `${search.audited}, of the audit`,
    text: "the text below",
  }[asked.kind];
  const choices = [
    ...(known === undefined ? [{ value: asGiven, label: given }] : []),
    ...drawn.map(({ label }) => ({ value: label, label })),
  ];
  const choose = (label: string) => {
    const found = drawn.find((each) => each.label === label);
    if (found !== undefined) onSearch({ shift: found.text, level: "", audited: "", levels: 0, step: 0 });
  };
  return (
    <>
      <Select label="Level drawn as in" value={known?.label ?? asGiven} choices={choices} onChange={choose} />
      <SeedField seed={search.seed} onSeed={(seed) => onSearch({ seed, step: 0 })} />
    </>
  );
}

function SeedField({ seed, onSeed }: { readonly seed: number | string; readonly onSeed: (seed: number) => void }): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(seed);
  const isSeed = /^\d{1,16}$/.test(text) && Number(text) <= mostSeed;
  // One that was only passed by, or is the same, draws no other level: the step and the actions of this one stay.
  const keep = () => {
    if (typed !== null && isSeed && Number(text) !== seed) onSeed(Number(text));
    setTyped(null);
  };
  return (
    <form
      className="episode-seed"
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <TextField
        label="Seed"
        value={text}
        onChange={setTyped}
        onBlur={keep}
        error={isSeed ? null : `Expected a whole number up to ${mostSeed}.`}
      />
    </form>
  );
}

/** Each axis by itself, for points that no audit tests. */
export function ChooseAxes({ world: { axes }, search, onSearch }: ChooseLevelProps): ReactNode {
  const point = pointOf(search.shift, axes);
  return (
    <details className="episode-axes">
      <summary>Axes of the level, one by one</summary>
      <div className="episode-row">
        {axes.map(({ name, values, training, meaning }) => (
          <div key={name} title={meaning}>
            <Select
              label={name}
              value={String(point[name] ?? training)}
              choices={values.map(({ value, says }) => ({
                value: String(value),
                label: `${says}${value === training ? " (training)" : ""}`,
              }))}
              onChange={(value) => {
                const moved = { ...point, ...pointOf(`${name}=${value}`, axes) };
                onSearch({ shift: shiftText(moved, axes), level: "", audited: "", levels: 0, step: 0 });
              }}
            />
          </div>
        ))}
      </div>
    </details>
  );
}

export interface LevelTextProps {
  readonly world: WorldOutline;
  /** The level that is played. */
  readonly text: string;
  readonly problem: string | null;
  readonly onText: (text: string) => void;
}

/** The level as text, to be changed and played. */
export function LevelText({ world, text, problem, onText }: LevelTextProps): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <details className="episode-text" open={problem !== null ? true : undefined}>
      <summary>The level as text</summary>
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault();
          onText(typed ?? text);
        }}
      >
        <label htmlFor={id}>Change it and play it</label>
        <textarea
          id={id}
          className="code"
          rows={Math.min(20, (typed ?? text).split("\n").length + 1)}
          spellCheck={false}
          maxLength={longestText}
          value={typed ?? text}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-legend ${id}-problem`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <p id={`${id}-problem`} className="field-error" role="alert">
          {problem}
        </p>
        <p id={`${id}-legend`} className="field-hint">
          {world.legend}
        </p>
        <Button type="submit">Play this level</Button>
      </form>
    </details>
  );
}
