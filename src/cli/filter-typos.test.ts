import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { initLab } from "../node/lab/lab-folder.ts";
import { type LabAtHand, openForCommand } from "../node/server/lab-at-hand.ts";
import { sweepFile } from "../node/server/served-lab.fixture.ts";
import { requireKnownNames } from "./filter-typos.ts";

let folder: string;
let lab: LabAtHand;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-typos-"));
  await initLab(folder);
  lab = await openForCommand({ lab: folder }, { command: "a test", environment: {}, from: folder });
  await lab.client.sweeps.accept({ file: sweepFile });
}, 120_000);
afterAll(async () => {
  await lab.close();
  await rm(folder, { recursive: true, force: true });
});

const asked = (filter: string) => requireKnownNames(lab.client, filter);
const { name } = sweepFile;

it("a sweep that the lab does not have is told with those most like it", async () => {
  const typo = `${name}x`;
  await expect(asked(`sweep:${typo} state:failed`)).rejects.toMatchObject({
    code: "usage",
    message: `the lab has no sweep "${typo}"; nearest of 1: ${name}. Correct the name; "mesascope lab status" lists them.`,
  });
  await expect(asked(`kind:audit OR (sweep:${typo} AND seed:1)`)).rejects.toThrow(typo);
});

it("a field that no recipe has is told with those most like it", async () => {
  await expect(asked("config.optimizer.learningrat:3")).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/has the field "config.optimizer.learningrat"; nearest: config.optimizer.learningRate, /),
  });
});

it("what is there, a pattern, and what shall not be, are no typos", async () => {
  for (const filter of [
    "",
    `sweep:${name} state:failed`,
    "sweep:nosuch*",
    "NOT sweep:nosuch",
    "sweep:null",
    "config.optimizer.learningRate:7",
    "config.foo.bar:null",
  ])
    await expect(asked(filter)).resolves.toBeUndefined();
});

it("in a lab without runs a field that no recipe could have is told, and one that a recipe could have is none", async () => {
  const empty = await mkdtemp(join(tmpdir(), "mesascope-typos-"));
  await initLab(empty);
  const opened = await openForCommand({ lab: empty }, { command: "a test", environment: {}, from: empty });
  try {
    await expect(requireKnownNames(opened.client, "config.optimizer.learningrat:3")).rejects.toThrow(
      /^no recipe of an organism has the field "config.optimizer.learningrat"; nearest: config.optimizer.learningRate/,
    );
    await expect(requireKnownNames(opened.client, "config.foo:1")).rejects.toThrow(/has the field "config.foo"/);
    for (const filter of ["config.optimizer.learningRate:3", "config.optimizer.populationSize:4", "config.network.hidden:64"])
      await expect(requireKnownNames(opened.client, filter)).resolves.toBeUndefined();
  } finally {
    await opened.close();
    await rm(empty, { recursive: true, force: true });
  }
});
