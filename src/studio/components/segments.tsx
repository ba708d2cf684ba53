// One of a few words, all of them in sight.

import type { ReactNode } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";

export interface SegmentsProps<Value extends string> {
  /** Read, not shown. */
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

export function Segments<Value extends string>({ label, value, choices, onChange }: SegmentsProps<Value>): ReactNode {
  const choose = (key: string) => {
    const chosen = choices.find((choice) => choice.value === key);
    if (chosen !== undefined) onChange(chosen.value);
  };
  return (
    <RadioGroup className="segments" orientation="horizontal" value={value} onChange={choose}>
      <Label className="visually-hidden">{label}</Label>
      {choices.map((choice) => (
        <Radio key={choice.value} value={choice.value} className="segment">
          {choice.label}
        </Radio>
      ))}
    </RadioGroup>
  );
}
