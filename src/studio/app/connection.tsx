// Whether there is a lab behind this page, and the client of it. Asked before any page is shown; a server that wants a token, then or at any later
// time, gets it from the reader, and this tab forgets it when it is closed.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import type { LabStatus } from "../../lab/api.ts";
import { isWorthRetrying, type LabClient, type LabProblem, retryPause } from "../api/lab-client.ts";
import { LabFeed } from "../api/lab-feed.ts";
import { eventStreams, type FoundLab, findLab } from "./find-lab.ts";
import { forgetToken, keepToken, keptToken } from "./kept-token.ts";
import { keepTrue } from "./live-queries.ts";
import { site } from "./site.ts";

/** What a page asks, and what it listens to. */
export interface LabAtHand {
  readonly client: LabClient;
  readonly feed: LabFeed;
  readonly id: string;
  /** Where its files are, as the lab calls it. */
  readonly name: string;
}

export type Connection =
  | { readonly kind: "looking" }
  | { readonly kind: "no-lab" }
  | { readonly kind: "trouble"; readonly problem: LabProblem; readonly retry: () => void }
  | { readonly kind: "token-wanted"; readonly wasWrong: boolean; readonly give: (token: string) => void }
  | { readonly kind: "lab"; readonly lab: LabAtHand };

type Found = Exclude<FoundLab, { readonly kind: "answers" }> | { readonly kind: "lab"; readonly lab: LabAtHand };

const ConnectionContext = createContext<Connection>({ kind: "looking" });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      ...{ staleTime: 30_000, gcTime: 120_000, refetchOnWindowFocus: false, networkMode: "always" },
      retry: isWorthRetrying,
      retryDelay: retryPause,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

export function useConnection(): Connection {
  return useContext(ConnectionContext);
}

/** For pages whose route needs a lab; there is one wherever they are shown. */
export function useLab(): LabAtHand {
  const connection = useConnection();
  if (connection.kind !== "lab") throw new Error("a page that needs a lab is shown without one");
  return connection.lab;
}

export function Connected({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <ConnectionContext value={useLookedFor()}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ConnectionContext>
  );
}

function useLookedFor(): Connection {
  const [token, setToken] = useState(keptToken);
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<Found | null>(site.isStatic ? { kind: "no-lab" } : null);
  useEffect(() => {
    if (site.isStatic) return;
    const ending = new AbortController();
    void keepInTouch(token, ending.signal, setFound);
    return () => ending.abort();
  }, [token, round]);
  const again = () => setRound((before) => before + 1);
  const give = useCallback((given: string) => {
    forgetToken();
    setToken(given);
    again();
  }, []);
  const retry = useCallback(() => {
    setFound(null);
    again();
  }, []);
  if (found === null) return { kind: "looking" };
  if (found.kind !== "failed") return found;
  if (found.problem.kind === "token-wanted") return { kind: "token-wanted", wasWrong: token !== null, give };
  return { kind: "trouble", problem: found.problem, retry };
}

/** Tells what is found, and what becomes of it, until the signal aborts. */
async function keepInTouch(token: string | null, signal: AbortSignal, tell: (found: Found) => void): Promise<void> {
  const caller = { origin: location.origin, token };
  const found = await findLab(caller, signal);
  if (signal.aborted) return;
  if (found.kind !== "answers") {
    tell(found);
    return;
  }
  if (token !== null) keepToken(token);
  const { client, status } = found;
  const tellOf = (lab: LabStatus) => {
    forgetAllBut(lab.id);
    tell({ kind: "lab", lab: { client, feed, id: lab.id, name: lab.store } });
  };
  const feed = new LabFeed({
    ...{ client, streams: eventStreams(caller), lab: status, now: () => performance.now() },
    onReset: () => void queries.invalidateQueries(),
    onOther: tellOf,
    onRefused: (problem) => {
      forgetToken();
      tell({ kind: "failed", problem });
    },
  });
  tellOf(status);
  // What was asked before, and refused, may be answered now.
  void queries.invalidateQueries();
  const readCurve = (key: string, after: number) => client.jobs.curve({ key, after }, { signal });
  signal.addEventListener("abort", keepTrue(queries, { feed, readCurve }));
  await feed.start(signal);
}

let answersAreOf: string | null = null;

/** What another lab answered is no answer of this one. */
function forgetAllBut(lab: string): void {
  if (answersAreOf !== null && answersAreOf !== lab) void queries.resetQueries();
  answersAreOf = lab;
}
