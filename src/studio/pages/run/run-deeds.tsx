// What can be done with a run in its state.

import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { JobRow } from "../../../lab/api.ts";
import type { Decision } from "../../../lab/ledger.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { useKeptFocus } from "../../components/kept-focus.ts";

export function RunDeeds({ row }: { readonly row: JobRow }): ReactNode {
  const { client } = useLab();
  const deciding = useMutation({ mutationFn: (decision: Decision) => client.decide(decision) });
  const target = { kind: "jobs" as const, jobs: [row.key] };
  const { state } = row;
  const main = mainDeedOf(state);
  const canCancel = isAhead(state) || state === "held";
  const keptFocus = useKeptFocus<HTMLDivElement>(canCancel);
  return (
    <div className="run-deeds" {...keptFocus}>
      {main !== null && (
        <Button look={main.look} isResting={deciding.isPending} onPress={() => deciding.mutate({ ...main.decision, target })}>
          {main.label}
        </Button>
      )}
      {canCancel && (
        <Confirm
          label="Cancel"
          confirmLabel="Cancel the run"
          refuseLabel="Keep it"
          look="danger"
          isResting={deciding.isPending}
          question="Cancel this run?"
          onConfirm={() => deciding.mutate({ action: "cancel", target })}
        >
          <p>It stops and keeps no result, and audits of it wait. It can be retried.</p>
        </Confirm>
      )}
      <p role="status">{deciding.isError && <span className="bad">{problemOf(deciding.error).message}</span>}</p>
    </div>
  );
}

function isAhead(state: JobRow["state"]): boolean {
  return state === "blocked" || state === "queued" || state === "running";
}

/** One button, whatever it says: the keyboard's focus stays on it when the run's state changes. Null where a run is done. */
function mainDeedOf(state: JobRow["state"]) {
  if (isAhead(state)) return { label: "Stop", look: "quiet", decision: { action: "pause" } } as const;
  if (state === "held") return { label: "Resume", look: "primary", decision: { action: "resume" } } as const;
  if (state !== "failed" && state !== "cancelled") return null;
  return { label: "Retry", look: "quiet", decision: { action: "retry", reason: "asked for in the studio" } } as const;
}
