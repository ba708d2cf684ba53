// The level editor's page: its title, and the editor once it is loaded.

import { lazy, type ReactNode, Suspense } from "react";
import { usePageTitle } from "../../app/page-title.ts";
import { loadScript } from "../../app/script-missing.ts";
import "./editor.css";

const LevelEditor = lazy(async () => ({ default: (await loadScript(() => import("./level-editor.tsx"))).LevelEditor }));

export function EditorPage(): ReactNode {
  usePageTitle("Level editor");
  return (
    <div className="page editor">
      <header className="prose">
        <h1>Level editor</h1>
        <p>Paint a level or draw one away from training, and see what agents do on it, and what each objective would.</p>
      </header>
      <Suspense fallback={<p role="status">Loading the worlds …</p>}>
        <LevelEditor />
      </Suspense>
    </div>
  );
}
