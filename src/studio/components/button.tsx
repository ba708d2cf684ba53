// Buttons: quiet by default, one primary a view, and `danger` for what cannot be taken back.

import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  readonly look?: "quiet" | "primary" | "danger" | "plain";
  readonly children: ReactNode;
}

/** `plain` has no border: for a row of many. */
export function Button({ look = "quiet", ...props }: ButtonProps): ReactNode {
  return <AriaButton {...props} className={`button button-${look}`} />;
}
