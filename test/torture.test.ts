// The torture itself, as little of it as there can be; "npm run torture -- --quick" is more.

import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { type Finding, isReached } from "./torture/findings.ts";

const main = fileURLToPath(new URL("torture/main.ts", import.meta.url));

interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

function torture(args: readonly string[], onLine: (line: string, end: () => void) => void = () => undefined): Promise<Told> {
  const child = spawn(process.execPath, [...process.execArgv, main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const told = { out: "", errors: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    told.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    told.errors += chunk.toString();
    onLine(chunk.toString(), () => child.kill("SIGINT"));
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ ...told, code })));
}

const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("mesascope-torture-"));

it("kills a lab twice, finds that nothing is lost, and leaves nothing behind", async () => {
  const before = await folders();
  const { out, errors } = await torture(["--tiny", "--seed", "2", "--json"]);
  const findings: readonly Finding[] = JSON.parse(out || "null")?.findings ?? [];
  expect(findings.length, errors).toBeGreaterThan(10);
  // How soon things are back is the torture's to judge, on a machine that does nothing else.
  expect(findings.filter((finding) => finding.unit !== "s" && !isReached(finding))).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ name: "kills", value: 2 }));
  expect(findings).toContainEqual(expect.objectContaining({ name: "folder: confirmed things lost", value: 0 }));
  expect((await folders()).filter((name) => !before.includes(name))).toEqual([]);
});

it("ends its processes and removes its folders on Ctrl-C", async () => {
  const before = await folders();
  const { code } = await torture(["--tiny", "--kills", "50"], (line, end) => line.includes("kill 1/") && end());
  expect(code).toBe(130);
  expect((await folders()).filter((name) => !before.includes(name))).toEqual([]);
});

it("refuses what is no part of it", async () => {
  const { code, errors } = await torture(["--only", "everything"]);
  expect(code).toBe(2);
  expect(errors).toMatch(/expected: npm run torture/);
});
