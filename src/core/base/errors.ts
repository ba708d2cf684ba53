// The one error type of the project. What is thrown anywhere else is a bug, and is reported as one.

import { nearestNames } from "./nearest-names.ts";

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
  /** A file of a lab is missing or is not what its name says. */
  | "damaged-artifact"
  /** The database of a lab does not answer, or answers what it should not. */
  | "database"
  /** The process or server that has a lab open does not answer. */
  | "lab-unreachable"
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

/** A list of more names is not told whole to one who missed one of them. */
const mostTold = 40;
/** Of a longer list the names told: those most like the one given. */
const nearestTold = 5;

/**
 * The message for a name that is not in a list: `unknown world "corner2"; known: arcade. <advice>`; of a long list only the names nearest to
 * the one given, so that the advice has to say where all are. Throws it as a `usage` error.
 */
export function throwUnknown(kind: string, given: string, known: readonly string[], advice: string): never {
  const told =
    known.length <= mostTold
      ? `known: ${known.join(", ")}`
      : `nearest of ${known.length}: ${nearestNames(given, known).slice(0, nearestTold).join(", ")}`;
  throw new MesascopeError("usage", `unknown ${kind} "${given}"; ${told}. ${advice}`);
}
