import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { codeVersion, modulesHash } from "./code-version.ts";
import { packageVersion } from "./package-version.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-code-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

describe("the version of the code", () => {
  it("is the package's with a hash of the modules that decide results", () => {
    expect(codeVersion.startsWith(`${packageVersion}+`)).toBe(true);
    expect(codeVersion).toMatch(/\+[0-9a-f]{10}$/);
  });

  it("changes with every one of the folders", () => {
    for (const name of ["core", "training"]) {
      mkdirSync(join(folder, name), { recursive: true });
      write(`${name}/one.ts`, "one");
    }
    const versionOf = () => modulesHash(join(folder, "core"), join(folder, "training"));
    const before = versionOf();
    write("training/one.ts", "two");
    const changed = versionOf();
    write("training/one.ts", "one");
    write("core/one.ts", "two");
    expect(new Set([before, changed, versionOf()]).size).toBe(3);
    for (const name of ["core", "training"]) rmSync(join(folder, name), { recursive: true });
  });

  it("changes with a module that is named by itself, and not with those beside it", () => {
    write("one.ts", "one");
    const versionOf = () => modulesHash(join(folder, "one.ts"));
    const before = versionOf();
    write("two.ts", "two");
    expect(versionOf()).toBe(before);
    write("one.ts", "another");
    expect(versionOf()).not.toBe(before);
    for (const name of ["one.ts", "two.ts"]) rmSync(join(folder, name));
  });

  it("changes with the text, the name and the number of modules in any folder, and with nothing else", () => {
    mkdirSync(join(folder, "worlds"));
    write("index.ts", "export const one = 1;\n");
    write("worlds/dish.ts", "export const two = 2;\n");
    const before = modulesHash(folder);

    write("worlds/dish.test.ts", "a test\n");
    write("worlds/grid.fixture.ts", "a fixture\n");
    write("index.d.ts", "types\n");
    write("index.js.map", "{}\n");
    write("tsconfig.json", "{}\n");
    expect(modulesHash(folder)).toBe(before);

    write("worlds/dish.ts", "export const two = 3;\n");
    const changed = modulesHash(folder);
    expect(changed).not.toBe(before);
    write("worlds/more.ts", "");
    expect(new Set([before, changed, modulesHash(folder)]).size).toBe(3);
    rmSync(join(folder, "worlds/more.ts"));
    write("worlds/dish.ts", "export const two = 2;\n");
    expect(modulesHash(folder)).toBe(before);
  });
});
