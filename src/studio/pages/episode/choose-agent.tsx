// Which agent is watched: one of the recording, one that was trained in this tab, a run of the lab, a script, or a file from elsewhere.

import { type ReactNode, useState, useSyncExternalStore } from "react";
import type { WorldOutline } from "../../agents/messages.ts";
import { useDoneRuns } from "../../app/use-done-runs.ts";
import { FileField } from "../../components/file-field.tsx";
import { Segments } from "../../components/segments.tsx";
import { Select } from "../../components/select.tsx";
import { agentNames } from "../../live/story-agents.ts";
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
  /** What the agent that is shown is called; null before it is open. */
  readonly opened: string | null;
  readonly chosen: ChosenFiles | null;
  /** They could not be opened. */
  readonly isRefused: boolean;
  /** Null for none any more. */
  readonly onChosen: (files: ChosenFiles | null) => void;
  /** What belongs to another agent's level goes. */
  readonly onSearch: (change: Partial<EpisodeSearch>) => void;
}

export function ChooseAgent(props: ChooseAgentProps): ReactNode {
  const { asked, search, hasLab, place, opened, chosen, isRefused, onChosen, onSearch } = props;
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
        <ChooseRun chosen={asked?.kind === "run" ? { key: asked.key, name: opened } : null} onRun={(key) => take(`run:${key}`)} />
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
          inUse={isRefused ? null : filesInUse(chosen)}
          hint="At most 32 MiB. It stays in this tab: it is read by a worker and sent nowhere. Without a manifest, choose the world."
          onFiles={async (files, signal) => {
            // What is wrong with those before is no word on these, whatever comes of them.
            if (isRefused) onChosen(null);
            const read = await readChosen(files);
            signal.throwIfAborted();
            onChosen(read);
            take("file", search.agent === "file" ? {} : { shift: "", level: "", audited: "" });
          }}
        />
      )}
    </>
  );
}

function filesInUse(chosen: ChosenFiles | null): string | null {
  return chosen === null ? null : [chosen.name, chosen.manifest?.name].filter((name) => name !== undefined).join(", ");
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

interface ChooseRunProps {
  /** A run, or an audit by which its agent is known; `name` is null before it is open, and where it cannot be. */
  readonly chosen: { readonly key: string; readonly name: string | null } | null;
  readonly onRun: (key: string) => void;
}

/** The newest of the runs that are done, and whichever is chosen. */
function ChooseRun({ chosen, onRun }: ChooseRunProps): ReactNode {
  const runs = useDoneRuns(null);
  const isKnown = runs.some(({ value }) => value === chosen?.key);
  const own =
    chosen === null
      ? { value: "", label: "choose one" }
      : { value: chosen.key, label: chosen.name ?? `${chosen.key.slice(0, 12)} …` };
  return (
    <div title={chosen?.key}>
      <Select
        label="Run"
        value={own.value}
        choices={isKnown ? runs : [own, ...runs]}
        onChange={(key) => key !== "" && onRun(key)}
      />
    </div>
  );
}
