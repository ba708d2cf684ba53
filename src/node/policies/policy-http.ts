// A policy that is served elsewhere: each message is POSTed to one address, the answer is the response's body.

import { setTimeout as sleep } from "node:timers/promises";
import { MesascopeError } from "../../core/base/errors.ts";
import { longestAnswer } from "../programs/line-program.ts";
import { quoteText } from "../programs/quote-text.ts";
import type { PolicyTransport } from "./policy-conversation.ts";

/** The environment variable that holds a server's key. */
export const keyVariable = "MESASCOPE_POLICY_KEY";
/** Statuses of a server that may answer later. */
const passing = new Set([429, 502, 503, 504]);
/** Errors of a connection that may come up later. */
const passingErrors = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "UND_ERR_SOCKET"]);
const mostTries = 6;
const firstWaitSeconds = 0.5;
const longestWaitSeconds = 60;
/** Node's fetch waits no longer for a response. */
const longestTimeoutSeconds = 300;

export interface PolicyServerOptions {
  readonly url: string;
  /** For a single response, body included; at most 300. */
  readonly timeoutSeconds: number;
  /** Sent as `Authorization: Bearer KEY`; undefined for none. Appears in no message. */
  readonly key: string | undefined;
  /** Allows http, which anyone on the way can read, to other machines. */
  readonly allowInsecure: boolean;
  readonly signal: AbortSignal;
  readonly onNote: (line: string) => void;
}

/**
 * Reaches a policy at an address. A request that finds the server busy (429, 502, 503, 504) or the connection broken is sent again, up to
 * 5 times, after what `Retry-After` says or after .5, 1, 2, 4 and 8 s. Redirections are not followed, so the key goes nowhere else. Throws
 * `usage` for an address that is none, that holds a name or password, or that is plain http to another machine, and for a longer time-out
 * than 300 s.
 */
export function connectPolicy(options: PolicyServerOptions): PolicyTransport {
  const url = checkedUrl(options);
  const { key, timeoutSeconds } = options;
  if (timeoutSeconds > longestTimeoutSeconds) {
    throw new MesascopeError(
      "usage",
      `a time-out of ${timeoutSeconds} s given; a server has at most ${longestTimeoutSeconds} s for a response. Answer sooner, or ask for fewer rows at once with --policy-batch.`,
    );
  }
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new MesascopeError(
      "usage",
      `${keyVariable} holds characters that a key cannot have; expected printable ASCII without spaces.`,
    );
  }
  const hide = (text: string): string => (key === undefined ? text : text.replaceAll(key, "[key]"));
  return {
    who: `the policy at ${shownUrl(url)}`,
    ask: async (message) => {
      try {
        return await askPatiently(message, { ...options, url, hide });
      } catch (error) {
        if (!(error instanceof MesascopeError) || error.code !== "policy-failed") throw error;
        throw new MesascopeError(error.code, hide(error.message)); // no cause: it might hold the request
      }
    },
    hide,
    lastWords: () => "",
    close: async () => {},
  };
}

/** The address without what may be secret in it. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}${url.search === "" ? "" : "?…"}`;
}

function checkedUrl({ url: text, allowInsecure }: PolicyServerOptions): URL {
  if (!URL.canParse(text)) {
    throw new MesascopeError("usage", `the policy's address cannot be read; expected such as https://example.org/policy.`);
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new MesascopeError(
      "usage",
      `the address of the policy at ${shownUrl(url)} holds a name or password; keys come from the environment only: set ${keyVariable}, and leave it out.`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && !allowInsecure) {
    throw new MesascopeError(
      "usage",
      `${shownUrl(url)} given; plain http to another machine can be read and changed on the way, key included. Use https, or allow it with --allow-insecure-http.`,
    );
  }
  return url;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

type ServerOptions = Omit<PolicyServerOptions, "url"> & { readonly url: URL; readonly hide: (text: string) => string };

/** What came of one request: an answer, or a reason to try again. */
type Attempt = { readonly text: string } | { readonly why: string; readonly waitSeconds: number | null };

async function askPatiently(message: string, options: ServerOptions): Promise<string> {
  const { signal, onNote } = options;
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    const attempt = await askOnce(message, options);
    if ("text" in attempt) return attempt.text;
    const wait = attempt.waitSeconds ?? firstWaitSeconds * 2 ** (tries - 1);
    if (tries === mostTries) fail(`${attempt.why} ${mostTries} times; try later`);
    if (wait > longestWaitSeconds) fail(`${attempt.why} and asks to wait for ${wait} s; run the command again then`);
    onNote(`${attempt.why}; asking again in ${wait} s`);
    await sleep(wait * 1000, undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  }
}

async function askOnce(message: string, options: ServerOptions): Promise<Attempt> {
  const { url, key, hide, timeoutSeconds, signal } = options;
  const late = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: message,
      redirect: "manual",
      signal: AbortSignal.any([signal, late]),
    });
    return await readResponse(response, hide);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MesascopeError) throw error;
    if (late.aborted) fail(`gave no answer within ${timeoutSeconds} s. Allow more time with --policy-timeout`);
    const code = codeOf(error);
    if (passingErrors.has(code)) return { why: `cannot be reached (${code})`, waitSeconds: null };
    return fail(`cannot be reached (${code}). Check the address`);
  }
}

/** What is quoted of it is hidden before it is cut: half a key is no longer found. */
async function readResponse(response: Response, hide: (text: string) => string): Promise<Attempt> {
  const { status } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    const target = response.headers.get("location") ?? "elsewhere";
    fail(
      `answered with a redirection (${status}) to ${quoteText(hide(target))}, which is not followed. Give the address that it points to`,
    );
  }
  const text = await readBody(response, hide);
  if (response.ok) return { text };
  const why = `answered with status ${status}`;
  if (passing.has(status)) return { why, waitSeconds: retryAfter(response.headers.get("retry-after")) };
  const advice = status === 401 || status === 403 ? `. Set the key in ${keyVariable}` : "";
  return fail(`${why}: ${quoteText(hide(text))}; expected 200 with the answer${advice}`);
}

async function readBody(response: Response, hide: (text: string) => string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longestAnswer) {
      fail(
        `answered with more than ${longestAnswer} bytes, beginning ${quoteText(hide(Buffer.concat(chunks.slice(0, 1)).toString("utf8", 0, 2000)))}`,
      );
    }
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Seconds that a server asks to wait, given as seconds or as a date; null where it does not say. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

/** The system's code of a failed connection, which fetch hides in its cause. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}

function fail(what: string): never {
  throw new MesascopeError("policy-failed", what);
}
