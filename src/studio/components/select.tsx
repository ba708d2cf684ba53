// One of several words, in a list that opens.

import type { ReactNode } from "react";
import { Select as AriaSelect, Button, Label, ListBox, ListBoxItem, Popover, SelectValue } from "react-aria-components";

export interface SelectProps<Value extends string> {
  readonly label: string;
  /** The label is read and not shown. */
  readonly isLabelHidden?: boolean;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  /** Nothing can be chosen for now. Default false. */
  readonly isDisabled?: boolean;
  /** It has the focus or opens: choices that are still missing may be fetched. */
  readonly onWanted?: () => void;
  readonly onChange: (value: Value) => void;
}

export function Select<Value extends string>(props: SelectProps<Value>): ReactNode {
  const { label, isLabelHidden = false, value, choices, isDisabled = false, onWanted, onChange } = props;
  const choose = (key: unknown) => {
    const chosen = choices.find((choice) => choice.value === key);
    if (chosen !== undefined) onChange(chosen.value);
  };
  return (
    <AriaSelect
      className="select"
      value={value}
      isDisabled={isDisabled}
      onChange={choose}
      {...(onWanted !== undefined && { onFocus: onWanted, onOpenChange: (isOpen: boolean) => isOpen && onWanted() })}
    >
      <Label className={isLabelHidden ? "visually-hidden" : "select-label"}>{label}</Label>
      <Button className="button button-quiet select-button">
        <SelectValue />
        <span aria-hidden="true" className="select-arrow" />
      </Button>
      <Popover className="popover">
        <ListBox className="list-box">
          {choices.map((choice) => (
            <ListBoxItem key={choice.value} id={choice.value} className="list-item">
              {choice.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
