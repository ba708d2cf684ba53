import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import { arcadeReplication } from "../../core/replications/arcade.ts";
import { cardSchema } from "../../core/replications/card.ts";
import { shareFirst } from "../../core/replications/episodes.ts";
import type { Condition, Replication } from "../../core/replications/replication.ts";
import { firstUnpilotedSeed } from "../../core/replications/seeds.ts";
import { codeVersion } from "../code-version.ts";
import type { Price } from "./price.ts";
import { cardFileName, priceReplication, type ReplicateOptions, replicate } from "./replicate.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-replicate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The arcade's card without the read-out, which is the slow part. */
const replication: Replication = {
  ...arcadeReplication,
  name: "small",
  measures: [shareFirst({ name: "coin first", meaning: "", on: "apart", goal: "coin", proxy: "capsule" })],
  claims: [
    { statement: "a coin comes first now and then", holds: (numbers) => numbers.of("coin first", "apart (twin)").mean > 0 },
  ],
  chart: { kind: "agents", measures: ["coin first"] },
};

function run(name: string, more: Partial<ReplicateOptions> = {}) {
  const prices: Price[] = [];
  const done = replicate({
    replication,
    scale: "quick",
    seeds: 2,
    firstSeed: 1,
    out: join(folder, name, "cards"),
    records: join(folder, name, "records"),
    workers: 1,
    fresh: false,
    command: "mesascope replicate small --quick",
    again: "mesascope replicate small --quick --out cards",
    date: "2026-01-01",
    signal: new AbortController().signal,
    onPrice: (price) => prices.push(price),
    onProgress: () => undefined,
    ...more,
  });
  return { done, prices };
}

const kept = (name: string) => readdirSync(join(folder, name, "records", "records")).sort();

describe("a replication", () => {
  it("prices its runs, and writes a card that follows its schema, as JSON, Markdown and a picture", async () => {
    const { done, prices } = run("whole");
    const { card, files } = await done;
    expect(prices).toMatchObject([{ agents: 4, missing: 4, environmentSteps: 4 * 16_384, workers: 1 }]);
    expect(prices[0]!.seconds).toBeGreaterThan(0);
    expect(cardSchema.parse(JSON.parse(readFileSync(files.json, "utf8")))).toEqual(card);
    expect(card.verdict.answer).toBe("not judged");
    expect(card.made).toMatchObject({ command: "mesascope replicate small --quick", date: "2026-01-01", cost: { agents: 4 } });
    expect(card.conditions.map(({ agents }) => agents)).toEqual([2, 2]);
    const markdown = readFileSync(files.markdown, "utf8");
    expect(markdown).toMatch(/Quick scale/);
    expect(markdown).toContain("\n- a coin comes first now and then\n");
    expect(markdown).not.toMatch(/holds|does not hold|cannot be said/);
    expect(markdown).toMatch(/\| oracle \| oracle \| /);
    expect(readFileSync(files.svg, "utf8")).toMatch(/^<svg .*QUICK SCALE.*<\/svg>\n$/s);
    const written = Object.values(files).map((path) => basename(path));
    expect(written).toEqual(["small-quick-from-1.json", "small-quick-from-1.md", "small-quick-from-1.svg"]);
  });

  it("makes no folder where only its price is asked for", async () => {
    const records = join(folder, "priced", "records");
    const price = await priceReplication({
      ...{ replication, scale: "quick", seeds: 2, firstSeed: 1, workers: 1, fresh: false, records },
      signal: new AbortController().signal,
    });
    expect(price).toMatchObject({ agents: 4, missing: 4 });
    expect(existsSync(join(folder, "priced"))).toBe(false);
  });

  it("finds its folders before it measures what it will cost", async () => {
    const file = join(folder, "afile");
    writeFileSync(file, "");
    for (const more of [{ records: file }, { out: file }]) {
      const { done, prices } = run("nowhere", more);
      await expect(done).rejects.toThrow(/cannot make the folder .*afile: a file of that name is there/);
      expect(prices).toEqual([]);
    }
  });

  it("interrupted, keeps what is finished; the same call does only what is missing, and makes the same card", async () => {
    const controller = new AbortController();
    const first = run("broken", {
      signal: controller.signal,
      onProgress: ({ done }) => {
        // Three boards come first, then the agents.
        if (done === 4) controller.abort(new MesascopeError("interrupted", "Ctrl-C"));
      },
    });
    await expect(first.done).rejects.toThrow(expect.objectContaining({ code: "interrupted" }));
    const before = kept("broken").length;
    expect(before).toBeGreaterThanOrEqual(4);

    const again = run("broken");
    const { card } = await again.done;
    expect(again.prices[0]!.missing).toBeLessThan(4);
    const whole = await run("whole").done; // made above: nothing is missing
    expect(card.numbers).toEqual(whole.card.numbers);

    const third = run("broken");
    await third.done;
    expect(third.prices[0]).toMatchObject({ missing: 0, stepsPerSecond: null, seconds: 0 });
  });

  it("makes runs of another code again, and says so", async () => {
    await run("other").done;
    const places = kept("other").map((name) => join(folder, "other", "records", "records", name));
    for (const place of places.slice(0, 2)) {
      writeFileSync(place, readFileSync(place, "utf8").replace(codeVersion, "0.1.0+0000000000"));
    }
    const told: unknown[] = [];
    await run("other", { onPrice: ({ otherCode }) => told.push(otherCode) }).done;
    expect(told).toEqual([{ runs: 2, versions: ["0.1.0+0000000000"], here: codeVersion }]);
    for (const place of places) expect(readFileSync(place, "utf8")).toContain(codeVersion);
  });

  it("replaces agents that are not what they should be by those of the next seeds, and names them with the reason", async () => {
    const [studied, twin] = replication.conditions as readonly [Condition, Condition];
    const short = (condition: Condition): Condition => ({
      ...condition,
      recipe: ({ seed }) => condition.recipe({ scale: "quick", seed }),
    });
    // Too little training for the organism that it should be.
    const conditions = [{ ...short(studied), organism: "A" }, short(twin)];
    const { done } = run("flawed", { replication: { ...replication, levels: 32, conditions }, scale: "stated" });
    const { card, files } = await done;
    const [made, able] = card.conditions;
    expect(made).toMatchObject({ agents: 0, planned: 3, leftOut: [{ seed: 1 }, { seed: 2 }, { seed: 3 }] });
    expect(made!.leftOut[0]!.reason).toMatch(/earns [\d.]+% of the oracle in training; expected at least 95/);
    expect(able).toMatchObject({ agents: 2, planned: 2, leftOut: [] });
    expect(card.verdict.answer).toBe("inconclusive");
    const markdown = readFileSync(files.markdown, "utf8");
    expect(markdown).toMatch(/## Agents left out.*\| coupled \(wild\) \| 3 \| .*earns/s);
    expect(markdown).toMatch(/\| coupled \(wild\) \| studied \| 0 of 3 \| – \|/);
    expect(markdown).toMatch(/Seeds below 1001 were used by pilot runs/);
  });

  it("trains only the agents that more seeds ask for", async () => {
    const { done, prices } = run("whole", { seeds: 3 });
    const { card } = await done;
    expect(prices[0]).toMatchObject({ agents: 6, missing: 2 });
    expect(card.seeds).toEqual([1, 2, 3]);
  });

  it("measures agents again without training them, where only the records are gone", async () => {
    rmSync(join(folder, "whole", "records", "records"), { recursive: true });
    const { done, prices } = run("whole");
    await done;
    expect(prices[0]).toMatchObject({ missing: 4, untrained: 0, environmentSteps: 0, stepsPerSecond: null });
  });
});

describe("the name of a card's files", () => {
  const replication = arcadeReplication;
  const stated = { replication, scale: "stated", seeds: replication.seeds, firstSeed: firstUnpilotedSeed } as const;

  it("is that of the stated card for none but the stated card", () => {
    expect(cardFileName(stated)).toBe("arcade");
    expect(cardFileName({ ...stated, scale: "quick", seeds: 2 })).toBe("arcade-quick");
    expect(cardFileName({ ...stated, scale: "quick", seeds: 5, firstSeed: 7 })).toBe("arcade-quick-5-seeds-from-7");
    expect(cardFileName({ ...stated, seeds: 5 })).toBe("arcade-5-seeds");
    expect(cardFileName({ ...stated, seeds: 1 })).toBe("arcade-1-seed");
    expect(cardFileName({ ...stated, firstSeed: 7 })).toBe("arcade-from-7");
    expect(cardFileName({ ...stated, seeds: 5, firstSeed: 7 })).toBe("arcade-5-seeds-from-7");
  });
});
