// A new database of PGlite with all tables in it, kept between runs: making one takes seconds, unpacking it a fraction of one.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../storage/cache-folder.ts";
import { atomicWrite, kindOf, makeFolder, readBytes } from "../../storage/files.ts";
import { TicketQueue } from "../queue/ticket-queue.ts";
import { migrations } from "./migrations.ts";
import { makePgliteTemplate, type PgliteTemplate } from "./pglite-database.ts";

/**
 * The template of this code, from the cache or made now. Null where neither can be: the cache cannot be written, so that nothing would be
 * gained.
 */
export async function pgliteTemplate(folder = join(cacheFolder(), "pglite")): Promise<PgliteTemplate | null> {
  const path = join(folder, `${templateName()}.tar.gz`);
  try {
    if ((await kindOf(path)) === "file") return new Blob([new Uint8Array(await readBytes(path))]);
    await makeFolder(folder);
    const template = await makePgliteTemplate(async (database) => (await TicketQueue.open({ database })).close());
    await atomicWrite(path, new Uint8Array(await template.arrayBuffer()));
    return template;
  } catch {
    return null;
  }
}

/** Changes with everything that the content depends on. */
function templateName(): string {
  const parts = [migrations, versionOf("@electric-sql/pglite"), versionOf("pg-boss")];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Both packages lie in `dist` beside their package.json. */
function versionOf(name: string): string {
  const path = fileURLToPath(new URL("../package.json", import.meta.resolve(name)));
  return String(JSON.parse(readFileSync(path, "utf8")).version);
}
