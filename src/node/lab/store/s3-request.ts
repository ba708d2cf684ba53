// Requests to a bucket: tried again while the bucket may come back, and failures in words that a user can act on.

import { setTimeout as sleep } from "node:timers/promises";
import { S3ServiceError } from "s3mini";
import { MesascopeError } from "../../../core/base/errors.ts";

/** How long a bucket that does not answer is waited for, in milliseconds. */
export interface Patience {
  /** From the first failure to the last try. */
  readonly total: number;
  /** Before the second try; doubles with each, up to `longest`. Half of it is random, so that workers do not come all at once. */
  readonly first: number;
  readonly longest: number;
  /** After which it is told that an opening waits. */
  readonly tellAfter: number;
}

export const defaultPatience: Patience = { total: 60_000, first: 200, longest: 5000, tellAfter: 3000 };

/** What a bucket says of a key that it does not have. Not of a bucket that is not there: that is a failure. */
const missingKey = Symbol("no such key");

/**
 * Runs `request` until it succeeds, fails for good or `patience` is over. Null where the bucket answers that there is no such key. Throws
 * `file-system`; nothing of what `request` was signed with is in the message.
 */
export async function askBucket<T>(
  request: () => Promise<T>,
  asked: {
    readonly action: string;
    readonly bucket: string;
    readonly patience: Patience;
    /**
     * Whether nothing is lost yet by an end: then an address at which nobody listens is not waited for, and an answer no longer than `total`.
     */
    readonly isFirst?: boolean;
  },
): Promise<T | null> {
  const began = performance.now();
  const tries = asked.isFirst ? () => inTime(request, began + asked.patience.total - performance.now()) : request;
  for (let delay = asked.patience.first; ; delay = Math.min(2 * delay, asked.patience.longest)) {
    try {
      return await tries();
    } catch (cause) {
      if (cause instanceof MesascopeError) throw cause;
      const explained = explain(cause);
      if (explained === missingKey) return null;
      const failure = asked.isFirst && explained.isRefused ? { ...explained, mayPass: false } : explained;
      const wait = delay * (0.5 + 0.5 * Math.random());
      const isOver = performance.now() - began + wait > asked.patience.total;
      if (!failure.mayPass || isOver) {
        const tried = failure.mayPass ? ` after trying for ${Math.round(asked.patience.total / 1000)} s` : "";
        throw new MesascopeError(
          "file-system",
          `cannot ${asked.action} in ${asked.bucket}${tried}: ${failure.why}. ${failure.advice}`,
        );
      }
      await sleep(wait);
    }
  }
}

/** What `open` gives; where it takes long, who waits is told for what, and how long at most. */
export async function openAloud<T>(
  open: () => Promise<T>,
  { bucket, patience, onSlow }: { readonly bucket: string; readonly patience: Patience; readonly onSlow: (text: string) => void },
): Promise<T> {
  const { total, tellAfter } = patience;
  const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
  const timer = setTimeout(
    () => onSlow(`${bucket} has not answered for ${seconds(tellAfter)}; waiting for it, ${seconds(total)} in all at most.`),
    tellAfter,
  );
  try {
    return await open();
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects after that many milliseconds; the request is left to itself. */
async function inTime<T>(request: () => Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("silence")), Math.max(0, milliseconds));
  try {
    return await Promise.race([request(), late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Failure {
  /** Whether the same request may succeed in a while. */
  readonly mayPass: boolean;
  /** Whether nobody listens there. */
  readonly isRefused?: boolean;
  readonly why: string;
  readonly advice: string;
}

/** What services say (Amazon S3 API reference, "Error responses"), and what to do. */
const known: Readonly<Record<string, readonly [string, string]>> = {
  NoSuchBucket: ["the bucket does not exist", "Make it, or correct the name."],
  AccessDenied: ["access is denied", "Allow these credentials to get, put, delete and list objects there."],
  InvalidAccessKeyId: ["the access key is not known there", "Check AWS_ACCESS_KEY_ID and the endpoint."],
  SignatureDoesNotMatch: ["the signature does not match", "Check AWS_SECRET_ACCESS_KEY and the region."],
  AuthorizationHeaderMalformed: ["the region is another", "Correct the region in the address."],
  PermanentRedirect: ["the bucket is at another endpoint", "Correct the endpoint and the region in the address."],
  RequestTimeTooSkewed: ["this machine's clock differs too much from the bucket's", "Set the clock."],
  QuotaExceeded: ["the quota is used up", "Free space there or raise the quota, then run the command again."],
  InsufficientStorage: ["the storage is full", "Free space there, then run the command again."],
  XMinioStorageFull: ["the storage is full", "Free space there, then run the command again."],
};

const passing: readonly number[] = [408, 425, 429];

function explain(cause: unknown): Failure | typeof missingKey {
  if (!(cause instanceof S3ServiceError)) return explainConnection(cause);
  const code = codeIn(cause);
  if (cause.status === 404 && code !== "NoSuchBucket") return missingKey;
  const [why, advice] = known[code] ?? [
    `it answered ${cause.status} (${code})`,
    "Look into the service's log, then run the command again.",
  ];
  return { mayPass: known[code] === undefined && (cause.status >= 500 || passing.includes(cause.status)), why, advice };
}

/** The service's own code; read from the body where the client did not find it, as it does not for some content types. */
function codeIn(error: S3ServiceError): string {
  const inBody = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(error.body ?? "")?.[1];
  const code = error.serviceCode === "Unknown" ? undefined : error.serviceCode;
  return (inBody ?? code ?? "no reason given").slice(0, 60);
}

function explainConnection(cause: unknown): Failure {
  const words: string[] = [];
  for (let at: unknown = cause; at instanceof Error && words.length < 3; at = at.cause) {
    words.push("code" in at && typeof at.code === "string" ? at.code : at.message);
  }
  const why = `no answer came (${words.at(-1) ?? String(cause)})`;
  const last = words.at(-1);
  // No client of the web connects to these (Fetch Standard, "Port blocking"), so that no service is there.
  if (last === "bad port")
    return {
      mayPass: false,
      why: `no answer came (${last})`,
      advice: "The endpoint names a port that is never used for this. Correct it.",
    };
  const isRefused = last === "ECONNREFUSED";
  return {
    mayPass: true,
    isRefused,
    why,
    advice: "Check that the endpoint is right and the service runs, then run the command again.",
  };
}
