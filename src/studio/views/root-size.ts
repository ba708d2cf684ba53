// The root's text size, which all measures of the page are multiples of: for what is drawn or counted in pixels.

import { useSyncExternalStore } from "react";

/** Pixels; 16 where neither window nor reader enlarge it. */
export function useRootSize(): number {
  return useSyncExternalStore(
    (listener) => {
      addEventListener("resize", listener);
      return () => removeEventListener("resize", listener);
    },
    () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  );
}
