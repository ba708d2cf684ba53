// What is kept because something outside the jobs names it: a card, a league. `gc` takes no blob named here.

import { z } from "zod";
import { MesascopeError } from "../core/base/errors.ts";
import { type ArtifactStore, type BlobRef, blobRefSchema } from "./artifact-store.ts";
import { keptPath, keptPrefix } from "./layout.ts";

export const keptSchemaId = "mesascope/kept@1";

export const keptKinds = ["card", "league"] as const;

export const keptNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: "lowercase letters, digits and hyphens, at most 63, beginning with a letter or digit",
});

/** Of a file within what is kept: a plain name, never a path. */
export const keptFileSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]*(?:\.[\w-]+)*$/, {
    error: "letters, digits, hyphens and single points between them, such as league.json",
  })
  .max(100);

/** What is kept as it is listed: its files by name, with their bytes. */
export const keptResultSchema = z.strictObject({
  kind: z.enum(keptKinds),
  name: keptNameSchema,
  at: z.iso.datetime(),
  files: z.record(z.string(), z.int().min(0)),
});
export type KeptResult = z.infer<typeof keptResultSchema>;

export const keptDocumentSchema = z.strictObject({
  schema: z.literal(keptSchemaId),
  kind: z.enum(keptKinds),
  name: keptNameSchema,
  at: z.iso.datetime(),
  /** By what the card or league calls them. */
  files: z.record(z.string(), blobRefSchema),
});
export type KeptDocument = z.infer<typeof keptDocumentSchema>;

/** How many documents of each kind are kept, by their paths alone; null where the store cannot be reached. */
export async function countKept(store: ArtifactStore): Promise<Record<KeptDocument["kind"], number> | null> {
  const counts = { card: 0, league: 0 };
  try {
    for await (const { path } of store.listDocuments(keptPrefix)) {
      const kind = keptKinds.find((each) => path.startsWith(keptPath({ kind: each, name: "" }).replace(/\.json$/, "")));
      if (kind !== undefined) counts[kind]++;
    }
    return counts;
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "file-system") return null;
    throw error;
  }
}

/**
 * Names `files` as in use by the card or league `name`; one of the same kind and name is replaced, and what only it named may be
 * collected. Throws `file-system` where the store cannot be written; a name that is none is a bug.
 */
export async function keep(
  store: ArtifactStore,
  kept: {
    readonly kind: KeptDocument["kind"];
    readonly name: string;
    readonly at: Date;
    readonly files: Readonly<Record<string, BlobRef>>;
  },
): Promise<void> {
  const document = keptDocumentSchema.parse({ schema: keptSchemaId, ...kept, at: kept.at.toISOString() });
  await store.putDocument(keptPath(document), document);
}
