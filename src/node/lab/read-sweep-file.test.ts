import { execFile } from "node:child_process";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { MesascopeError } from "../../core/base/errors.ts";
import { expandSweep } from "../../lab/sweep/expand-sweep.ts";
import { gridFile, sweepOf } from "../../lab/sweep/sweep.fixture.ts";
import { parseSweepFile, type SweepFile } from "../../lab/sweep/sweep-file.ts";
import { parsePlainYaml } from "./plain-yaml.ts";
import { readSweepFile } from "./read-sweep-file.ts";

const examples = join(import.meta.dirname, "..", "..", "..", "examples", "sweeps");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-sweeps-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** In a process of its own: a test's process reads TypeScript in another way than Node. */
async function readByNode(path: string): Promise<SweepFile> {
  const module = JSON.stringify(new URL("read-sweep-file.ts", import.meta.url).href);
  const program = `import { readSweepFile } from ${module}; console.log(JSON.stringify(await readSweepFile(process.argv[1])));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program, path]);
  return parseSweepFile(JSON.parse(stdout), path);
}

async function refusal(path: string): Promise<string> {
  const error: unknown = await readSweepFile(path).then(
    () => new Error("read, and should have been refused"),
    (cause: unknown) => cause,
  );
  if (error instanceof MesascopeError && error.code === "usage") return error.message;
  throw error;
}

describe("the examples", () => {
  it("expand to the jobs that they speak of", async () => {
    const proxies = expandSweep(await readSweepFile(join(examples, "corner-proxies.yaml")), "code").jobs;
    const counts = (kind: string) => proxies.filter((job) => job.kind === kind).length;
    expect([counts("train"), counts("audit"), counts("measure")]).toEqual([25, 25, 25]);
    const search = await readByNode(join(examples, "ppo-search.ts"));
    expect(expandSweep(search, "code").jobs).toHaveLength(3 * 20 * 2);
  });
});

describe("a sweep file", () => {
  it("is the same as YAML, JSON, JavaScript and TypeScript", async () => {
    const expected = await readSweepFile(await fileOf("same.json", JSON.stringify(sweepOf())));
    expect(await readSweepFile(await fileOf("same.yaml", stringify(sweepOf())))).toEqual(expected);
    expect(await readSweepFile(await fileOf("same.mjs", `export default ${JSON.stringify(sweepOf())};`))).toEqual(expected);
    const typed = `const file: Record<string, unknown> = ${JSON.stringify(sweepOf())};\nexport default file;`;
    expect(await readByNode(await fileOf("same.ts", typed))).toEqual(expected);
  });

  it("of a module is run again when it has changed", async () => {
    const path = await fileOf("changed.mjs", `export default ${JSON.stringify(sweepOf({}, { name: "before" }))};`);
    expect((await readSweepFile(path)).name).toBe("before");
    await writeFile(path, `export default ${JSON.stringify(sweepOf({}, { name: "after" }))};`);
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    expect((await readSweepFile(path)).name).toBe("after");
  });

  it("in YAML keeps every value", () => {
    fc.assert(
      fc.property(gridFile, (file) => {
        expect(parsePlainYaml(stringify(file, { aliasDuplicateObjects: false }), "x.yaml")).toEqual(file);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, string, string | Uint8Array, RegExp]>([
    ["another ending", "a.toml", "", /a\.toml given as a sweep file; expected a name that ends in \.yaml/],
    ["an empty file", "a.yaml", "", /a\.yaml is no sweep file: the file: null given/],
    ["a mistake in YAML", "b.yaml", "schema: x\nruns: [1, 2\nname: y\n", /b\.yaml, line \d: .*; expected YAML 1\.2/],
    ["a key given twice", "c.yaml", "name: a\nschema: x\nname: b\n", /c\.yaml, line 3: Map keys must be unique/],
    ["two documents", "d.yaml", "name: a\n---\nname: b\n", /d\.yaml, line 2: a second document given/],
    ["an alias", "e.yaml", "name: a\nruns: *b\n", /e\.yaml, line 2: the alias \*b given/],
    ["an anchor", "f.yaml", "name: &b a\n", /f\.yaml, line 1: the anchor &b given/],
    ["a tag", "g.yaml", "name: a\nruns: !!binary aGVsbG8=\n", /g\.yaml, line 2: the tag !!binary given/],
    ["a key that is a list", "h.yaml", "? [1, 2]\n: 3\n", /h\.yaml, line 1: a key after "\?" given/],
    ["a key that is a list without a sign", "i.yaml", "[1, 2]: 3\n", /i\.yaml, line 1: .*string/i],
    ["infinity", "j.yaml", "name: .inf\n", /j\.yaml: name is Infinity; expected a finite number/],
    ["JSON that ends early", "a.json", '{"name": "a",\n', /a\.json is not JSON \(.*\)/],
    ["bytes that are no text", "b.json", new Uint8Array([0xff, 0xfe, 0x00]), /b\.json is not UTF-8/],
    ["a file that is too long", "c.json", " ".repeat(2 ** 22 + 1), /c\.json has 4,194,305 bytes; expected/],
    ["a module that throws", "a.mjs", 'throw new Error("no luck");', /a\.mjs cannot be loaded \(no luck\)/],
    ["a module with a mistake", "b.mjs", "export default {", /b\.mjs cannot be loaded/],
    ["a module without a default", "c.mjs", "export const sweep = 1;", /c\.mjs exports nothing by default/],
    ["a module that exports a function", "d.mjs", "export default () => 1;", /it is a function; expected JSON/],
  ])("that is %s is refused by name and line", async (_, name, text, message) => {
    expect(await refusal(await fileOf(name, text))).toMatch(message);
  });

  it("that is not there, a folder or a device is refused", async () => {
    expect(await refusal(join(folder, "missing.yaml"))).toMatch(/missing\.yaml does not exist/);
    const { mkdir, symlink } = await import("node:fs/promises");
    await mkdir(join(folder, "folder.yaml"));
    expect(await refusal(join(folder, "folder.yaml"))).toMatch(/is a folder/);
    expect(await refusal(folder)).toBe(`${folder} is a folder; expected a sweep file. Check the name.`);
    if (process.platform === "win32") return;
    await symlink("/dev/zero", join(folder, "zero.yaml"));
    expect(await refusal(join(folder, "zero.yaml"))).toMatch(/is no regular file/);
  });

  it.each<[string, string]>([
    ["deep flow", `a: ${"[".repeat(50_000)}`],
    ["deep flow that ends", `a: ${"[".repeat(3000)}${"]".repeat(3000)}`],
    ["deep lists", `${"- ".repeat(20_000)}1`],
    ["deep keys", `${"? ".repeat(20_000)}1`],
    ["too many letters", `a: ${"x".repeat(200_000)}`],
    ["deep blocks", Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
    ["many values", `a: [${"1,".repeat(40_000)}1]`],
    ["many keys", Array.from({ length: 8000 }, (_, i) => `k${i}: 1`).join("\n")],
    ["laughs by the billion", `a: &a [x, x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join("\n")}`],
  ])("of %s is refused without being followed", (_, text) => {
    expect(() => parsePlainYaml(text, "bomb.yaml")).toThrow(/bomb\.yaml, line \d+: /);
  });

  it("with letters changed anywhere is read or refused, and never anything else", async () => {
    const whole = stringify(sweepOf({ fields: { "optimizer.gamma": [0.9] }, exclude: [{ seeds: [2] }] }));
    const letters = fc.constantFrom(..."{}[]:,-?&*!|>'\"%@`#\n\t \\0a~\u0000\ufeff\ud800");
    const change = fc.record({ at: fc.nat(whole.length), remove: fc.nat(3), put: fc.array(letters, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const text = changes.reduce(
          (all, { at, remove, put }) => all.slice(0, at) + put.join("") + all.slice(at + remove),
          whole,
        );
        try {
          parsePlainYaml(text, "changed.yaml");
        } catch (error) {
          if (!(error instanceof MesascopeError)) throw error;
          expect(error.message).toMatch(/^changed\.yaml, line \d+: .+; expected .+/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
