// The level editor: a level painted or drawn from the world's own axes, and what agents and objectives do on it at once.

import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import type { LevelCase } from "../../../report/level-case/level-case.ts";
import { openLevelCase } from "../../../report/level-case/level-case.ts";
import { useConnection } from "../../app/connection.tsx";
import { usePageTitle } from "../../app/page-title.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { askedAgent } from "../episode/asked-episode.ts";
import { type ChosenFiles, findAgent } from "../episode/open-asked.ts";
import { type AgentThere, agentsText, agentsThere, namedAgents } from "./agents-there.ts";
import { AxisControls } from "./axis-controls.tsx";
import { BoardEditor } from "./board-editor.tsx";
import { type BoardText, columnsOf, joinLevel, mostSide, resized, splitLevel } from "./board-text.ts";
import { ChooseAgents } from "./choose-agents.tsx";
import { addressOf, type EditorPlace, readPlace, shownPoint, withAxis } from "./editor-place.ts";
import { editorSearchDefaults } from "./editor-search.ts";
import { FindLevel } from "./find-level.tsx";
import { KeepLevel } from "./keep-level.tsx";
import { addressOfLevel } from "./level-address.ts";
import { LevelText } from "./level-text.tsx";
import { Palette } from "./palette.tsx";
import { type Paintbox, paintboxOf, readLevel, type Tile } from "./tiles.ts";
import { type AgentToPlay, useAnswers } from "./use-answers.ts";
import { type Editor, useEditor } from "./use-editor.ts";
import { VariantFields } from "./variant-fields.tsx";
import { WhatTheyDo } from "./what-they-do.tsx";
import "./editor.css";

export function EditorPage(): ReactNode {
  usePageTitle("Level editor");
  const editor = useEditor();
  const { world, preset, parameters, shift, seed, level } = editor.search;
  const read = useMemo(
    () => readPlace({ world, preset, parameters, shift, seed, level }),
    [world, preset, parameters, shift, seed, level],
  );
  return (
    <div className="page editor">
      <header className="prose">
        <h1>Level editor</h1>
        <p>Paint a level or draw one away from training, and see what agents do on it, and what each objective would.</p>
      </header>
      {read.kind === "unreadable" ? (
        <Notice title="This address names what there is not" heading="h2" tone="bad">
          <p>{read.message}</p>
          <Button onPress={() => editor.edit({ ...editorSearchDefaults })}>Begin with the arcade</Button>
        </Notice>
      ) : (
        <LevelEditor editor={editor} place={read.place} />
      )}
    </div>
  );
}

function LevelEditor({ editor, place }: { readonly editor: Editor; readonly place: EditorPlace }): ReactNode {
  const { search } = editor;
  const { world, text } = place;
  const connection = useConnection();
  const read = useMemo(() => readLevel(world, text), [world, text]);
  const there = useMemo(() => agentsThere(world), [world]);
  const names = useMemo(() => namedAgents(search.agents, world), [search.agents, world]);
  const [files, setFiles] = useState<ChosenFiles | null>(null);
  const client = connection.kind === "lab" ? connection.lab.client : null;
  const settingText = JSON.stringify(place.setting);
  const toPlay = useMemo(
    () =>
      names.map(
        (agent): AgentToPlay => ({ agent, source: () => sourceOf(agent, { setting: place.setting, chosen: files, client }) }),
      ),
    [names, settingText, files, client],
  );
  const answers = useAnswers({
    ...{ setting: place.setting, agents: toPlay, seed: search.seed },
    text: read.kind === "level" ? text : null,
  });
  const agents = names.map((agent) => ({ agent, label: labelOf(agent, { there, files }) }));
  const edit = useCallback((given: string) => editor.edit({ level: addressOfLevel(world, given) }), [editor.edit, world]);
  const setAgents = (chosen: readonly string[]) => editor.set({ agents: agentsText(chosen) });
  const openCase = (levelCase: LevelCase) => {
    const opened = openLevelCase(levelCase);
    editor.edit(addressOf(opened.world, { text: levelCase.level, seed: search.seed, shift: "" }), { isPage: true });
  };
  useUndoKeys(editor);
  const fresh = { parameters: "", shift: "", level: "" };
  return (
    <div className="editor-columns">
      <div className="editor-making">
        <VariantFields
          world={world}
          preset={search.preset}
          onWorld={(name) => {
            editor.set({ agents: "", first: "", second: "" });
            editor.edit({ ...fresh, world: name }, { isPage: true });
          }}
          onPreset={(preset) => editor.edit({ ...fresh, preset }, { isPage: true })}
          onParameters={(variant) =>
            editor.edit({ ...addressOf(variant, { text: "", seed: search.seed, shift: "" }), level: "" }, { isPage: true })
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
            chooser={<ChooseAgents {...{ world: world.name, there, chosen: names, onFiles: setFiles }} onAgents={setAgents} />}
          />
        )}
        <FindLevel
          {...{ place, search, agents, toPlay }}
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

interface MakeLevelProps {
  readonly editor: Editor;
  readonly place: EditorPlace;
  readonly problem: string | null;
  readonly onText: (text: string) => void;
}

function MakeLevel({ editor, place, problem, onText }: MakeLevelProps): ReactNode {
  const { world, text } = place;
  const { search } = editor;
  const box = useMemo(() => paintboxOf(world), [world]);
  const board = useMemo(() => splitLevel(text), [text]);
  const [glyph, setGlyph] = useState("");
  const onBoard = useCallback((painted: BoardText) => onText(joinLevel(painted)), [onText]);
  const point = shownPoint(place);
  return (
    <>
      {box !== null && (
        <PaintedBoard {...{ world, box, board, onBoard }} tile={tileNamed(box, glyph)} onTile={(tile) => setGlyph(tile.glyph)} />
      )}
      <p id="editor-problem" className="field-error editor-problem" role="status">
        {problem === null ? "" : `No level yet: ${problem}`}
      </p>
      <div className="editor-deeds">
        <Button onPress={editor.undo} isDisabled={!editor.canUndo}>
          Undo
        </Button>
        <Button onPress={editor.redo} isDisabled={!editor.canRedo}>
          Redo
        </Button>
        <Button onPress={() => editor.edit({ seed: (search.seed % 999_999) + 1, level: "" }, { isPage: true })}>
          Draw another
        </Button>
        <span className="numeric quiet">
          seed {search.seed}
          {search.level !== "" && ", painted"}
        </span>
      </div>
      <section aria-labelledby="editor-axes">
        <h2 id="editor-axes">Away from training</h2>
        <p className="quiet">Moving an axis draws another level there; a cue is moved on the level as it is.</p>
        <AxisControls world={world} point={point} onMove={(moved) => editor.edit(withAxis(search, place, moved))} />
      </section>
      {box === null ? (
        <LevelText {...{ text, legend: world.legend, problem, onText }} />
      ) : (
        <details>
          <summary>As text</summary>
          <LevelText {...{ text, legend: world.legend, problem, onText }} />
        </details>
      )}
    </>
  );
}

interface PaintedBoardProps {
  readonly world: EditorPlace["world"];
  readonly box: Paintbox;
  readonly board: BoardText;
  readonly tile: Tile;
  readonly onBoard: (board: BoardText) => void;
  readonly onTile: (tile: Tile) => void;
}

function PaintedBoard({ world, box, board, tile, onBoard, onTile }: PaintedBoardProps): ReactNode {
  const [columns, rows] = [columnsOf(board), board.rows.length];
  const resize = (more: { readonly columns: number; readonly rows: number }) =>
    onBoard(resized(board, { columns: columns + more.columns, rows: rows + more.rows, filling: box.floor.glyph }));
  const size = (label: string, more: { readonly columns: number; readonly rows: number }) => {
    const [wide, high] = [columns + more.columns, rows + more.rows];
    return (
      <Button key={label} onPress={() => resize(more)} isDisabled={wide < 1 || high < 1 || wide > mostSide || high > mostSide}>
        {label}
      </Button>
    );
  };
  return (
    <>
      <BoardEditor {...{ world, box, board, tile }} onPaint={onBoard} onTile={onTile} />
      <p id="editor-keys" className="field-hint">
        Click or draw along to paint. On the board: arrow keys move, Enter paints, Delete clears, a tile's own key paints it;
        Ctrl+Z undoes.
      </p>
      <Palette box={box} tile={tile} onTile={onTile} />
      {box.resizing !== "none" && (
        <fieldset className="editor-deeds">
          <legend className="visually-hidden">Size of the board</legend>
          {box.resizing === "square"
            ? [size("Smaller", { columns: -1, rows: -1 }), size("Larger", { columns: 1, rows: 1 })]
            : [
                size("Narrower", { columns: -1, rows: 0 }),
                size("Wider", { columns: 1, rows: 0 }),
                size("Lower", { columns: 0, rows: -1 }),
                size("Higher", { columns: 0, rows: 1 }),
              ]}
          <span className="numeric quiet">
            {columns} × {rows}
          </span>
        </fieldset>
      )}
    </>
  );
}

/** What is painted with at first: the first thing after floor. */
function tileNamed({ tiles, floor }: Paintbox, glyph: string): Tile {
  return tiles.find((tile) => tile.glyph === glyph) ?? tiles.find((tile) => tile !== floor) ?? floor;
}

function labelOf(
  agent: string,
  { there, files }: { readonly there: readonly AgentThere[]; readonly files: ChosenFiles | null },
): string {
  const known = there.find((each) => each.agent === agent);
  if (known !== undefined) return known.label.split(": ")[0]!;
  if (agent === "file") return files?.name ?? "a file";
  const [kind, name = ""] = agent.split(":", 2);
  return kind === "run" ? `run ${name.slice(0, 12)}` : agent;
}

/** Throws where there is no such agent, or not yet. */
async function sourceOf(agent: string, options: Omit<Parameters<typeof findAgent>[1], "signal">) {
  const asked = askedAgent(agent);
  if (asked === null) throw new Error(`"${agent}" is no agent. Leave it out, or choose another.`);
  const found = await findAgent(asked, { ...options, signal: new AbortController().signal });
  if ("source" in found) return found.source;
  switch (found.kind) {
    case "file":
      throw new Error("the file of this agent is not kept in the address. Choose it again.");
    case "lab":
      throw new Error('this agent is a run of a lab, and no lab answers. Run "mesascope serve" in the lab\'s folder.');
    case "not-done":
      throw new Error(`run ${found.key.slice(0, 12)} is ${found.state}; there is no agent of it yet.`);
    default:
      return found satisfies never;
  }
}
