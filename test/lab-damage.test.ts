// Every byte of a small lab altered in turn: none is missed.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fillLab, makeLabFolder } from "../src/node/lab/maintenance/small-lab.fixture.ts";
import { verifyLab } from "../src/node/lab/maintenance/verify.ts";

it("verifying a lab finds every altered byte of every file, and names that file", async () => {
  const made = await makeLabFolder();
  const store = await made.open();
  await fillLab(store);
  const entries = await readdir(made.folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
  expect(paths).toHaveLength(14);
  let altered = 0;
  for (const path of paths) {
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at++) {
      await writeFile(path, whole.with(at, (whole[at] ?? 0) ^ (1 << (at % 8))));
      const { problems } = await verifyLab(store);
      expect(problems, `byte ${at} of ${path}`).toContainEqual(
        expect.objectContaining({ file: path, what: expect.stringMatching(/do not match the hash|have the SHA-256/) }),
      );
      altered++;
    }
    await writeFile(path, whole);
  }
  expect(altered).toBeGreaterThan(4000);
  expect((await verifyLab(store)).problems).toEqual([]);
  await made.remove();
});
