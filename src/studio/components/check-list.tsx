// Several of many words, in a list that opens: what of them is chosen is told by the button.

import type { ReactNode } from "react";
import { Button, Checkbox, CheckboxGroup, Dialog, DialogTrigger, Label, Popover } from "react-aria-components";

export interface CheckListProps<Value extends string> {
  readonly label: string;
  /** What the button says after the label, such as `10 of 20`. */
  readonly summary: string;
  readonly chosen: readonly Value[];
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  /** No more can be chosen. Default false. */
  readonly isFull?: boolean;
  /** The chosen ones in the order of the choices. */
  readonly onChange: (chosen: readonly Value[]) => void;
}

export function CheckList<Value extends string>(props: CheckListProps<Value>): ReactNode {
  const { label, summary, chosen, choices, isFull = false, onChange } = props;
  const choose = (keys: readonly string[]) => onChange(choices.map(({ value }) => value).filter((value) => keys.includes(value)));
  return (
    <DialogTrigger>
      <div>
        <span aria-hidden="true" className="select-label">
          {label}
        </span>
        <Button className="button button-quiet" aria-label={`${label}: ${summary}`}>
          {summary}
          <span aria-hidden="true" className="select-arrow" />
        </Button>
      </div>
      <Popover className="popover">
        <Dialog className="check-list" aria-label={label}>
          <CheckboxGroup value={[...chosen]} onChange={choose}>
            <Label className="visually-hidden">{label}</Label>
            {choices.map((choice) => (
              <Checkbox
                key={choice.value}
                value={choice.value}
                isDisabled={isFull && !chosen.includes(choice.value)}
                className="check"
              >
                <span aria-hidden="true" className="check-box" />
                {choice.label}
              </Checkbox>
            ))}
          </CheckboxGroup>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
