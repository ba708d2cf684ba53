// A policy that runs elsewhere, from what a user typed to a policy that can be asked: transport, journal, and what stays of them.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { codeVersion } from "../code-version.ts";
import { cacheFolder } from "../storage/cache-folder.ts";
import { makeFolder } from "../storage/files.ts";
import type { MetPolicy, PolicyTransport } from "./policy-conversation.ts";
import { connectPolicy, keyVariable } from "./policy-http.ts";
import { PolicyJournal } from "./policy-journal.ts";
import { startPolicyProgram } from "./policy-program.ts";

/** A program or a server, as plain data. */
export type PolicyElsewhere = {
  /** For a single answer. */
  readonly timeoutSeconds: number;
  /** Rows of a message at most. */
  readonly maxRows: number;
  /** The file that keeps its answers until the audit is done; null for one in the cache folder. */
  readonly journal: string | null;
} & (
  | { readonly kind: "program"; readonly command: string }
  | { readonly kind: "http"; readonly url: string; readonly allowInsecure: boolean }
);

export interface ReachContext {
  /** Everything beside the policy that decides what it is asked: what is kept of a broken audit continues the same one only. */
  readonly asked: unknown;
  /** Ends the waiting for answers, with its reason. */
  readonly signal: AbortSignal;
  /** Given what people should see on the way. */
  readonly onNote: (line: string) => void;
}

/** A policy that answers. */
export interface ReachedPolicy extends MetPolicy {
  /** What no audit can show of a policy that is asked from outside. */
  readonly limits: readonly string[];
  /** Says that the audit came to its end: `release` will remove what was kept to continue it. */
  finish(): void;
  /** Ends the program and closes the journal. One in the cache folder that no audit can continue from is removed. */
  release(): Promise<void>;
}

/**
 * Starts the program or finds the server, opens the journal, and says hello by `meet`. Throws as `startPolicyProgram`, `connectPolicy` and
 * `PolicyJournal.open`, and what `meet` throws.
 */
export async function reachPolicy(
  elsewhere: PolicyElsewhere,
  context: ReachContext,
  meet: (parts: { readonly transport: PolicyTransport; readonly journal: PolicyJournal }) => Promise<MetPolicy>,
): Promise<ReachedPolicy> {
  const { onNote } = context;
  let isFinished = false;
  let journal: PolicyJournal | null = null;
  const transport = await openTransport(elsewhere, context);
  const release = async () => {
    await transport.close();
    if (journal === null) return;
    await journal.close();
    if (elsewhere.journal === null && (isFinished || journal.length <= 1)) await journal.remove();
  };
  try {
    if (elsewhere.journal === null) await makeFolder(auditsFolder());
    journal = await PolicyJournal.open(journalPath(elsewhere, context.asked), auditKey(elsewhere, context.asked));
    if (journal.found > 1) onNote(`continuing with the ${journal.found - 1} answers in ${journal.path}; remove it to start over`);
    const met = await meet({ transport, journal });
    return {
      ...met,
      limits: [
        "Whether the policy answers in the same way when it is not audited: it runs elsewhere, and is told the world that it is asked about.",
      ],
      finish: () => {
        isFinished = true;
      },
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Where its answers are kept while it is audited. `asked` is that of `ReachContext`. */
export function journalPath(elsewhere: PolicyElsewhere, asked: unknown): string {
  return elsewhere.journal ?? join(auditsFolder(), `${auditKey(elsewhere, asked).slice(0, 24)}.jsonl`);
}

const auditsFolder = (): string => join(cacheFolder(), "audits");

async function openTransport(elsewhere: PolicyElsewhere, { signal, onNote }: ReachContext): Promise<PolicyTransport> {
  const { timeoutSeconds } = elsewhere;
  const how = { timeoutSeconds, signal, onNote: (line: string) => onNote(`policy: ${line}`) };
  return elsewhere.kind === "program"
    ? startPolicyProgram({ ...how, command: elsewhere.command })
    : connectPolicy({ ...how, url: elsewhere.url, allowInsecure: elsewhere.allowInsecure, key: process.env[keyVariable] });
}

function auditKey(elsewhere: PolicyElsewhere, asked: unknown): string {
  const policy = elsewhere.kind === "program" ? [elsewhere.command, process.cwd()] : elsewhere.url;
  return createHash("sha256")
    .update(JSON.stringify([policy, elsewhere.maxRows, asked, codeVersion]))
    .digest("hex");
}
