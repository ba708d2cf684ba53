// Which agents are put on the level: of the recording, scripted, runs of the lab, or a file.

import { type ReactNode, useRef } from "react";
import { useConnection } from "../../app/connection.tsx";
import { useDoneRuns } from "../../app/use-done-runs.ts";
import { CheckList } from "../../components/check-list.tsx";
import { FileField } from "../../components/file-field.tsx";
import { Select } from "../../components/select.tsx";
import { type ChosenFiles, readChosen } from "../episode/open-asked.ts";
import { type AgentThere, mostAgents } from "./agents-there.ts";

interface ChooseAgentsProps {
  readonly world: string;
  readonly there: readonly AgentThere[];
  readonly chosen: readonly string[];
  readonly onAgents: (agents: readonly string[]) => void;
  /** The files that were chosen could not be opened. */
  readonly isRefused: boolean;
  /** Names of those that play; null for none. */
  readonly inUse: string | null;
  readonly onFiles: (files: ChosenFiles) => void;
}

export function ChooseAgents({ world, there, chosen, isRefused, inUse, onAgents, onFiles }: ChooseAgentsProps): ReactNode {
  const connection = useConnection();
  const names = there.map(({ agent }) => agent);
  const others = chosen.filter((agent) => !names.includes(agent));
  const isFull = chosen.length >= mostAgents;
  // Agents can be chosen and left out while a file is read.
  const latest = useRef(chosen);
  latest.current = chosen;
  return (
    <div className="editor-choose">
      <CheckList
        label="Agents"
        summary={`${chosen.length - others.length} of ${there.length}`}
        chosen={chosen.filter((agent) => names.includes(agent))}
        choices={there.map(({ agent, label }) => ({ value: agent, label }))}
        isFull={isFull}
        onChange={(agents) => onAgents([...agents, ...others])}
      />
      {connection.kind === "lab" && (
        <ChooseRun {...{ world, chosen, isFull }} onRun={(key) => onAgents([...chosen, `run:${key}`])} />
      )}
      <FileField
        label="A file: policy.onnx, with manifest.json if there is one"
        accept=".onnx,.json"
        isMultiple
        isDisabled={isFull && !chosen.includes("file")}
        inUse={inUse}
        onFiles={async (files, signal) => {
          const besideFile = () => latest.current.filter((agent) => agent !== "file");
          // What is wrong with those before is no word on these, whatever comes of them.
          if (isRefused) onAgents(besideFile());
          const read = await readChosen(files);
          signal.throwIfAborted();
          const others = besideFile();
          if (others.length >= mostAgents) throw new Error(fullWords);
          onFiles(read);
          onAgents([...others, "file"]);
        }}
      />
      <p role="status" className="quiet editor-most">
        {isFull && fullWords}
      </p>
    </div>
  );
}

const fullWords = `${mostAgents} agents are the most at once: leave one out to add another.`;

interface ChooseRunProps {
  readonly world: string;
  readonly chosen: readonly string[];
  readonly isFull: boolean;
  readonly onRun: (key: string) => void;
}

/** The newest of the runs in this world that are done. */
function ChooseRun({ world, chosen, isFull, onRun }: ChooseRunProps): ReactNode {
  const runs = useDoneRuns(world).filter(({ value }) => !chosen.includes(`run:${value}`));
  if (runs.length === 0) return null;
  return (
    <Select
      label="A run of this lab"
      value=""
      choices={[{ value: "", label: "add one" }, ...runs]}
      isDisabled={isFull}
      onChange={(key) => key !== "" && onRun(key)}
    />
  );
}
