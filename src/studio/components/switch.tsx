// On or off.

import type { ReactNode } from "react";
import { Switch as AriaSwitch } from "react-aria-components";

export interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function Switch({ label, isOn, onChange }: SwitchProps): ReactNode {
  return (
    <AriaSwitch className="switch" isSelected={isOn} onChange={onChange}>
      <span aria-hidden="true" className="switch-track" />
      {label}
    </AriaSwitch>
  );
}
