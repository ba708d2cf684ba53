// The state of a page's view, kept in its address.

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ViewState, type ViewStateOptions } from "./view-state.ts";

/**
 * `given`: the address as the route reads it; `write`: writes it, pushed where it is a page of its own. `search` is what is to be shown; `latest`
 * also between two renderings.
 */
export function useViewState<Search extends object>({ given, write }: ViewStateOptions<Search>) {
  const writing = useRef(write);
  writing.current = write;
  const [state] = useState(() => new ViewState<Search>({ given, write: (...written) => writing.current(...written) }));
  const search = useSyncExternalStore(state.watch, state.search);
  useEffect(() => state.hear(given), [state, given]);
  useEffect(() => () => state.end(), [state]);
  return { search, change: state.change, latest: state.search };
}
