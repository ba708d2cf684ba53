// The keyboard's focus where a button goes away with the deed that it did: it stays in its place, and does not fall to the page's beginning.

import { type RefObject, useLayoutEffect, useRef } from "react";

export interface KeptFocus<Place extends HTMLElement> {
  readonly ref: RefObject<Place | null>;
  readonly tabIndex: -1;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

/**
 * For the element around the buttons. When `change` is another, and what had the focus went with that, the first `goal` there has it, or the element
 * where there is none. `goal`: a selector. Default: a button that can be pressed.
 */
export function useKeptFocus<Place extends HTMLElement>(change: unknown, goal = "button:not(:disabled)"): KeptFocus<Place> {
  const ref = useRef<Place>(null);
  const hasFocus = useRef(false);
  useLayoutEffect(() => {
    const place = ref.current;
    if (place === null || !hasFocus.current || document.activeElement !== document.body) return;
    (place.querySelector<HTMLElement>(goal) ?? place).focus({ preventScroll: true });
  }, [change, goal]);
  return {
    ref,
    tabIndex: -1,
    onFocus: () => {
      hasFocus.current = true;
    },
    onBlur: () => {
      hasFocus.current = false;
    },
  };
}
