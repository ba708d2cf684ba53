// What train and audit do where there is a lab: the same agents and verdicts as without, once each, through interruptions, beside others that
// have the lab open, and with a clear word where it is damaged.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOrganism } from "../src/core/organisms/index.ts";
import { cleanEnvironment, type Ended, runProgram, startProgram } from "./program.ts";

const outer = mkdtempSync(join(tmpdir(), "mesascope-use-"));
const folder = join(outer, "work");
const at = (...names: readonly string[]) => join(folder, ...names);
const env = cleanEnvironment(outer);
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const mesascope = (...args: readonly string[]) => runProgram(args, { folder, env });
const start = (...args: readonly string[]) => startProgram(args, { folder, env });

function done(...args: readonly string[]): Ended {
  const result = mesascope(...args);
  expect(result.code, result.err).toBe(0);
  return result;
}

/** A recipe that is no organism's: whatever it comes to is kept. */
function writeRecipe(name: string, { steps, seed }: { readonly steps: number; readonly seed: number }): string {
  const recipe = findOrganism("A").recipe({ preset: "quick", seed });
  const changed = { ...recipe, optimizer: { ...recipe.optimizer, totalTimesteps: steps } };
  writeFileSync(at(name), JSON.stringify(changed));
  return name;
}

const file = (...names: readonly string[]) => readFileSync(at(...names));
const json = (...names: readonly string[]) => JSON.parse(file(...names).toString());
/** All that a folder holds of an agent, but for how long it took. */
const agentIn = (name: string) => {
  const { training, ...manifest } = json(name, "manifest.json");
  const { seconds, ...rest } = training;
  expect(seconds).toBeGreaterThan(0);
  return { policy: file(name, "policy.onnx"), curve: file(name, "curve.csv"), manifest: JSON.stringify([manifest, rest]) };
};
const lab = (...names: readonly string[]) => at("mesascope-lab", ...names);
const listed = (name: string) => readdirSync(lab(name)).sort();
const withoutTime = (text: string) => text.replace(/"seconds": [\d.e-]+/, "");
const keyIn = ({ err }: Ended) => /as ([0-9a-f]{12}):/.exec(err)![1]!;

beforeAll(() => {
  mkdirSync(folder);
  writeRecipe("tiny.json", { steps: 24_576, seed: 1 });
  writeRecipe("other.json", { steps: 24_576, seed: 2 });
  writeRecipe("long.json", { steps: 600_000, seed: 3 });
  done("train", "--recipe", "tiny.json", "--out", "plain");
  done("train", "--recipe", "long.json", "--out", "long-plain");
  done("lab", "init");
}, 300_000);

describe("train", () => {
  it("wants a folder where there is no lab", () => {
    const { code, err } = mesascope("train", "--recipe", "tiny.json", "--no-lab");
    expect([code, err]).toEqual([2, expect.stringMatching(/no folder for the agent given; expected --out DIR/)]);
  });

  it("says that it uses the lab, and makes the same agent as without", () => {
    const { err, out } = done("train", "--recipe", "tiny.json", "--out", "in-lab");
    expect(err).toMatch(/^Using the lab in mesascope-lab; --no-lab trains without it\.$/m);
    expect(out).toMatch(/Kept in mesascope-lab as [0-9a-f]{12}/);
    expect(agentIn("in-lab")).toEqual(agentIn("plain"));
    expect(existsSync(at("in-lab.training"))).toBe(false);
  });

  it("does nothing when it is asked again, and needs no folder", () => {
    const before = [listed("ledger"), listed("records")];
    const first = done("train", "--recipe", "tiny.json", "--json");
    expect(JSON.parse(first.out)).toEqual(json("in-lab", "manifest.json"));
    done("train", "--recipe", "tiny.json", "--out", "again");
    expect(file("again", "manifest.json")).toEqual(file("in-lab", "manifest.json"));
    expect([listed("ledger"), listed("records")]).toEqual(before);
    const shown = JSON.parse(done("runs", "show", keyIn(first), "--json").out);
    expect(shown.row).toMatchObject({ attempt: 1, sweeps: ["train"], state: "done" });
  });

  it("leaves what is in a folder, as without a lab", () => {
    const { code, err } = mesascope("train", "--recipe", "other.json", "--out", "plain");
    expect([code, err]).toEqual([2, expect.stringMatching(/an agent is already there.*--force/)]);
    done("train", "--recipe", "tiny.json", "--out", "again", "--force");
  });

  it("goes on after Ctrl-C with the same command, to the same bits", async () => {
    const training = start("train", "--recipe", "long.json", "--out", "long-in-lab");
    await training.said(/^score: \d+% +[1-9][\d,]* \//m);
    training.child.kill("SIGINT");
    const { code, err } = await training.ended;
    expect(code).toBe(130);
    expect(err).toMatch(/what was done is saved in .*mesascope-lab\. Continue with: mesascope train --recipe long\.json/);
    expect(existsSync(at("long-in-lab"))).toBe(false);
    expect(listed("checkpoints")).toHaveLength(1);
    done("train", "--recipe", "long.json", "--out", "long-in-lab");
    expect(agentIn("long-in-lab")).toEqual(agentIn("long-plain"));
    expect(listed("checkpoints")).toHaveLength(0);
  });

  it("does not keep an organism that is not what it should be, says so as without a lab, and tries it once", () => {
    const args = ["train", "A", "--preset", "quick", "--steps", "24576"];
    const plain = mesascope(...args, "--out", "failing", "--no-lab");
    const first = mesascope(...args, "--out", "failing");
    const second = mesascope(...args, "--out", "failing");
    const told = (result: Ended) => /^mesascope: .*$/m.exec(result.err)?.[0];
    expect(told(first)).toMatch(/It is not what its recipe says and was not kept/);
    expect([first.code, told(first)]).toEqual([plain.code, told(plain)]);
    expect([second.code, told(second)]).toEqual([plain.code, told(plain)]);
    const { rows } = JSON.parse(done("runs", "state:failed", "--json").out);
    expect(rows).toMatchObject([{ name: "A", attempt: 1 }]);
    expect(existsSync(at("failing"))).toBe(false);
  });

  it("takes up again what was cancelled", () => {
    writeFileSync(at("sweep.json"), JSON.stringify(sweepOf("given-up", 9)));
    done("sweep", "sweep.json", "--detach");
    done("sweep", "cancel", "given-up");
    const { rows } = JSON.parse(done("runs", "sweep:given-up", "--json").out);
    expect(rows).toMatchObject([{ state: "cancelled" }]);
    writeRecipe("given-up.json", { steps: 24_576, seed: 9 });
    expect(keyIn(done("train", "--recipe", "given-up.json", "--json"))).toBe(rows[0].key.slice(0, 12));
  });

  it("goes on without the lab with what was begun without", async () => {
    const training = start("train", "--recipe", "long.json", "--out", "begun", "--no-lab");
    await training.said(/^score: \d+% +[1-9][\d,]* \//m);
    training.child.kill("SIGINT");
    expect((await training.ended).code).toBe(130);
    const { code, err } = mesascope("train", "--recipe", "long.json", "--out", "begun");
    expect([code, err]).toEqual([2, expect.stringMatching(/a run was begun for begun.*train --resume begun/)]);
    const resumed = done("train", "--resume", "begun");
    expect(resumed.err).not.toMatch(/Using the lab/);
    expect(agentIn("begun")).toEqual(agentIn("long-plain"));
  });
});

/** A sweep of one run, that of `writeRecipe` with the same seed. */
function sweepOf(name: string, seed: number, steps = 24_576) {
  const fields = { "optimizer.totalTimesteps": [steps] };
  return {
    schema: "mesascope/sweep@1",
    name,
    runs: [{ organisms: ["A"], presets: ["quick"], fields, seeds: [seed], verify: false }],
  };
}

describe("audit", () => {
  const asked = ["--levels", "10", "--json"] as const;

  it("comes to the same verdict, and is there at once the second time", () => {
    const plain = mesascope("audit", "plain", ...asked, "--no-lab");
    const first = mesascope("audit", "in-lab", ...asked);
    expect(first.err).toMatch(/^Using the lab in mesascope-lab; --no-lab audits without it\.$/m);
    expect(first.code).toBe(plain.code);
    expect(withoutTime(first.out)).toBe(withoutTime(plain.out));
    const before = [listed("ledger"), listed("records")];
    // An agent that was trained without the lab, and is the very same.
    for (const agent of ["in-lab", "plain"]) expect(mesascope("audit", agent, ...asked).out).toBe(first.out);
    expect([listed("ledger"), listed("records")]).toEqual(before);
  });

  it("takes the key of a run, or its first digits, and says what is none", () => {
    const key = keyIn(done("train", "--recipe", "tiny.json", "--json"));
    expect(mesascope("audit", key, ...asked).out).toBe(mesascope("audit", "in-lab", ...asked).out);
    expect(mesascope("audit", key.slice(0, 8), "--levels", "10").out).toMatch(/Kept in mesascope-lab as [0-9a-f]{12}/);
    const unknown = mesascope("audit", "0123456789ab", ...asked);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringMatching(/no finished run begins with it/)]);
    const without = mesascope("audit", key, ...asked, "--no-lab");
    expect([without.code, without.err]).toEqual([2, expect.stringMatching(/no folder, and there is no lab/)]);
  });

  it("is done without the lab of an agent that is not the lab's", () => {
    cpSync(at("in-lab"), at("changed"), { recursive: true });
    const manifest = json("changed", "manifest.json");
    writeFileSync(at("changed", "manifest.json"), JSON.stringify({ ...manifest, recipe: null }));
    const { err, out } = mesascope("audit", "changed", ...asked);
    expect(err).not.toMatch(/Using the lab/);
    expect(withoutTime(out)).toBe(withoutTime(mesascope("audit", "in-lab", ...asked).out));
  });
});

describe("a lab that another process has open", () => {
  it("is asked: it trains and audits what others want before its own, and who waits takes over when it ends", async () => {
    writeFileSync(at("sweep.json"), JSON.stringify(sweepOf("background", 20, 2_000_000)));
    const server = start("serve", "--port", "0", "--workers", "2");
    await server.said(/http:\/\//);
    done("sweep", "sweep.json", "--detach");
    const { err, out } = done("train", "--recipe", "other.json", "--out", "other-in-lab");
    expect(err).toMatch(/^Process \d+ \("mesascope serve .*"\) has the lab open and works on it\.$/m);
    expect(out).toMatch(/Written to other-in-lab/);
    done("train", "--recipe", "other.json", "--out", "other-plain", "--no-lab");
    expect(agentIn("other-in-lab")).toEqual(agentIn("other-plain"));
    writeRecipe("third.json", { steps: 600_000, seed: 4 });
    const training = start("train", "--recipe", "third.json", "--out", "third");
    await training.said(/^score: \d+% +[1-9][\d,]* \//m);
    server.child.kill("SIGKILL");
    const { code, err: told } = await training.ended;
    expect(code, told).toBe(0);
    expect(told).toMatch(/The process that had the lab open is gone; taking over\./);
    done("sweep", "cancel", "background");
  });
});

describe("a damaged lab", () => {
  it("is told with what is wrong and what to do, and does not keep anybody from working without it", () => {
    const key = keyIn(done("train", "--recipe", "tiny.json", "--json"));
    const { files } = JSON.parse(done("runs", "show", key, "--json").out).record;
    const { sha256 } = files["policy.onnx"];
    const [path] = readdirSync(lab("blobs"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.includes(sha256.slice(4)),
    );
    const whole = readFileSync(lab("blobs", path!));
    writeFileSync(lab("blobs", path!), whole.subarray(0, 100));
    const { code, err } = mesascope("train", "--recipe", "tiny.json", "--out", "from-damaged");
    expect([code, err]).toEqual([1, expect.stringMatching(/is damaged: .*To do without the lab, add --no-lab\./)]);
    expect(existsSync(at("from-damaged"))).toBe(false);
    // What only the lab has cannot be audited without it.
    const byKey = mesascope("audit", key, "--levels", "13");
    expect([byKey.code, byKey.err]).toEqual([1, expect.stringMatching(/is damaged: /)]);
    expect(byKey.err).not.toMatch(/--no-lab/);
    done("train", "--recipe", "tiny.json", "--out", "from-damaged", "--no-lab");
    expect(mesascope("audit", "plain", "--levels", "10", "--no-lab", "--json").err).not.toMatch(/damaged/);
  });

  it("whose ledger is lost is made anew from its records, which is told, and ends with 1", () => {
    const before = JSON.parse(done("lab", "status", "--json").out).status.counts.done;
    for (const name of readdirSync(lab("ledger"))) rmSync(lab("ledger", name));
    const rebuilt = mesascope("lab", "rebuild");
    expect([rebuilt.code, rebuilt.err]).toEqual([1, expect.stringMatching(/finished jobs are of no sweep .* "recovered"/)]);
    expect(JSON.parse(done("lab", "status", "--json").out).status.counts.done).toBe(before);
  });
});
