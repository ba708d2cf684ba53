import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeVersion } from "../code-version.ts";
import { initLab, openLabToRead } from "../lab/lab-folder.ts";
import { LabService } from "../lab/lab-service.ts";
import { findLabFolder, type OpenForCommandOptions, openForCommand, withLab } from "./lab-at-hand.ts";
import { createDirectClient } from "./lab-client.ts";
import { sweepFile } from "./served-lab.fixture.ts";

let outer: string;
const at = (...names: readonly string[]) => join(outer, ...names);
const from = (folder: string, environment: OpenForCommandOptions["environment"] = {}) => ({
  command: "a test",
  environment,
  from: folder,
});

/** Milliseconds: a busy machine makes a database slowly. */
const hookTimeout = 120_000;
beforeAll(async () => {
  outer = await mkdtemp(join(tmpdir(), "mesascope-at-hand-"));
  await mkdir(at("project", "deep", "deeper"), { recursive: true });
  await mkdir(at("empty"));
  await initLab(at("project", "mesascope-lab"));
  await initLab(at("other"));
}, hookTimeout);
afterAll(() => rm(outer, { recursive: true, force: true }));

describe("findLabFolder", () => {
  it("takes the one given, then that of the environment, then the nearest upwards", async () => {
    const deep = at("project", "deep", "deeper");
    expect(await findLabFolder({ lab: at("other") }, from(deep, { MESASCOPE_LAB: at("project") }))).toBe(at("other"));
    expect(await findLabFolder({}, from(deep, { MESASCOPE_LAB: at("other") }))).toBe(at("other"));
    expect(await findLabFolder({}, from(deep))).toBe(at("project", "mesascope-lab"));
    expect(await findLabFolder({}, from(at("project", "mesascope-lab", "blobs")))).toBe(at("project", "mesascope-lab"));
    expect(await findLabFolder({ lab: "../.." }, from(deep))).toBe(at("project", "mesascope-lab"));
    expect(await findLabFolder({}, from(at("empty")))).toBe(null);
  });

  it("refuses a folder that was named and is no lab, rather than take another", async () => {
    await expect(findLabFolder({ lab: at("empty") }, from(at("project")))).rejects.toThrow(
      /--lab names .*empty, which is no lab/,
    );
    await expect(findLabFolder({}, from(at("project"), { MESASCOPE_LAB: "nowhere" }))).rejects.toThrow(
      /MESASCOPE_LAB names nowhere/,
    );
  });
});

describe("the proposal where a folder is no lab", () => {
  const refused = (lab: string, isArgument = false) => {
    const choice = { lab, isArgument };
    return findLabFolder(choice, from(outer)).catch((error: Error) => error.message);
  };

  it("is the folder itself where a lab can be made in it, else one in it", async () => {
    expect(await refused("empty")).toMatch(/^--lab names empty, which is no lab; .* mesascope lab init empty$/);
    expect(await refused("new")).toMatch(/^--lab names new, which does not exist; .* mesascope lab init new$/);
    await mkdir(at("filled", "more"), { recursive: true });
    expect(await refused("filled")).toMatch(/ mesascope lab init filled\Wmesascope-lab$/);
  });

  it("is none where the name is that of a file", async () => {
    await writeFile(at("afile"), "");
    expect(await refused("afile")).toBe("--lab names afile, which is a file; expected a folder with lab.json. Name another.");
  });

  it("refuses an address, and says what takes one", async () => {
    for (const lab of ["s3://bucket/prefix", "http://127.0.0.1:4321"])
      await expect(findLabFolder({ lab }, from(outer))).rejects.toThrow(/expected one of this machine.*--server URL.*--store/s);
  });

  it("speaks of --lab only where it was typed", async () => {
    expect(await refused("empty", true)).toMatch(/^empty is no lab; /);
  });
});

describe("openForCommand", () => {
  it("opens the lab where nobody has it open, and calls who has otherwise", async () => {
    const first = await openForCommand({ lab: at("other") }, from(outer));
    const second = await openForCommand({ lab: at("other") }, from(outer));
    try {
      expect([first.own !== null, first.holder]).toEqual([true, null]);
      expect([second.own, second.holder]).toEqual([null, expect.objectContaining({ processId: process.pid, command: "a test" })]);
      expect(await second.client.sweeps.accept({ file: sweepFile })).toMatchObject({ added: 4 });
      expect((await first.client.jobs.list({})).total).toBe(4);
    } finally {
      await second.close();
      await first.close();
    }
  });

  it("tells what of the lab could not be read", async () => {
    const folder = at("damaged");
    await initLab(folder);
    await (await openForCommand({ lab: folder }, from(outer))).close();
    await mkdir(join(folder, "ledger"));
    await writeFile(join(folder, "ledger", "000000000001-0123456789abcdef.json"), "{}");
    const warnings: string[] = [];
    const lab = await openForCommand({ lab: folder }, { ...from(outer), onWarning: (text) => warnings.push(text) });
    await lab.close();
    expect(warnings).toEqual([expect.stringMatching(/000000000001-0123456789abcdef\.json/)]);
  });

  it("gives all who come at the same time one lab: one of them has it open, and each is answered", async () => {
    const totals = await Promise.all(
      Array.from({ length: 6 }, () =>
        withLab({ lab: at("other") }, from(outer), async ({ client }) => (await client.jobs.list({})).total),
      ),
    );
    expect(totals).toEqual([4, 4, 4, 4, 4, 4]);
  });

  it("asks again, by opening the lab itself, where who had it open went away in between", async () => {
    const first = await openForCommand({ lab: at("other") }, from(outer));
    const owners: boolean[] = [];
    const total = await withLab({ lab: at("other") }, from(outer), async ({ client, own }) => {
      owners.push(own !== null);
      await first.close();
      return (await client.jobs.list({})).total;
    });
    expect([total, owners]).toEqual([4, [false, true]]);
  });

  it("refuses an address that is none, and a lab and a server at once", async () => {
    await expect(openForCommand({ server: "ftp://lab" }, from(outer))).rejects.toMatchObject({ code: "usage" });
    await expect(openForCommand({ server: "http://lab", lab: at("other") }, from(outer))).rejects.toThrow(/--lab and --server/);
    const { client } = await openForCommand({ server: "http://127.0.0.1:1" }, from(outer));
    await expect(client.status()).rejects.toMatchObject({ code: "lab-unreachable" });
  });
});

describe("a lab that cannot be written", () => {
  const contentOf = async (folder: string) => (await readdir(folder, { recursive: true })).sort();

  it("is asked by an index of its own and left as it is; what would change it is refused", async () => {
    const folder = at("project", "mesascope-lab");
    await withLab({ lab: folder }, from(outer), ({ client }) => client.sweeps.accept({ file: sweepFile }));
    await rm(join(folder, "index"), { recursive: true });
    const leftover = join(folder, "blobs", ".killed.999999999-0123456789ab.tmp");
    await writeFile(leftover, "half");
    const before = await contentOf(folder);
    const lab = await openLabToRead(folder, { code: codeVersion });
    const client = createDirectClient(new LabService(lab), new AbortController().signal);
    try {
      expect((await client.sweeps.list()).map(({ name }) => name)).toEqual([sweepFile.name]);
      expect((await client.jobs.list({})).total).toBeGreaterThan(0);
      await expect(client.sweeps.accept({ file: { ...sweepFile, name: "another" } })).rejects.toThrow(
        /cannot be written from here; only asked/,
      );
      const pause = { action: "pause", target: { kind: "sweep", sweep: sweepFile.name } } as const;
      await expect(client.decide(pause)).rejects.toThrow(/cannot be written from here; only asked/);
    } finally {
      await lab.close();
    }
    expect(await contentOf(folder)).toEqual(before);
  });

  it.runIf(canMount())(
    "on a file system that is mounted read-only is told as such, once, and only to those who ask",
    async () => {
      const disk = at("disk");
      await mkdir(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "none", disk]);
      try {
        await initLab(join(disk, "lab"));
        execFileSync("mount", ["-o", "remount,ro", disk]);
        const warnings: string[] = [];
        const here = { ...from(outer), onWarning: (text: string) => void warnings.push(text) };
        const asked = () => withLab({ lab: join(disk, "lab") }, { ...here, isToRead: true }, ({ client }) => client.status());
        expect((await asked()).counts.queued).toBe(0);
        expect(warnings).toEqual([
          expect.stringMatching(
            /disk\/lab cannot be written \(the file system is read-only\); it is asked by an index that is made/,
          ),
        ]);
        await expect(withLab({ lab: join(disk, "lab") }, here, async () => undefined)).rejects.toThrow(
          /the file system is read-only/,
        );
      } finally {
        execFileSync("umount", [disk]);
      }
    },
  );

  it.runIf(canMount())("on a disk that is full is asked all the same", async () => {
    const disk = at("full");
    await mkdir(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "none", disk]);
    try {
      await initLab(join(disk, "lab"));
      await fill(disk);
      const warnings: string[] = [];
      const here = { ...from(outer), isToRead: true, onWarning: (text: string) => void warnings.push(text) };
      const { isToRead, jobs } = await withLab({ lab: join(disk, "lab") }, here, async (lab) => ({
        isToRead: lab.isToRead,
        jobs: (await lab.client.jobs.list({})).total,
      }));
      expect({ isToRead, jobs }).toEqual({ isToRead: true, jobs: 0 });
      expect(warnings).toEqual([expect.stringContaining("lab cannot be written (the disk is full)")]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});

/** Takes all room of the disk that the folder is on. */
async function fill(folder: string): Promise<void> {
  const file = await open(join(folder, "filling"), "w");
  const bytes = new Uint8Array(64 * 1024);
  try {
    for (;;) await file.write(bytes);
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOSPC" });
  } finally {
    await file.close();
  }
}

/** Mounting is for the superuser of a machine of one's own. */
function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), "mesascope-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "none", place], { stdio: "ignore" });
    execFileSync("umount", [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
