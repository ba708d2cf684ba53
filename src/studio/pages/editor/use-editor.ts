// The state of the editor: what the address says, and a moment ahead of it while somebody paints; and what was there before, to undo.

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { useViewState } from "../../app/use-view-state.ts";
import type { LevelAddress } from "./editor-place.ts";
import { type EditorSearch, editorSearchDefaults } from "./editor-search.ts";

const route = getRouteApi("/editor");
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

interface Steps {
  readonly past: readonly LevelAddress[];
  readonly future: readonly LevelAddress[];
}

export function useEditor(): Editor {
  const given = route.useSearch();
  const navigate = route.useNavigate();
  const { search, change, latest } = useViewState<EditorSearch>({
    given,
    write: (next, { isPage }) => void navigate({ search: next, replace: !isPage, resetScroll: false }),
  });
  const steps = useRef<Steps>({ past: [], future: [] });
  const [{ canUndo, canRedo }, setCan] = useState({ canUndo: false, canRedo: false });
  const keep = useCallback((kept: Steps) => {
    steps.current = kept;
    setCan({ canUndo: kept.past.length > 0, canRedo: kept.future.length > 0 });
  }, []);
  const set = useCallback((part: Partial<EditorSearch>) => change(part), [change]);
  const edit = useCallback<Editor["edit"]>(
    (level, options) => {
      keep({ past: [...steps.current.past, levelOf(latest())].slice(-mostSteps), future: [] });
      change(level, options);
    },
    [change, latest, keep],
  );
  const undo = useCallback(() => {
    const { past, future } = steps.current;
    const last = past.at(-1);
    if (last === undefined) return;
    keep({ past: past.slice(0, -1), future: [levelOf(latest()), ...future] });
    change(last);
  }, [change, latest, keep]);
  const redo = useCallback(() => {
    const [next, ...future] = steps.current.future;
    if (next === undefined) return;
    keep({ past: [...steps.current.past, levelOf(latest())], future });
    change(next);
  }, [change, latest, keep]);
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

function levelOf({ world, preset, parameters, shift, seed, level }: EditorSearch): LevelAddress {
  return { world, preset, parameters, shift, seed, level };
}
