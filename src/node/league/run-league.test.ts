import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leagueCsv } from "../../core/league/verdict-record.ts";
import { kindOf } from "../storage/files.ts";
import type { AuditorSource } from "./league-messages.ts";
import type { LeaguePopulation } from "./league-population.ts";
import { priceOf } from "./price-league.ts";
import { type LeagueOptions, runLeague } from "./run-league.ts";
import { scriptedLeague } from "./scripted-league.fixture.ts";

const populationOf = (openLabels?: LeaguePopulation["openLabels"]): LeaguePopulation => ({
  ...scriptedLeague(),
  ...(openLabels && { openLabels }),
});

const own = (...names: readonly string[]): AuditorSource[] => names.map((name) => ({ kind: "own", name }));

let parent: string;
let place = 0;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "mesascope-league-"));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const optionsFor = (given: Partial<LeagueOptions> = {}): LeagueOptions => {
  place++;
  return {
    population: populationOf(),
    auditors: own("first-item", "majority"),
    budgets: [5],
    out: join(parent, String(place)),
    seed: 3,
    workers: 2,
    signal: new AbortController().signal,
    onProgress: () => {},
    command: "mesascope league",
    ...given,
  };
};
/** Without what differs from run to run. */
const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (/seconds$/i.test(key) || key === "verdictsSha256" ? undefined : inner)));

describe("runLeague", () => {
  it("scores every auditor at every budget, the same whatever the number of threads", async () => {
    const progress: string[] = [];
    const { document, scored } = await runLeague(
      optionsFor({ budgets: [10, 5], onProgress: (auditor, { done, of }) => progress.push(`${auditor} ${done}/${of}`) }),
    );
    expect(document.population).toMatchObject({ organisms: 8, misaligned: 4, clean: 4, heldOut: 0, unlabeled: 0 });
    expect(document.population.kindsFromSetting.of).toBe(8);
    expect(document.budgets).toEqual([5, 10]);
    expect(document.auditors.map(({ name, results }) => [name, results.map(({ levels }) => levels)])).toEqual([
      ["first-item", [5, 10]],
      ["majority", [5, 10]],
    ]);
    expect(document.auditors[1]!.results[0]!.scores.detection.detected).toMatchObject({ count: 4, of: 4 });
    expect(progress).toContain("first-item 16/16");
    const rows = leagueCsv(scored).split("\r\n");
    expect(rows).toHaveLength(1 + 2 * 2 * 8 + 1);
    expect(rows[0]).toMatch(/^auditor,levels,id,world,organism/);
    const alone = await runLeague(optionsFor({ budgets: [10, 5], workers: 1 }));
    expect(timeless(alone.document)).toEqual(timeless(document));
  });

  it("opens the labels only when every verdict is written and its hash as well", async () => {
    const base = populationOf();
    const options = optionsFor();
    let seen = "";
    const openLabels = async () => {
      const text = await readFile(join(options.out, "verdicts.jsonl"), "utf8");
      expect(text.split("\n").filter((line) => line.includes('"record":"answer"'))).toHaveLength(2 * 8);
      seen = JSON.parse(await readFile(join(options.out, "verdicts.sha256.json"), "utf8")).sha256;
      return base.openLabels();
    };
    const { document } = await runLeague({ ...options, population: { ...base, openLabels } });
    expect(seen).toBe(document.verdictsSha256);
  });

  it("goes on where it was broken off, and asks no one twice", async () => {
    const controller = new AbortController();
    const options = optionsFor({ workers: 1 });
    const interrupted = runLeague({
      ...options,
      signal: controller.signal,
      onProgress: (_, { done }) => done === 3 && controller.abort(new Error("stopped")),
    });
    await expect(interrupted).rejects.toThrow("stopped");
    const path = join(options.out, "verdicts.jsonl");
    const kept = (await readFile(path, "utf8")).split("\n").filter((line) => line.includes('"answer"'));
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect(await kindOf(join(options.out, "verdicts.sha256.json"))).toBeNull();
    await writeFile(path, `${await readFile(path, "utf8")}{"record":"ans`); // as a crash may leave it
    const first: number[] = [];
    const { document } = await runLeague({ ...options, onProgress: (_, { done }) => first.push(done) });
    expect(first.slice(0, 2).reduce((a, b) => a + b)).toBe(kept.length);
    const whole = await runLeague(optionsFor({ workers: 1 }));
    const scores = ({ auditors }: typeof document) => auditors.map(({ results }) => results.map((result) => result.scores));
    expect(timeless(scores(document))).toEqual(timeless(scores(whole.document)));
  });

  it("scores a finished league again without auditing, but not one whose verdicts were changed", async () => {
    const options = optionsFor();
    const { document } = await runLeague(options);
    const again = await runLeague(options);
    expect(again.document.verdictsSha256).toBe(document.verdictsSha256);
    await expect(runLeague({ ...options, seed: 4 })).rejects.toThrow(/verdicts of another league \(it differs in seed\)/);
    const path = join(options.out, "verdicts.jsonl");
    await writeFile(path, (await readFile(path, "utf8")).replace('"explanation":"', '"explanation":"No: '));
    await expect(runLeague(options)).rejects.toThrow(/verdicts were changed after they were sealed/);
  });

  it("refuses labels that are not its members'", async () => {
    const labels = await populationOf().openLabels();
    await expect(runLeague(optionsFor({ population: populationOf(async () => labels.slice(1)) }))).rejects.toThrow(
      /7 labels for 8 organisms/,
    );
  });
});

describe("auditors from outside", () => {
  const write = async (name: string, text: string): Promise<AuditorSource> => {
    const path = join(parent, name);
    await writeFile(path, text);
    return { kind: "module", path };
  };

  it("enter by the path of a module", async () => {
    const { document } = await runLeague(
      optionsFor({
        auditors: [{ kind: "module", path: "examples/auditors/nearest-item.mjs" }, ...own("majority")],
        budgets: [30],
      }),
    );
    const { scores } = document.auditors[0]!.results[0]!;
    expect(document.auditors[0]!.name).toBe("nearest-item");
    const wrong = new Map(scores.mistakes.map(({ organism, sort }) => [organism, sort]));
    expect([wrong.get("planner:capsules"), wrong.get("nearest-capsule"), wrong.get("planner:score")].filter(Boolean)).toEqual([]);
    // Under the cues of training, one that goes by a cue looks like any other.
    expect(wrong.get("cue-gated")).toBe("missed");
  });

  it("are told what is wrong with them", async () => {
    const run = (auditors: readonly AuditorSource[]) => runLeague(optionsFor({ auditors }));
    await expect(run([{ kind: "module", path: join(parent, "none.mjs") }])).rejects.toThrow(/none\.mjs does not exist/);
    await expect(run([await write("broken.mjs", "export const auditor = {")])).rejects.toThrow(/broken\.mjs cannot be loaded/);
    await expect(run([await write("empty.mjs", "export const a = 1;")])).rejects.toThrow(
      /empty\.mjs is no auditor of the league/,
    );
    await expect(run(own("majority", "majority"))).rejects.toThrow(/two auditors of the name "majority"/);
    await expect(run([])).rejects.toThrow(/no auditor given/);
    const wrong =
      'export const auditor = { name: "wrong", description: "?", prepare: async () => async () => ({ kind: "evil" }) };';
    await expect(run([await write("wrong.mjs", wrong)])).rejects.toThrow(
      /auditor "wrong" answered on [0-9a-f]{8} with something/,
    );
  });

  it("are named when they throw, while preparing and while auditing", async () => {
    const throwing = async (name: string, prepare: string) => {
      const text = `export const auditor = { name: "${name}", description: "?", prepare: async () => ${prepare} };`;
      return runLeague(optionsFor({ auditors: [await write(`${name}.mjs`, text)] }));
    };
    await expect(throwing("early", '{ throw new Error("no luck"); }')).rejects.toThrow(
      /auditor "early" of .*early\.mjs threw while preparing at 5 levels \(Error: no luck\)/,
    );
    await expect(throwing("late", '() => { throw "no text"; }')).rejects.toThrow(
      /auditor "late" of .*threw while auditing [0-9a-f]{8} \(no text\)/,
    );
    await expect(throwing("none", "undefined")).rejects.toThrow(/auditor "none" of .*\(TypeError: audit is not a function\)/);
  });

  it("may say that they cannot audit a setting, and then claim nothing", async () => {
    const text =
      'export const auditor = { name: "shy", description: "?", prepare: async () => { throw Object.assign(new Error("no solver"), { code: "usage" }); } };';
    const { document } = await runLeague(optionsFor({ auditors: [await write("shy.mjs", text)], budgets: [5] }));
    const { scores } = document.auditors[0]!.results[0]!;
    expect(scores.detection.inconclusiveMisaligned).toMatchObject({ count: 4, of: 4 });
    expect(scores.mistakes[0]!.explanation).toBe("Not run: no solver");
  });
});

describe("priceOf", () => {
  it("times each auditor on the first organism of each world at the least budget, and writes nothing", async () => {
    const options = optionsFor({ auditors: own("first-item", "majority"), budgets: [10, 5] });
    const price = await priceOf(options);
    expect(price.audits).toBe(2 * 2 * 8);
    expect(price.measured.map(({ auditor, world, levels }) => [auditor, world, levels])).toEqual([
      ["first-item", "arcade", 5],
      ["majority", "arcade", 5],
    ]);
    // Prepared once for 8 organisms at 5 and at 10 levels: 3 times what was timed at 5.
    const expected = price.measured.reduce((sum, { prepare, audit }) => sum + 3 * (prepare + 8 * audit), 0);
    expect(price.seconds).toBeCloseTo(expected, 9);
    expect(await kindOf(options.out)).toBeNull();
  });

  it("leaves out what is answered, and refuses the folder of another league", async () => {
    const options = optionsFor({ auditors: own("first-item", "majority") });
    const controller = new AbortController();
    const interrupted = runLeague({
      ...{ ...options, workers: 1, signal: controller.signal },
      onProgress: (_, { done }) => done === 3 && controller.abort(new Error("stopped")),
    });
    await expect(interrupted).rejects.toThrow("stopped");
    const { audits } = await priceOf(options);
    expect(audits).toBeLessThanOrEqual(16 - 3);
    await runLeague(options);
    expect(await priceOf(options)).toEqual({ audits: 0, seconds: 0, measured: [] });
    await expect(priceOf({ ...options, seed: 9 })).rejects.toMatchObject({ code: "usage" });
  });
});
