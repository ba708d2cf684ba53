// The files under examples/fleet: systemd's units by systemd itself where it is, Kubernetes's manifest by its published schema.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "examples", "fleet");
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const units = ["mesascope-server.service", "mesascope-worker.service"];
const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

describe("units of systemd", () => {
  it.for(units)("%s is right, says systemd", (name, { skip }) => {
    skip(!hasSystemd, "no systemd-analyze on this machine (apt-get install systemd)");
    const place = mkdtempSync(join(tmpdir(), "mesascope-units-"));
    try {
      writeFileSync(join(place, name), read(name));
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", join(place, name)], { encoding: "utf8" });
      // Of other units of this machine it may complain too.
      expect(stderr.split("\n").filter((line) => line.includes(name))).toEqual([]);
      expect(status, stderr).toBe(0);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it.each(units)("%s gives the process a signal, and time", (name) => {
    expect(read(name)).toMatch(/^KillMode=mixed$/m);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(read(name))?.[1])).toBeGreaterThanOrEqual(30);
    expect(read(name)).toMatch(/^Restart=always$/m);
  });

  it.each(units)("%s starts a command with options that there are", (name) => {
    const [, line] = /^ExecStart=\/usr\/bin\/env mesascope (.*)$/m.exec(read(name))!;
    expectOptions(line!.split(" "));
  });
});

const objectSchema = z.object({ apiVersion: z.string(), kind: z.string() }).loose();
const objects = parseAllDocuments(read("kubernetes.yaml")).map((document) => objectSchema.parse(document.toJS()));
/** Where kubernetes-types, made from the published OpenAPI of Kubernetes, keeps its groups. */
const places: Readonly<Record<string, string>> = { v1: "core/v1", "apps/v1": "apps/v1" };

/**
 * Objects written out as constants of the types that the published schema has for their kinds: the compiler refuses unknown fields, missing
 * ones and values of other types. Returns what it complains of.
 */
function complaints(manifest: readonly z.infer<typeof objectSchema>[]): string {
  const place = mkdtempSync(join(tmpdir(), "mesascope-manifest-"));
  try {
    const lines = manifest.map(({ apiVersion, kind, ...fields }, i) => {
      const type = `import("kubernetes-types/${places[apiVersion]}").${kind}`;
      return `export const object${i}: ${type} = ${JSON.stringify({ apiVersion, kind, ...fields })};`;
    });
    writeFileSync(join(place, "manifest.ts"), lines.join("\n"));
    const paths = { "kubernetes-types/*": [join(root, "node_modules", "kubernetes-types", "*.d.ts")] };
    const options = { strict: true, noEmit: true, module: "nodenext", skipLibCheck: true, types: [], paths };
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["manifest.ts"] }));
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", place], { encoding: "utf8" });
    return status === 0 ? "" : stdout;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

describe("the manifest of Kubernetes", () => {
  it("holds secrets, a server behind a service, and workers, as the published schema has them", () => {
    expect(complaints(objects)).toBe("");
    expect(objects.map(({ kind }) => kind)).toEqual(["Secret", "Secret", "Deployment", "Service", "Deployment"]);
  });

  it("would be refused with a field that is none, or of another type, or missing", () => {
    const worker = objects.at(-1)!;
    const text = JSON.stringify(worker);
    const mutants = [
      text.replace('"replicas"', '"replica"'),
      text.replace('"replicas":4', '"replicas":"4"'),
      text.replace('"fieldPath"', '"path"'),
      text.replace('"selector"', '"selects"'),
    ];
    for (const mutant of mutants)
      expect(complaints([objectSchema.parse(JSON.parse(mutant))])).toMatch(/error TS(2322|2353|2561|2741)/);
  });

  it("starts commands with options that there are", () => {
    const args = read("kubernetes.yaml").matchAll(/args: \[(.*)\]/g);
    const lines = [...args].map(([, list]) => list!.split(", ").map((word) => word.replaceAll('"', "")));
    expect(lines.map(([command]) => command)).toEqual(["serve", "worker"]);
    for (const words of lines) expectOptions(words);
  });
});

function expectOptions([name, ...words]: readonly string[]): void {
  const { status, stdout } = spawnSync(process.execPath, [join(root, "src", "cli", "main.ts"), name!, "--help"], {
    encoding: "utf8",
  });
  expect(status).toBe(0);
  for (const word of words) if (word.startsWith("--")) expect(stdout).toContain(` ${word} `);
}
