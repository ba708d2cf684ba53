// All of the level editor below its title: a level painted or drawn from the world's own axes, and what agents and objectives do on it at once. A
// chunk of its own: it brings the first world.

import { type ReactNode, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { LevelCase } from "../../../report/level-case/level-case-document.ts";
import { useConnection } from "../../app/connection.tsx";
import { loadScript } from "../../app/script-missing.ts";
import { useRunNames } from "../../app/use-run-names.ts";
import { Button } from "../../components/button.tsx";
import { useKeptFocus } from "../../components/kept-focus.ts";
import { Notice } from "../../components/notice.tsx";
import { listenToTrained, trainedHere } from "../../live/trained-here.ts";
import type { ChosenFiles } from "../episode/open-asked.ts";
import { agentsText, agentsThere, labelOf, namedAgents, runsOf, sourceOf } from "./agents-there.ts";
import { ChooseAgents } from "./choose-agents.tsx";
import { addressOf, type EditorPlace, isSeedMissing, readPlace } from "./editor-place.ts";
import { editorSearchDefaults } from "./editor-search.ts";
import { FindLevel } from "./find-level.tsx";
import type { AgentToPlay } from "./held-agents.ts";
import { KeepLevel } from "./keep-level.tsx";
import { addressOfLevel } from "./level-address.ts";
import { MakeLevel } from "./make-level.tsx";
import { readLevel } from "./tiles.ts";
import { useAnswers } from "./use-answers.ts";
import { type Editor, useEditor } from "./use-editor.ts";
import { VariantFields } from "./variant-fields.tsx";
import { WhatTheyDo } from "./what-they-do.tsx";
import { allWorlds, useWorldsFor } from "./worlds-there.ts";

export function LevelEditor(): ReactNode {
  const editor = useEditor();
  const { world, preset, parameters, shift, seed, level } = editor.search;
  const worlds = useWorldsFor(world);
  const read = useMemo(
    () => readPlace({ world, preset, parameters, shift, seed, level }, worlds),
    [world, preset, parameters, shift, seed, level, worlds],
  );
  const keptFocus = useKeptFocus<HTMLDivElement>(read.kind);
  return (
    <div {...keptFocus}>
      {read.kind === "place" ? (
        <PlacedEditor editor={editor} place={read.place} />
      ) : (
        <Notice title="This address names what there is not" heading="h2" tone="bad">
          <p>{read.message}</p>
          <p className="editor-deeds">
            {isSeedMissing(editor.search) && (
              <Button onPress={() => editor.edit({ seed: editorSearchDefaults.seed })}>
                Use seed {editorSearchDefaults.seed}
              </Button>
            )}
            <Button onPress={() => editor.edit({ ...editorSearchDefaults })}>Begin with the arcade</Button>
          </p>
        </Notice>
      )}
    </div>
  );
}

function PlacedEditor({ editor, place }: { readonly editor: Editor; readonly place: EditorPlace }): ReactNode {
  const { search } = editor;
  const { world, text } = place;
  const connection = useConnection();
  const read = useMemo(() => readLevel(world, text), [world, text]);
  const trained = useSyncExternalStore(listenToTrained, trainedHere);
  const there = useMemo(() => agentsThere(world, trained), [world, trained]);
  const names = useMemo(() => namedAgents(search.agents, world), [search.agents, world]);
  const [files, setFiles] = useState<ChosenFiles | null>(null);
  const client = connection.kind === "lab" ? connection.lab.client : null;
  const settingText = JSON.stringify(place.setting);
  const toPlay = useMemo(
    () =>
      names.map(
        (agent): AgentToPlay => ({
          agent,
          key: `${agent} ${settingText} ${agent === "file" ? files?.number : ""} ${client === null}`,
          source: (signal) => sourceOf(agent, { setting: place.setting, chosen: files, client, signal }),
        }),
      ),
    [names, settingText, files, client],
  );
  const answers = useAnswers({
    ...{ setting: place.setting, agents: toPlay, seed: place.seed },
    text: read.kind === "level" ? text : null,
  });
  const runs = useRunNames(runsOf(names));
  const agents = names.map((agent) => ({ agent, label: labelOf(agent, { there, files, runs }) }));
  const inUse = names.includes("file") ? (files?.name ?? null) : null;
  const isRefused = answers.agents.get("file")?.kind === "failed";
  const { seed } = place;
  // With the seed that stands for one that the address does not have: it is needed once the level is drawn again.
  const edit = useCallback(
    (given: string) => editor.edit({ level: addressOfLevel(world, given), seed }),
    [editor.edit, world, seed],
  );
  const setAgents = (chosen: readonly string[]) => editor.set({ agents: agentsText(chosen) });
  const openCase = async (levelCase: LevelCase, signal: AbortSignal) => {
    // Of any world: they come with it.
    const { openLevelCase } = await loadScript(() => import("../../../report/level-case/level-case.ts"));
    const opened = openLevelCase(levelCase);
    const standard = (await allWorlds()).find(({ name }) => name === opened.world.name)!;
    signal.throwIfAborted();
    editor.edit(addressOf(opened.world, { standard, text: levelCase.level, seed: place.seed, shift: "" }), { isPage: true });
  };
  useUndoKeys(editor);
  const fresh = { parameters: "", shift: "", level: "", seed };
  return (
    <div className="editor-columns">
      <div className="editor-making">
        <VariantFields
          world={world}
          preset={search.preset}
          onWorld={(name) => editor.edit({ ...fresh, world: name }, { isPage: true })}
          onPreset={(preset) => editor.edit({ ...fresh, preset }, { isPage: true })}
          onParameters={(variant) =>
            editor.edit(
              { ...addressOf(variant, { standard: place.standard, text: "", seed: place.seed, shift: "" }), level: "" },
              { isPage: true },
            )
          }
        />
        <MakeLevel editor={editor} place={place} problem={read.kind === "invalid" ? read.message : null} onText={edit} />
      </div>
      <div className="editor-seeing">
        {read.kind === "invalid" ? (
          <Notice title="No agent can play this yet" heading="h2">
            <p>{read.message}</p>
          </Notice>
        ) : (
          <WhatTheyDo
            {...{ place, search, agents, answers }}
            onStep={(step) => editor.set({ step })}
            onLeaveOut={(agent) => setAgents(names.filter((other) => other !== agent))}
            chooser={
              <ChooseAgents
                {...{ world: world.name, there, chosen: names, onFiles: setFiles, isRefused, inUse }}
                onAgents={setAgents}
              />
            }
          />
        )}
        <FindLevel
          {...{ place, search, toPlay }}
          agents={agents.filter(({ agent }) => answers.agents.get(agent)?.kind !== "failed")}
          onSearch={editor.set}
          onFound={(found) => editor.edit({ level: addressOfLevel(world, found) }, { isPage: true })}
        />
        <KeepLevel place={place} isLevel={read.kind === "level"} href={editor.href} onCase={openCase} />
      </div>
    </div>
  );
}

/** Ctrl+Z, and Ctrl+Shift+Z or Ctrl+Y, wherever no field has keys of its own for that. */
function useUndoKeys({ undo, redo }: Editor): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (isField || !(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) undo();
      else if (key === "y" || key === "z") redo();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [undo, redo]);
}
