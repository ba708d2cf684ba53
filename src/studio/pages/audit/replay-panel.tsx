// The audit made again in the page, so that each finding opens the episodes that it rests on: asked for, under way, and what came of it.

import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { formatPercent } from "../../../report/charts/format.ts";
import { isSameFinding } from "../../../report/evidence/same-finding.ts";
import { problemOf } from "../../api/lab-client.ts";
import { loadScript } from "../../app/script-missing.ts";
import { Button } from "../../components/button.tsx";
import type { Audited } from "./audited.ts";
import type { Replayed, ReplayProgress } from "./replay-audit.ts";

const route = getRouteApi("/audits/$key");

export interface Replay {
  readonly query: Pick<UseQueryResult<Replayed>, "error" | "isError" | "refetch">;
  /** Undefined until it is there, and where it is not asked for. */
  readonly replayed: Replayed | undefined;
  readonly progress: ReplayProgress | null;
  /** Lets go of what is under way. */
  readonly stop: () => void;
}

/** It is made when the address says so, once; what came of it stays at hand while the app is open. */
export function useReplay({ key, levels, seed, source }: Pick<Audited, "key" | "levels" | "seed" | "source">): Replay {
  const queries = useQueryClient();
  const { episodes } = route.useSearch();
  const [progress, setProgress] = useState<ReplayProgress | null>(null);
  const queryKey = ["replay", key];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const { replayAudit } = await loadScript(() => import("./replay-audit.ts"));
      return await replayAudit({ source, levels, seed, signal, onProgress: setProgress });
    },
    enabled: episodes,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return { query, replayed: episodes ? query.data : undefined, progress, stop: () => void queries.cancelQueries({ queryKey }) };
}

export function ReplayPanel({ audited, replay }: { readonly audited: Audited; readonly replay: Replay }): ReactNode {
  const { episodes } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: boolean) =>
    void navigate({ search: (before) => ({ ...before, episodes: next }), replace: true, resetScroll: false });
  const { query, replayed, progress, stop } = replay;
  if (!episodes) {
    return (
      <div className="audit-replay">
        <p>
          What is kept of an audit is its numbers, not its episodes. Made again from its seed, in this page, they are the same
          episodes; each finding is compared with the one below before its own are shown. It takes about as long as the audit did.
        </p>
        <Button onPress={() => set(true)}>Open the episodes</Button>
      </div>
    );
  }
  if (replayed !== undefined) return <p role="status">{outcomeOf(audited, replayed)}</p>;
  if (query.isError) {
    return (
      <div className="audit-replay" role="alert">
        <p>The audit could not be made again: {problemOf(query.error).message}</p>
        <Button onPress={() => void query.refetch()}>Try again</Button>
      </div>
    );
  }
  const share = progress?.share ?? 0;
  return (
    <div className="audit-replay">
      <p className="numeric">
        Making the audit again: {progress?.stage ?? "starting"}, {formatPercent(share)}.
      </p>
      <progress max={1} value={share} aria-label="The audit, made again" />
      <Button
        onPress={() => {
          stop();
          set(false);
        }}
      >
        Stop
      </Button>
    </div>
  );
}

function outcomeOf({ result }: Audited, replayed: Replayed): string {
  const kept = result.document.findings;
  const same = kept.filter((finding, i) => isSameFinding(finding, replayed.findings[i])).length;
  const all = `Made again here, ${same} of ${kept.length} findings came to the same numbers`;
  return same === kept.length
    ? `${all}, so these are the episodes that they rest on: open a finding to see them.`
    : `${all}; they open the episodes that they rest on. Of the others, which came to other numbers, none are shown.`;
}
