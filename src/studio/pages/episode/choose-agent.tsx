// Which agent is watched: one of the recording, one that was trained in this tab, a run of the lab, a script, or a file from elsewhere.

import { type ReactNode, useState, useSyncExternalStore } from "react";
import type { WorldOutline } from "../../agents/messages.ts";
import { useDoneRuns } from "../../app/use-done-runs.ts";
import { FileField } from "../../components/file-field.tsx";
import { Segments } from "../../components/segments.tsx";
import { Select } from "../../components/select.tsx";
import { agentNames } from "../../live/story.ts";
import { listenToTrained, type TrainedAgent, trainedHere, trainedWord } from "../../live/trained-here.ts";
import type { AskedAgent } from "./asked-episode.ts";
import type { EpisodeSearch } from "./episode-search.ts";
import { type ChosenFiles, readChosen } from "./open-asked.ts";

const kinds = [
  { value: "recorded", label: "recorded, of the first page" },
  { value: "live", label: "trained in this tab, on the first page" },
  { value: "run", label: "a run of this lab" },
  { value: "scripted", label: "a script" },
  { value: "file", label: "a file" },
] as const;
type Kind = (typeof kinds)[number]["value"];

export interface ChooseAgentProps {
  readonly asked: AskedAgent | null;
  readonly search: EpisodeSearch;
  readonly hasLab: boolean;
  readonly worlds: readonly { readonly name: string }[];
  /** Of the world in the address. */
  readonly place: WorldOutline | null;
  readonly chosen: ChosenFiles | null;
  readonly onChosen: (files: ChosenFiles) => void;
  /** What belongs to another agent's level goes. */
  readonly onSearch: (change: Partial<EpisodeSearch>) => void;
}

export function ChooseAgent(props: ChooseAgentProps): ReactNode {
  const { asked, search, hasLab, place, chosen, onChosen, onSearch } = props;
  const [wanted, setWanted] = useState<Kind | null>(null);
  const kind = wanted ?? asked?.kind ?? "recorded";
  const trained = useSyncExternalStore(listenToTrained, trainedHere);
  const hasOf: Readonly<Partial<Record<Kind, boolean>>> = { run: hasLab, live: trained.length > 0 || kind === "live" };
  const take = (agent: string, more: Partial<EpisodeSearch> = {}) => {
    setWanted(null);
    onSearch({ agent, ...more });
  };
  const choose = (next: Kind) => {
    // A run and a file have to be named first.
    const [first] = trained;
    if (next === "recorded") take("recorded:C1", { world: "arcade", preset: "quick" });
    else if (next === "live" && first !== undefined) take(trainedWord(first), { world: "arcade", preset: "quick" });
    else if (next === "scripted") take("scripted:random");
    else setWanted(next);
  };
  const isBare = kind === "file" && chosen?.manifest == null;
  return (
    <>
      <Select label="Agent" value={kind} choices={kinds.filter(({ value }) => hasOf[value] ?? true)} onChange={choose} />
      {kind === "recorded" && (
        <Select
          label="Which"
          value={asked?.kind === "recorded" ? asked.name : "C1"}
          choices={agentNames.map((name) => ({ value: name, label: name }))}
          onChange={(name) => take(`recorded:${name}`)}
        />
      )}
      {kind === "live" && (
        <Select
          label="Which"
          value={search.agent}
          choices={trainedChoices(trained, search.agent)}
          onChange={(agent) => take(agent)}
        />
      )}
      {kind === "run" && hasLab && (
        <ChooseRun chosen={asked?.kind === "run" ? asked.key : ""} onRun={(key) => take(`run:${key}`)} />
      )}
      {(kind === "scripted" || isBare) && <ChoosePlace {...props} />}
      {kind === "scripted" && place !== null && (
        <Select
          label="Script"
          value={asked?.kind === "scripted" ? asked.name : "random"}
          choices={place.scripted.map(({ name }) => ({ value: name, label: name }))}
          onChange={(name) => take(`scripted:${name}`)}
        />
      )}
      {kind === "file" && (
        <FileField
          label="policy.onnx, and manifest.json with it"
          accept=".onnx,.json"
          isMultiple
          hint="At most 32 MiB. It stays in this tab: it is read by a worker and sent nowhere. Without a manifest, choose the world."
          onFiles={async (files) => {
            onChosen(await readChosen(files));
            take("file", search.agent === "file" ? {} : { shift: "", level: "", audited: "" });
          }}
        />
      )}
    </>
  );
}

/** Also the one that the address names, where it is not there. */
function trainedChoices(trained: readonly TrainedAgent[], named: string) {
  const there = trained.map((each) => ({ value: trainedWord(each), label: `${each.name}, seed ${each.seed}` }));
  const isThere = there.some(({ value }) => value === named);
  return isThere ? there : [{ value: named, label: named.replace("live:", "").replace("/", ", seed ") }, ...there];
}

function ChoosePlace({ search, worlds, onSearch }: ChooseAgentProps): ReactNode {
  const names = worlds.some(({ name }) => name === search.world) ? worlds : [...worlds, { name: search.world }];
  const gone = { parameters: "", encoder: "", shift: "", level: "", audited: "", step: 0 };
  const agent = search.agent.startsWith("scripted:") ? { agent: "scripted:random" } : {};
  return (
    <>
      <Select
        label="World"
        value={search.world}
        choices={names.map(({ name }) => ({ value: name, label: name }))}
        onChange={(world) => onSearch({ world, ...gone, ...agent })}
      />
      <Segments
        label="Size of the world"
        value={search.preset}
        choices={[
          { value: "quick", label: "quick" },
          { value: "standard", label: "standard" },
        ]}
        onChange={(preset) => onSearch({ preset, ...gone })}
      />
    </>
  );
}

/** The newest of the runs that are done. */
function ChooseRun({ chosen, onRun }: { readonly chosen: string; readonly onRun: (key: string) => void }): ReactNode {
  const runs = useDoneRuns(null);
  const isKnown = runs.some(({ value }) => value === chosen);
  const choices = isKnown ? runs : [{ value: chosen, label: chosen === "" ? "choose one" : `${chosen.slice(0, 12)} …` }, ...runs];
  return <Select label="Run" value={chosen} choices={choices} onChange={(key) => key !== "" && onRun(key)} />;
}
