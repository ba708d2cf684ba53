// The width that an element has, kept true: what a drawing in it is made for.

import { type RefObject, useEffect, useState } from "react";

/** Whole pixels; 0 until it is known. */
export function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
