// Buttons: quiet by default, one primary a view, and `danger` for what cannot be taken back.

import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  readonly look?: "quiet" | "primary" | "danger" | "plain";
  /** It has nothing to do for now, such as a step back at the first step, and keeps the focus: one that is disabled throws it away. */
  readonly isResting?: boolean;
  readonly children: ReactNode;
}

/** `plain` has no border: for a row of many. */
export function Button({ look = "quiet", isResting = false, onPress, ...props }: ButtonProps): ReactNode {
  const deed = isResting ? { "aria-disabled": true } : onPress === undefined ? {} : { onPress };
  return <AriaButton {...props} {...deed} className={`button button-${look}`} />;
}
