// The state of the editor: what the address says, and a moment ahead of it while somebody paints; and what was there before, to undo.

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import type { LevelAddress } from "./editor-place.ts";
import { type EditorSearch, editorSearchDefaults } from "./editor-search.ts";

const route = getRouteApi("/editor");
/** Milliseconds without a change after which the address is written: browsers refuse one that changes with every cell of a stroke. */
const writeAfter = 200;
const mostSteps = 200;

export interface Editor {
  readonly search: EditorSearch;
  /** Changes what is no part of the level; not a step that is undone. */
  readonly set: (change: Partial<EditorSearch>) => void;
  /** Another level, which can be undone. `isPage`: going back leads to the one before. */
  readonly edit: (level: Partial<LevelAddress>, options?: { readonly isPage: boolean }) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The address as it is now, for sharing. */
  readonly href: () => string;
}

interface Draft {
  readonly search: EditorSearch;
  readonly past: readonly LevelAddress[];
  readonly future: readonly LevelAddress[];
}

export function useEditor(): Editor {
  const given = route.useSearch();
  const navigate = route.useNavigate();
  const [draft, setDraft] = useState<Draft>({ search: given, past: [], future: [] });
  const written = useRef(given);
  const isPage = useRef(false);
  // Back, forward, or a link: the address was changed by somebody else.
  useEffect(() => {
    if (isSame(given, written.current)) return;
    written.current = given;
    setDraft((before) => ({ ...before, search: given }));
  }, [given]);
  useEffect(() => {
    if (isSame(draft.search, written.current)) return;
    const write = () => {
      written.current = draft.search;
      const replace = !isPage.current;
      isPage.current = false;
      void navigate({ search: draft.search, replace, resetScroll: false });
    };
    const timer = setTimeout(write, isPage.current ? 0 : writeAfter);
    return () => clearTimeout(timer);
  }, [draft.search, navigate]);
  const set = useCallback(
    (change: Partial<EditorSearch>) => setDraft((before) => ({ ...before, search: { ...before.search, ...change } })),
    [],
  );
  const edit = useCallback<Editor["edit"]>((level, options) => {
    isPage.current ||= options?.isPage ?? false;
    setDraft(({ search, past }) => ({
      search: { ...search, ...level },
      past: [...past, levelOf(search)].slice(-mostSteps),
      future: [],
    }));
  }, []);
  const undo = useCallback(
    () =>
      setDraft((before) => {
        const last = before.past.at(-1);
        if (last === undefined) return before;
        const { search, past, future } = before;
        return { search: { ...search, ...last }, past: past.slice(0, -1), future: [levelOf(search), ...future] };
      }),
    [],
  );
  const redo = useCallback(
    () =>
      setDraft((before) => {
        const [next, ...future] = before.future;
        if (next === undefined) return before;
        return { search: { ...before.search, ...next }, past: [...before.past, levelOf(before.search)], future };
      }),
    [],
  );
  const { search, past, future } = draft;
  return {
    ...{ search, set, edit, undo, redo, canUndo: past.length > 0, canRedo: future.length > 0 },
    href: () => {
      const address = new URL(window.location.href);
      const moved = Object.entries(search).filter(([name, value]) => value !== fallbacks.get(name));
      address.search = new URLSearchParams(moved.map(([name, value]) => [name, String(value)])).toString();
      return address.href;
    },
  };
}

const fallbacks: ReadonlyMap<string, unknown> = new Map(Object.entries(editorSearchDefaults));

function levelOf({ world, preset, parameters, shift, seed, level }: EditorSearch): LevelAddress {
  return { world, preset, parameters, shift, seed, level };
}

function isSame(a: EditorSearch, b: EditorSearch): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
