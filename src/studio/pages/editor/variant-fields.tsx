// Which world, in which variant: its presets, and its parameters one by one.

import { type ReactNode, useState } from "react";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { World } from "../../../core/worlds/world.ts";
import { Segments } from "../../components/segments.tsx";
import { Select } from "../../components/select.tsx";
import { TextField } from "../../components/text-field.tsx";
import type { EditorSearch } from "./editor-search.ts";
import { allWorlds } from "./worlds-there.ts";

interface VariantFieldsProps {
  readonly world: World;
  readonly preset: EditorSearch["preset"];
  readonly onWorld: (name: string) => void;
  readonly onPreset: (preset: EditorSearch["preset"]) => void;
  /** All of the variant's. */
  readonly onParameters: (world: World) => void;
}

export function VariantFields({ world, preset, onWorld, onPreset, onParameters }: VariantFieldsProps): ReactNode {
  return (
    <div className="editor-variant">
      <div className="editor-row-of-fields">
        <WorldChoice name={world.name} onWorld={onWorld} />
        <Segments
          label="Preset"
          value={preset}
          choices={[
            { value: "quick", label: "quick" },
            { value: "standard", label: "standard" },
          ]}
          onChange={onPreset}
        />
      </div>
      <p className="quiet">{world.summary}</p>
      <details>
        <summary>Parameters of the world</summary>
        <div className="editor-parameters">
          {Object.entries(world.parameterMeanings).map(([name, { range, meaning }]) => (
            <ParameterField
              key={`${world.name} ${name} ${world.parameters[name]}`}
              name={name}
              value={world.parameters[name]!}
              hint={`${meaning}; ${range[0]} to ${range[1]}`}
              onValue={(value) => onParameters(world.withParameters({ [name]: value }))}
            />
          ))}
        </div>
      </details>
    </div>
  );
}

/** The list is fetched when it may be wanted: it comes with all worlds. */
function WorldChoice({ name, onWorld }: { readonly name: string; readonly onWorld: (name: string) => void }): ReactNode {
  const [names, setNames] = useState<readonly string[]>([name]);
  const [problem, setProblem] = useState<string | null>(null);
  const fetchNames = () => {
    if (names.length > 1) return;
    setProblem(null);
    allWorlds().then(
      (worlds) => setNames(worlds.map((each) => each.name)),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <div>
      <Select
        label="World"
        value={name}
        choices={names.map((each) => ({ value: each, label: each }))}
        onWanted={fetchNames}
        onChange={onWorld}
      />
      <p className="field-error" role="alert">
        {problem}
      </p>
    </div>
  );
}

interface ParameterFieldProps {
  readonly name: string;
  readonly value: number;
  readonly hint: string;
  /** Throws for a value that the world does not take. */
  readonly onValue: (value: number) => void;
}

/** Taken when it is left. */
function ParameterField({ name, value, hint, onValue }: ParameterFieldProps): ReactNode {
  const [text, setText] = useState(String(value));
  const [problem, setProblem] = useState<string | null>(null);
  const take = () => {
    if (text === String(value)) return setProblem(null);
    try {
      onValue(text.trim() === "" ? Number.NaN : Number(text));
      setProblem(null);
    } catch (error) {
      if (!(error instanceof MesascopeError)) throw error;
      setProblem(error.message);
    }
  };
  return <TextField label={name} value={text} onChange={setText} onBlur={take} hint={hint} error={problem} autoComplete="off" />;
}
