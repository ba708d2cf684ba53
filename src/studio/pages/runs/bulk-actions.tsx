// What can be done with the jobs that are selected.

import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Decision } from "../../../lab/ledger.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { useKeptFocus } from "../../components/kept-focus.ts";
import type { SelectAll } from "./use-select-all.ts";

/** More fit into no address. */
const mostCompared = 20;
/** More are not retried without being asked about. */
const mostRetried = 20;

export interface BulkActionsProps {
  readonly keys: readonly string[];
  /** How many there are to be selected. */
  readonly total: number;
  readonly selectAll: SelectAll;
  /** Of the selected. */
  readonly notInSight: number;
  readonly onClear: () => void;
  /** Null where not exactly one run is selected. */
  readonly onBaseline: (() => void) | null;
}

export function BulkActions({ keys, total, selectAll, notInSight, onClear, onBaseline }: BulkActionsProps): ReactNode {
  const { client } = useLab();
  const navigate = useNavigate();
  const deciding = useMutation({ mutationFn: (decision: Decision) => client.decide(decision) });
  const target = { kind: "jobs" as const, jobs: [...keys] };
  const jobs = keys.length === 1 ? "1 job" : `${keys.length} jobs`;
  // What was done to others that were selected is no word on these.
  const { variables } = deciding;
  const isOfThese = variables?.target.kind === "jobs" && variables.target.jobs.join() === target.jobs.join();
  const retry = () => deciding.mutate({ action: "retry", target, reason: "asked for in the studio" });
  const areMore = keys.length < total;
  const keptFocus = useKeptFocus<HTMLElement>(areMore);
  return (
    <section className="bulk" aria-label="Selected jobs" {...keptFocus}>
      <strong className="numeric">{jobs} selected</strong>
      {areMore && (
        <Button look="plain" isResting={selectAll.isPending} onPress={selectAll.start}>
          {selectAll.isPending ? "Selecting …" : `Select all ${total}`}
        </Button>
      )}
      <Button look="plain" onPress={onClear}>
        Clear
      </Button>
      <span className="bulk-deeds">
        {onBaseline !== null && <Button onPress={onBaseline}>Make baseline</Button>}
        <Button
          isDisabled={keys.length > mostCompared}
          onPress={() => void navigate({ to: "/compare", search: { runs: keys.join(",") } })}
        >
          Compare
        </Button>
        {keys.length > mostRetried ? (
          <Confirm
            label="Retry"
            confirmLabel={`Retry ${jobs}`}
            refuseLabel="Leave them"
            isResting={deciding.isPending}
            question={`Retry ${jobs}?`}
            onConfirm={retry}
          >
            <p>Those that failed or were cancelled are queued again; the others stay as they are.{sightWords(notInSight)}</p>
          </Confirm>
        ) : (
          <Button isResting={deciding.isPending} onPress={retry}>
            Retry
          </Button>
        )}
        <Confirm
          label="Cancel jobs"
          confirmLabel={`Cancel ${jobs}`}
          refuseLabel="Keep them"
          look="danger"
          isResting={deciding.isPending}
          question={`Cancel ${jobs}?`}
          onConfirm={() => deciding.mutate({ action: "cancel", target })}
        >
          <p>Those that run stop and keep no result; what is done stays done. They can be retried.{sightWords(notInSight)}</p>
        </Confirm>
      </span>
      <p role="status" className="bulk-told">
        {deciding.isPending && "Asking the lab …"}
        {isOfThese && deciding.isSuccess && doneWords(deciding.data.affected, variables.action)}
        {isOfThese && deciding.isError && <span className="bad">{problemOf(deciding.error).message}</span>}
        {selectAll.error !== null && <span className="bad">Not all were selected: {problemOf(selectAll.error).message}</span>}
      </p>
    </section>
  );
}

function sightWords(notInSight: number): string {
  return notInSight === 0 ? "" : ` ${notInSight} of them ${notInSight === 1 ? "is" : "are"} not in sight.`;
}

function doneWords(affected: number, action: Decision["action"]): string {
  if (affected > 0) return `${affected} of them changed.`;
  return action === "retry"
    ? "None of them changed: only what failed or was cancelled is retried."
    : "None of them changed: what is over stays as it is.";
}
