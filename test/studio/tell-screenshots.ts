// Says after the tests where the screenshots are that they made, for a person to look at; MESASCOPE_SCREENSHOTS names a folder to which they are
// copied, such as one that continuous integration keeps.

import { cp, mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", ".cache", "screenshots");

/** Called by Vitest before the first test; what it returns after the last. */
export function setup(): () => Promise<void> {
  const begunAt = Date.now();
  return async () => {
    const files = await readdir(folder).catch(() => []);
    const made = [];
    for (const file of files) if ((await stat(join(folder, file))).mtimeMs >= begunAt) made.push(file);
    if (made.length === 0) return;
    const kept = process.env.MESASCOPE_SCREENSHOTS;
    process.stderr.write(`${made.length} screenshots of the studio lie in ${folder}${kept ? `, and in ${kept}` : ""}\n`);
    if (!kept) return;
    await mkdir(kept, { recursive: true });
    for (const file of made) await cp(join(folder, file), join(kept, file));
  };
}
