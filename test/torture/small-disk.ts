// A small disk in memory that can be filled and made read-only, where this user may mount one.

import { spawnSync } from "node:child_process";
import { mkdir, open, rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Torture } from "./torture.ts";

const block = new Uint8Array(256 * 1024);
const tries = 100;

export interface SmallDisk {
  readonly folder: string;
  /** Fills it to the last byte. */
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  setReadOnly(isReadOnly: boolean): Promise<void>;
}

/** Why there is none, where this user may not mount. */
export async function mountSmallDisk(
  { defer }: Pick<Torture, "defer">,
  { folder, mebibytes }: { readonly folder: string; readonly mebibytes: number },
): Promise<SmallDisk | string> {
  if (process.platform !== "linux" || userInfo().uid !== 0) return "only root on Linux may mount a small disk";
  await mkdir(folder, { recursive: true });
  const told = mount("-t", "tmpfs", "-o", `size=${mebibytes}m`, "mesascope-torture", folder);
  if (told !== null) return `no small disk can be mounted here (${told})`;
  defer(() => void spawnSync("umount", ["-l", folder]));
  const ballast = join(folder, ".ballast");
  return {
    folder,
    fill: async () => {
      const file = await open(ballast, "a");
      try {
        for (let size = block.length; size > 0; ) {
          const written = await file.write(block, 0, size).catch(() => null);
          if (written === null || written.bytesWritten < size) size = size > 1 ? Math.floor(size / 2) : 0;
        }
      } finally {
        await file.close();
      }
    },
    makeRoom: () => rm(ballast, { force: true }),
    setReadOnly: async (isReadOnly) => {
      // Refused while a file is open for writing.
      for (let i = 0; i < tries; i++) {
        if (mount("-o", `remount,${isReadOnly ? "ro" : "rw"}`, folder) === null) return;
        await sleep(20);
      }
      throw new Error(`${folder} could not be mounted anew`);
    },
  };
}

/** What went wrong; null for nothing. */
function mount(...args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}
