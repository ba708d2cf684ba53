// What can be done with a run in its state.

import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { JobRow } from "../../../lab/api.ts";
import type { Decision } from "../../../lab/ledger.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";

export function RunDeeds({ row }: { readonly row: JobRow }): ReactNode {
  const { client } = useLab();
  const deciding = useMutation({ mutationFn: (decision: Decision) => client.decide(decision) });
  const target = { kind: "jobs" as const, jobs: [row.key] };
  const { state } = row;
  const isAhead = state === "blocked" || state === "queued" || state === "running";
  return (
    <div className="run-deeds">
      {isAhead && (
        <Button isDisabled={deciding.isPending} onPress={() => deciding.mutate({ action: "pause", target })}>
          Stop
        </Button>
      )}
      {state === "held" && (
        <Button look="primary" isDisabled={deciding.isPending} onPress={() => deciding.mutate({ action: "resume", target })}>
          Resume
        </Button>
      )}
      {(isAhead || state === "held") && (
        <Confirm
          label="Cancel"
          confirmLabel="Cancel the run"
          refuseLabel="Keep it"
          look="danger"
          isDisabled={deciding.isPending}
          question="Cancel this run?"
          onConfirm={() => deciding.mutate({ action: "cancel", target })}
        >
          <p>It stops and keeps no result, and audits of it wait. It can be retried.</p>
        </Confirm>
      )}
      {(state === "failed" || state === "cancelled") && (
        <Button
          isDisabled={deciding.isPending}
          onPress={() => deciding.mutate({ action: "retry", target, reason: "asked for in the studio" })}
        >
          Retry
        </Button>
      )}
      <p role="status">{deciding.isError && <span className="bad">{problemOf(deciding.error).message}</span>}</p>
    </div>
  );
}
