// What can be done with the jobs that are selected.

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Decision } from "../../../lab/ledger.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";

/** More fit into no address. */
const mostCompared = 20;

export interface BulkActionsProps {
  readonly keys: readonly string[];
  /** How many there are to be selected. */
  readonly total: number;
  readonly onSelectAll: () => void;
  readonly onClear: () => void;
}

export function BulkActions({ keys, total, onSelectAll, onClear }: BulkActionsProps): ReactNode {
  const { client } = useLab();
  const router = useRouter();
  const deciding = useMutation({ mutationFn: (decision: Decision) => client.decide(decision) });
  const target = { kind: "jobs" as const, jobs: [...keys] };
  const jobs = keys.length === 1 ? "1 job" : `${keys.length} jobs`;
  const canCompare = "/compare" in router.routesByPath;
  return (
    <section className="bulk" aria-label="Selected jobs">
      <strong className="numeric">{jobs} selected</strong>
      {keys.length < total && (
        <Button look="plain" onPress={onSelectAll}>
          Select all {total}
        </Button>
      )}
      <Button look="plain" onPress={onClear}>
        Clear
      </Button>
      <span className="bulk-deeds">
        {canCompare && (
          <Button
            isDisabled={keys.length > mostCompared}
            onPress={() => router.history.push(`/compare?runs=${keys.join("%2C")}`)}
          >
            Compare
          </Button>
        )}
        <Button onPress={() => deciding.mutate({ action: "retry", target, reason: "asked for in the studio" })}>Retry</Button>
        <Confirm
          label="Cancel jobs"
          look="danger"
          question={`Cancel ${jobs}?`}
          onConfirm={() => deciding.mutate({ action: "cancel", target })}
        >
          <p>Those that run stop and keep no result; what is done stays done. They can be retried.</p>
        </Confirm>
      </span>
      <p role="status" className="bulk-told">
        {deciding.isSuccess && `${deciding.data.affected} of them changed.`}
        {deciding.isError && <span className="bad">{problemOf(deciding.error).message}</span>}
      </p>
    </section>
  );
}
