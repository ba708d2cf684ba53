// Auditors by name or from a module of somebody else's, checked when they are loaded.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MesascopeError } from "../../core/base/errors.ts";
import { findAuditor } from "../../core/league/auditors/index.ts";
import { type LeagueAuditor, requireAuditor } from "../../core/league/league-auditor.ts";
import { readBytes, requireGiven } from "../storage/files.ts";
import type { AuditorSource } from "./league-messages.ts";

/** The auditor of a source. Throws `usage` for an unknown name, and for a module that is none or exports none. */
export async function loadAuditor(source: AuditorSource): Promise<LeagueAuditor> {
  if (source.kind === "own") return findAuditor(source.name);
  await requireGiven(source.path, "a module that exports an auditor");
  const exported: unknown = await import(pathToFileURL(resolve(source.path)).href).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MesascopeError(
      "usage",
      `${source.path} cannot be loaded (${why}); expected an ES module that exports an auditor. See docs/league.md.`,
      { cause },
    );
  });
  const named = typeof exported === "object" && exported !== null && "auditor" in exported ? exported.auditor : undefined;
  return requireAuditor(named, source.path);
}

/** What tells one version of an auditor from another: its name, or the bytes of its module (not of what that imports). */
export async function identityOf(source: AuditorSource): Promise<string> {
  if (source.kind === "own") return source.name;
  return createHash("sha256")
    .update(await readBytes(source.path))
    .digest("hex");
}
