// The one error type of the project. What is thrown anywhere else is a bug, and is reported as one.

/** Stable codes; the command line maps `usage` to exit code 2, `interrupted` to 130 and all others to 1. */
export type ErrorCode =
  | "usage"
  | "invalid-level"
  | "invalid-manifest"
  | "invalid-model"
  | "invalid-checkpoint"
  | "invalid-data"
  | "shape-mismatch"
  | "unsupported-version"
  | "unconverged"
  | "check-failed"
  | "engine"
  | "file-system"
  | "worker-lost"
  /** A policy that runs elsewhere gave no answer that can be used. */
  | "policy-failed"
  /** A world that runs elsewhere gave no answer that can be used. */
  | "world-failed"
  | "interrupted";

/** An error a user can act on: the message says what was given, what was expected and what to do. */
export class MesascopeError extends Error {
  override readonly name = "MesascopeError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The message for a name that is not in a list: `unknown world "corner2"; known: arcade. <advice>`. Throws it as a `usage` error. */
export function throwUnknown(kind: string, given: string, known: readonly string[], advice: string): never {
  throw new MesascopeError("usage", `unknown ${kind} "${given}"; known: ${known.join(", ")}. ${advice}`);
}
