// Whether there is a lab behind this page, and the client of it. Asked once, before any page is shown; a server that wants a token gets it from
// the reader, and this tab forgets it when it is closed.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import { createLabClient, isWorthRetrying, type LabClient, type LabProblem, problemOf, retryPause } from "../api/lab-client.ts";
import { LabFeed } from "../api/lab-feed.ts";
import { keepTrue } from "./live-queries.ts";
import { site } from "./site.ts";

/** What a page asks, and what it listens to. */
export interface LabAtHand {
  readonly client: LabClient;
  readonly feed: LabFeed;
  /** Where its files are, as the lab calls it. */
  readonly name: string;
}

export type Connection =
  | { readonly kind: "looking" }
  /** Files of a static site: nothing answers, and nothing is expected to. */
  | { readonly kind: "no-lab" }
  | { readonly kind: "trouble"; readonly problem: LabProblem; readonly retry: () => void }
  | { readonly kind: "token-wanted"; readonly wasWrong: boolean; readonly give: (token: string) => void }
  | { readonly kind: "lab"; readonly lab: LabAtHand };

const ConnectionContext = createContext<Connection>({ kind: "looking" });
const tokenKey = "mesascope-token";

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

type Found =
  | { readonly kind: "no-lab" }
  | { readonly kind: "failed"; readonly problem: LabProblem }
  | { readonly kind: "lab"; readonly lab: LabAtHand };

function useLookedFor(): Connection {
  const [token, setToken] = useState(() => sessionStorage.getItem(tokenKey));
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<Found | null>(site.isStatic ? { kind: "no-lab" } : null);
  useEffect(() => {
    if (site.isStatic) return;
    const ending = new AbortController();
    look(token, ending.signal).then((result) => {
      if (ending.signal.aborted) return;
      if (result.kind === "lab") {
        if (token !== null) sessionStorage.setItem(tokenKey, token);
        ending.signal.addEventListener("abort", keepTrue(queries, result.lab.feed));
        void result.lab.feed.start(ending.signal);
      }
      setFound(result);
    });
    return () => ending.abort();
  }, [token, round]);
  const give = useCallback((given: string) => {
    sessionStorage.removeItem(tokenKey);
    setToken(given);
    setRound((before) => before + 1);
  }, []);
  const retry = useCallback(() => {
    setFound(null);
    setRound((before) => before + 1);
  }, []);
  if (found === null) return { kind: "looking" };
  if (found.kind !== "failed") return found;
  if (found.problem.kind === "token-wanted") return { kind: "token-wanted", wasWrong: token !== null, give };
  return { kind: "trouble", problem: found.problem, retry };
}

async function look(token: string | null, signal: AbortSignal): Promise<Found> {
  const onContact = () => feed?.heard();
  const client = createLabClient({ origin: location.origin, token, onContact });
  let feed: LabFeed | null = null;
  try {
    const { lastEvent, store } = await client.status({}, { signal });
    // A server of files may answer every address with a page.
    if (typeof lastEvent !== "number") return { kind: "no-lab" };
    const onReset = () => void queries.invalidateQueries();
    feed = new LabFeed({ client, after: lastEvent, now: () => performance.now(), onReset });
    return { kind: "lab", lab: { client, feed, name: store } };
  } catch (error) {
    const problem = problemOf(error);
    return problem.kind === "absent" || problem.kind === "no-lab" ? { kind: "no-lab" } : { kind: "failed", problem };
  }
}
