// From an address to a store: a folder's path, or s3://BUCKET/PREFIX for a bucket.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import { parseBucketAddress } from "./bucket-address.ts";
import { FolderStore } from "./folder-store.ts";
import { S3Store, type S3StoreOptions } from "./s3-store.ts";

/**
 * Opens the store at `address`: a folder, which must be there, or a bucket, which must answer. For a bucket `environment` holds
 * AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and `options` say who is told that it does not answer for some seconds. Throws `usage` for what is no address or lacks credentials, `file-system` for a store that
 * cannot be reached.
 */
export async function openStore(
  address: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  options: Pick<S3StoreOptions, "onSlow"> = {},
): Promise<ArtifactStore> {
  if (address.startsWith("s3://")) return await S3Store.open(parseBucketAddress(address, environment), options);
  // A letter before the colon is a drive of Windows.
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(address) ?? [];
  if (address !== "" && scheme === undefined) return await FolderStore.open(address);
  // Not the address itself: it may hold a password.
  const given = address === "" ? "an empty address" : `an address that begins with "${scheme}:"`;
  throw new MesascopeError(
    "usage",
    `${given} was given for a lab's files; expected a folder's path or s3://BUCKET/PREFIX. Give one of these.`,
  );
}
