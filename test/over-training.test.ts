// When an objective formed, by the built program: of an agent in a folder and of the same as a run of a lab, which come to the same document.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOrganism } from "../src/core/organisms/index.ts";
import { overTrainingDocumentSchema } from "../src/lab/over-training.ts";
import { cleanEnvironment, type Ended, runProgram } from "./program.ts";

const outer = mkdtempSync(join(tmpdir(), "mesascope-formation-"));
const folder = join(outer, "work");
const env = cleanEnvironment(outer);
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const mesascope = (...args: readonly string[]) => runProgram(args, { folder, env });
const over = (...args: readonly string[]) => mesascope("audit", ...args, "--over-training", "--levels", "10", "--seed", "4");

function done(ended: Ended): Ended {
  expect(ended.code, ended.err).toBe(0);
  return ended;
}

/** Four updates: of the nine places of snapshots several come to the same one. */
const moments = [2048, 4096, 6144, 8192];

beforeAll(() => {
  mkdirSync(folder);
  const recipe = findOrganism("C1").recipe({ preset: "quick", seed: 3 });
  const optimizer = { ...recipe.optimizer, numEnvs: 32, numSteps: 64, minibatchSize: 512, totalTimesteps: 8192 };
  writeFileSync(join(folder, "tiny.json"), JSON.stringify({ ...recipe, optimizer }));
  done(mesascope("train", "--recipe", "tiny.json", "--out", "plain"));
  done(mesascope("lab", "init"));
  done(mesascope("train", "--recipe", "tiny.json", "--out", "from-lab"));
}, 300_000);

describe("audit --over-training", () => {
  it("finds the same in a folder and in a lab, where each moment is an audit that is not made twice", () => {
    expect(readdirSync(join(folder, "from-lab")).sort()).toEqual(readdirSync(join(folder, "plain")).sort());
    const plain = done(over("plain", "--no-lab", "--json"));
    expect(plain.err).toMatch(/^4 audits of 10 levels: about \d+ s of one core/m);
    const document = overTrainingDocumentSchema.parse(JSON.parse(plain.out));
    expect(document.points.map(({ environmentSteps }) => environmentSteps)).toEqual(moments);
    for (const { posterior } of document.points)
      expect(Object.values(posterior).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);

    const inLab = done(over("from-lab", "--json"));
    expect(inLab.out).toBe(plain.out);
    const again = done(over("from-lab"));
    expect(again.err).not.toMatch(/audits of 10 levels/);
    expect(again.out).toMatch(/over its training.*audits of 10 levels, seed 4/);
    for (const steps of moments) expect(again.out).toContain(steps.toLocaleString("en-US"));
    const runs = JSON.parse(done(mesascope("runs", "kind:audit", "--json")).out);
    expect(runs.total).toBe(moments.length);
    expect(done(mesascope("runs", "show", runs.rows[0].run)).out).toMatch(
      /^over training +(At the end|The (proxy|objective)).*\(10 levels, seed 4\)$/ms,
    );
  }, 300_000);

  it.each([
    ["no agent", ["--policy", "scripted:random"], /--over-training given without an agent/],
    ["a report", ["plain", "--out", "report.html"], /--over-training given with --out/],
    ["a folder that is none", ["nothing"], /nothing given, which is no folder|nothing does not exist/],
  ])("refuses %s", (_, args, why) => {
    const { code, err } = over(...args);
    expect(code).toBe(2);
    expect(err).toMatch(why);
  });

  it("says so of an agent of whose training nothing was kept", () => {
    for (const name of readdirSync(join(folder, "plain"))) if (name.startsWith("snapshot-")) rmSync(join(folder, "plain", name));
    const { code, err } = over("plain", "--no-lab");
    expect(code).toBe(2);
    expect(err).toMatch(/plain given, of whose training no snapshots were kept.*Train it again/);
  });
});
