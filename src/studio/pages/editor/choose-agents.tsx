// Which agents are put on the level: of the recording, scripted, runs of the lab, or a file.

import { useQuery } from "@tanstack/react-query";
import { type ChangeEvent, type ReactNode, useId, useState } from "react";
import { useConnection, useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { CheckList } from "../../components/check-list.tsx";
import { Select } from "../../components/select.tsx";
import { type ChosenFiles, readChosen } from "../episode/open-asked.ts";
import { type AgentThere, mostAgents } from "./agents-there.ts";

interface ChooseAgentsProps {
  readonly world: string;
  readonly there: readonly AgentThere[];
  readonly chosen: readonly string[];
  readonly onAgents: (agents: readonly string[]) => void;
  readonly onFiles: (files: ChosenFiles) => void;
}

export function ChooseAgents({ world, there, chosen, onAgents, onFiles }: ChooseAgentsProps): ReactNode {
  const connection = useConnection();
  const names = there.map(({ agent }) => agent);
  const others = chosen.filter((agent) => !names.includes(agent));
  const isFull = chosen.length >= mostAgents;
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
      <ChooseFile
        isFull={isFull && !chosen.includes("file")}
        onFiles={(files) => {
          onFiles(files);
          onAgents([...chosen.filter((agent) => agent !== "file"), "file"]);
        }}
      />
      <p role="status" className="quiet editor-most">
        {isFull && `${mostAgents} agents are the most at once: leave one out to add another.`}
      </p>
    </div>
  );
}

interface ChooseRunProps {
  readonly world: string;
  readonly chosen: readonly string[];
  readonly isFull: boolean;
  readonly onRun: (key: string) => void;
}

/** The newest of the runs in this world that are done. */
function ChooseRun({ world, chosen, isFull, onRun }: ChooseRunProps): ReactNode {
  const { client } = useLab();
  const asked = { filter: `kind:train state:done world:${world}`, sort: "finished", descending: true, limit: 100 } as const;
  const found = useQuery({ queryKey: queryKeys.jobs(asked), queryFn: ({ signal }) => client.jobs.list(asked, { signal }) });
  const runs = (found.data?.rows ?? [])
    .map(({ key, name, seed }) => ({ value: key as string, label: `${name}, seed ${seed}` }))
    .filter(({ value }) => !chosen.includes(`run:${value}`));
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

interface ChooseFileProps {
  readonly isFull: boolean;
  readonly onFiles: (files: ChosenFiles) => void;
}

function ChooseFile({ isFull, onFiles }: ChooseFileProps): ReactNode {
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    // One that was mended and is chosen again is another.
    event.target.value = "";
    readChosen(files).then(
      (read) => {
        setProblem(null);
        onFiles(read);
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <div className="field editor-file">
      <label htmlFor={id}>A file: policy.onnx, with manifest.json if there is one</label>
      <input
        id={id}
        type="file"
        multiple
        accept=".onnx,.json"
        disabled={isFull}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-error`}
        onChange={take}
      />
      <p id={`${id}-error`} className="field-error" role="alert">
        {problem}
      </p>
    </div>
  );
}
