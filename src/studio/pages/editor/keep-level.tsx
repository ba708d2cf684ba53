// Sharing a level by its address, and keeping it as a test case of an audit.

import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { objectiveSpaceOf } from "../../../core/objectives/spaces.ts";
import { fileStem } from "../../../report/charts/table-files.ts";
import type { LevelCase } from "../../../report/level-case/level-case-document.ts";
import { loadScript } from "../../app/script-missing.ts";
import { Button } from "../../components/button.tsx";
import { FileField } from "../../components/file-field.tsx";
import { Select } from "../../components/select.tsx";
import { TextField } from "../../components/text-field.tsx";
import { offerFile } from "../../views/verdict/offer-file.ts";
import { type LevelsAtHand, startLevels } from "./ask-levels.ts";
import type { EditorPlace } from "./editor-place.ts";
import { mostCaseText } from "./level-messages.ts";

interface KeepLevelProps {
  readonly place: EditorPlace;
  readonly isLevel: boolean;
  readonly href: () => string;
  /** Rejects with what is wrong with it, and where `signal` ends first. */
  readonly onCase: (levelCase: LevelCase, signal: AbortSignal) => Promise<void>;
}

const nothingExpected = "";

export function KeepLevel({ place, isLevel, href, onCase }: KeepLevelProps): ReactNode {
  return (
    <section aria-labelledby="editor-keep" className="editor-part">
      <h2 id="editor-keep">Share it, keep it</h2>
      <div className="editor-keep">
        <ShareAddress href={href} />
        <SaveCase place={place} isLevel={isLevel} />
        <OpenCase onCase={onCase} />
      </div>
    </section>
  );
}

function ShareAddress({ href }: Pick<KeepLevelProps, "href">): ReactNode {
  const [shared, setShared] = useState<{ readonly address: string; readonly isCopied: boolean } | null>(null);
  const share = async () => {
    const address = href();
    // Pages without a secure origin have no clipboard.
    const isCopied = await (navigator.clipboard?.writeText(address) ?? Promise.reject()).then(
      () => true,
      () => false,
    );
    setShared({ address, isCopied });
  };
  return (
    <div>
      <h3>By its address</h3>
      <p>The address holds the level, the variant, the agents and where the sliders stand.</p>
      <Button onPress={() => void share()}>Copy the address</Button>
      <p role="status" className="editor-said">
        {shared !== null && (shared.isCopied ? "Copied." : "Not copied, the browser did not let us. Copy it from here:")}
      </p>
      {shared !== null && !shared.isCopied && (
        <TextField label="Address" value={shared.address} onChange={() => undefined} isCode />
      )}
    </div>
  );
}

function SaveCase({ place, isLevel }: Pick<KeepLevelProps, "place" | "isLevel">): ReactNode {
  const { world } = place;
  const classes = useMemo(() => objectiveSpaceOf(world).classes, [world]);
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [wanted, setWanted] = useState<string>(nothingExpected);
  const [saved, setSaved] = useState<{ readonly file: string; readonly of: string } | null>(null);
  const expected = classes.some((each) => each.name === wanted) ? wanted : nothingExpected;
  const title = name.trim() || `a level of ${world.name}`;
  /** What a file would hold; one that holds something else is told of no more. */
  const kept = JSON.stringify([title, note, expected, world.name, world.parameters, place.text]);
  const file = saved?.of === kept ? saved.file : null;
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    // Which checks what it writes, of whatever world.
    const { describeLevelCase } = await loadScript(() => import("../../../report/level-case/level-case.ts"));
    const file = `${fileStem(title)}.json`;
    const document = describeLevelCase({
      ...{ name: title.slice(0, 120), world, text: place.text, note: note.slice(0, 2000) },
      expected: expected === nothingExpected ? null : { pursues: expected },
    });
    offerFile(file, new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: "application/json" }));
    setSaved({ file, of: kept });
    setProblem(null);
  };
  const press = () => save().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  return (
    <div>
      <h3>As a test case of an audit</h3>
      <TextField label="Name" value={name} onChange={setName} placeholder={`a level of ${world.name}`} autoComplete="off" />
      <TextField label="Note" value={note} onChange={setNote} autoComplete="off" />
      <Select
        label="An agent should be found to pursue"
        value={expected}
        choices={[
          { value: nothingExpected, label: "nothing particular: tell, don't judge" },
          ...classes.map((each) => ({ value: each.name, label: `${each.name}: ${each.wants}` })),
        ]}
        onChange={setWanted}
      />
      <Button onPress={() => void press()} isDisabled={!isLevel}>
        Save as a test case
      </Button>
      <p className="field-error" role="alert">
        {problem}
      </p>
      <div role="status" className="editor-said">
        {file !== null && (
          <>
            <p>Saved as {file}. Play an agent there after its audit, or play it yourself:</p>
            <pre>
              mesascope audit AGENT --level-case {file}
              {"\n"}mesascope play --level-case {file}
            </pre>
          </>
        )}
      </div>
    </div>
  );
}

/** A file is read by a worker, which parses it and nothing else. */
function OpenCase({ onCase }: Pick<KeepLevelProps, "onCase">): ReactNode {
  const worker = useRef<LevelsAtHand | null>(null);
  useEffect(() => () => worker.current?.end(), []);
  const take = async ([file]: readonly File[], signal: AbortSignal) => {
    if (file === undefined) return;
    if (file.size > mostCaseText)
      throw new Error(`${file.name} has ${file.size} bytes; expected a test case, which has at most ${mostCaseText}.`);
    // Where the one before was lost, another.
    if (worker.current === null || worker.current.isLost()) worker.current = startLevels();
    try {
      const { levelCase } = await worker.current.read(await file.text());
      await onCase(levelCase, signal);
    } catch (error) {
      throw new Error(`${file.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  };
  return (
    <div>
      <h3>Open one again</h3>
      <FileField label="A test case that was saved here" accept=".json" onFiles={take} />
    </div>
  );
}
