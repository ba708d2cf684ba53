// The state of the editor: what the address says, and a moment ahead of it while somebody paints; and what was there before, to undo.

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { useViewState } from "../../app/use-view-state.ts";
import type { LevelAddress } from "./editor-place.ts";
import { type EditorSearch, editorSearchDefaults } from "./editor-search.ts";
import { edited, type HistoryStep, noHistory, redone, undone } from "./level-history.ts";

const route = getRouteApi("/editor");

export interface Editor {
  readonly search: EditorSearch;
  /** Changes what is no part of the level; not a step that is undone. */
  readonly set: (change: Partial<EditorSearch>) => void;
  /** Another level, which can be undone; in another world it begins with the agents that are shown there first. `isPage`: going back leads to the one before. */
  readonly edit: (level: Partial<LevelAddress>, options?: { readonly isPage: boolean }) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The address as it is now, for sharing. */
  readonly href: () => string;
}

export function useEditor(): Editor {
  const given = route.useSearch();
  const navigate = route.useNavigate();
  const { search, change, latest } = useViewState<EditorSearch>({
    given,
    write: (next, { isPage }) => void navigate({ search: next, replace: !isPage, resetScroll: false }),
  });
  const history = useRef(noHistory);
  const [{ canUndo, canRedo }, setCan] = useState({ canUndo: false, canRedo: false });
  const take = useCallback(
    (step: HistoryStep | null, options?: { readonly isPage: boolean }) => {
      if (step === null) return;
      const { past, future } = step.history;
      history.current = step.history;
      setCan({ canUndo: past.length > 0, canRedo: future.length > 0 });
      change(step.change, options);
    },
    [change],
  );
  const now = useCallback(() => ({ search: latest(), history: history.current }), [latest]);
  const set = useCallback((part: Partial<EditorSearch>) => change(part), [change]);
  const edit = useCallback<Editor["edit"]>((level, options) => take(edited(now(), level), options), [take, now]);
  const undo = useCallback(() => take(undone(now())), [take, now]);
  const redo = useCallback(() => take(redone(now())), [take, now]);
  return {
    ...{ search, set, edit, undo, redo, canUndo, canRedo },
    href: () => {
      const address = new URL(window.location.href);
      const moved = Object.entries(search).filter(([name, value]) => value !== fallbacks.get(name));
      address.search = new URLSearchParams(moved.map(([name, value]) => [name, String(value)])).toString();
      return address.href;
    },
  };
}

const fallbacks: ReadonlyMap<string, unknown> = new Map(Object.entries(editorSearchDefaults));
