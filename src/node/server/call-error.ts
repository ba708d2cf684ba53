// What a failed call of a lab's API means to who called: the lab's own word where it said one.

import { ORPCError } from "@orpc/client";
import { z } from "zod";
import { type ErrorCode, MesascopeError } from "../../core/base/errors.ts";
import { issuesText } from "../../lab/issues-text.ts";

/** Of a `MesascopeError` that the lab threw. */
const toldSchema = z.object({ code: z.string() });

/** Who was called. */
export interface Called {
  /** Folder or address, for messages. */
  readonly name: string;
  /** Whether the call brought a token. Default: none. */
  readonly hasToken?: boolean;
}

/**
 * The `MesascopeError` that a call failed with: that of the lab, with its code; `usage` for a call that the API does not know or refuses;
 * `lab-unreachable` where nobody answers. What the server did not expect itself stays what it is, a bug.
 */
export function callError(error: unknown, { name, hasToken = false }: Called): unknown {
  if (error instanceof MesascopeError) return error;
  if (!(error instanceof ORPCError)) return isOfNetwork(error) ? unreachable(name, error) : error;
  const { status, message, data, cause } = error;
  const told = toldSchema.safeParse(data);
  if (told.success) return new MesascopeError(told.data.code as ErrorCode, message, { cause });
  switch (status) {
    case 400: {
      const issues = issuesText(data);
      return new MesascopeError("usage", issues === null ? message : `${issues}.`, { cause: error });
    }
    case 401:
      return new MesascopeError("usage", `${name} ${hasToken ? refused : missing}`, { cause: error });
    case 502:
    case 503:
    case 504:
      return unreachable(name, error);
    default:
      if (status >= 500) return new Error(`${name}: ${message}; its log says more`, { cause: error });
      return new MesascopeError("usage", `${name}: ${message}`, { cause: error });
  }
}

const missing = "wants a token, and none was given. Set MESASCOPE_TOKEN to the one it was started with.";
const refused = "refused the token: the one in MESASCOPE_TOKEN is not the server's. Set it to the one that it was started with.";

export function isUnreachable(error: unknown): boolean {
  return error instanceof MesascopeError && error.code === "lab-unreachable";
}

function unreachable(name: string, cause: unknown): MesascopeError {
  const first = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = first instanceof Error && first.message !== "" ? ` (${first.message})` : "";
  return new MesascopeError("lab-unreachable", `${name} does not answer${why}. Check the address, and that it runs.`, { cause });
}

const networkCodes = /^(E[A-Z]+|UND_ERR_[A-Z_]+)$/;

/** `fetch` wraps what went wrong. */
function isOfNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string" && networkCodes.test(error.code)) return true;
  return (
    error.message === "fetch failed" || error.message === "terminated" || (error.cause !== undefined && isOfNetwork(error.cause))
  );
}
