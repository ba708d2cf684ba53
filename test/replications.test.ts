// Every listed replication against the contract of its description, and the command that makes a card, from the built program.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { Prng } from "../src/core/base/prng.ts";
import { recipeSchema } from "../src/core/organisms/recipe.ts";
import { replications } from "../src/core/replications/index.ts";
import { planOf, stageOf } from "../src/core/replications/plan.ts";
import { cleanEnvironment, runProgram } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-replications-"));
const env = cleanEnvironment(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mesascope = (...args: readonly string[]) => runProgram(args, { folder, env });

describe.each(replications)("the replication $name", (replication) => {
  it("has a source, a note on its scale, at least ten seeds, claims, and a name of its own", () => {
    expect(replication.finding.source).toMatch(/\d{4}/);
    expect(replication.scaleNote.length).toBeGreaterThan(40);
    expect(replication.seeds).toBeGreaterThanOrEqual(10);
    expect(replication.claims.length).toBeGreaterThan(0);
    expect(replications.filter(({ name }) => name === replication.name)).toHaveLength(1);
    expect(replication.name).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it.each(["stated", "quick"] as const)("plans sound recipes and boards at the scale %s", (scale) => {
    const { agents, boards } = planOf(replication, { scale, seeds: 2, firstSeed: 1 });
    expect(agents).toHaveLength(2 * replication.conditions.length);
    for (const { recipe, seed } of agents) {
      expect(recipeSchema.parse(recipe)).toEqual(recipe);
      expect(recipe.seed).toBe(seed);
    }
    for (const board of boards) {
      const { world, encoder } = stageOf(board);
      expect(world.sampleLevel(board.distribution, Prng.fromSeed(1))).toBeDefined();
      const own = agents.find((agent) => agent.boards.includes(board))!;
      expect(encoder.size).toBe(stageOf(own.recipe).encoder.size);
      for (const seeker of board.seekers) expect(world.objectives.map(({ name }) => name)).toContain(seeker);
    }
  });

  it("trains at the quick scale in a small part of the time of the stated one", () => {
    const steps = (["quick", "stated"] as const).map((scale) =>
      planOf(replication, { scale, seeds: 1, firstSeed: 1 }).agents.reduce(
        (sum, { recipe }) => sum + recipe.optimizer.totalTimesteps,
        0,
      ),
    );
    expect(steps[0]! * 4).toBeLessThan(steps[1]!);
  });
});

describe("mesascope replicate", () => {
  it("lists what there is, and refuses what there is not", () => {
    const listed = mesascope("replicate", "--json");
    const document = JSON.parse(listed.out);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(mesascope("schema", "replications").out));
    validate(document);
    expect(validate.errors).toBeNull();
    expect(document.replications).toEqual(
      replications.map(({ name, title, finding, seeds }) => ({ name, title, finding, seeds })),
    );
    const unknown = mesascope("replicate", "nothing");
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch(/unknown replication "nothing"; known: .*arcade/);
  });

  it("tells its price alone, on standard output, and makes nothing", () => {
    const priced = mesascope("replicate", "arcade", "--quick", "--price", "--json", "--out", "priced");
    expect(priced.code).toBe(0);
    const document = JSON.parse(priced.out);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(mesascope("schema", "replication-price").out));
    validate(document);
    expect(validate.errors).toBeNull();
    expect(document).toMatchObject({ replication: "arcade", scale: "quick", seeds: 2, price: { agents: 4, missing: 4 } });
    expect(existsSync(join(folder, "priced"))).toBe(false);
  });

  it("prints its price, writes valid files, and makes nothing twice", () => {
    const schema = JSON.parse(mesascope("schema", "card").out);
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const first = mesascope("replicate", "arcade", "--quick", "--seeds", "2", "--json");
    expect(first.code).toBe(0);
    expect(first.err).toMatch(
      /4 of 4 agents to make, 4 of them to train, 65,536 steps at [\d,]+ a second, .* about (\d+ min )?\d+ s\./,
    );
    expect(first.err).toMatch(/100% {2}7 of 7 runs done/);
    const card = JSON.parse(first.out);
    validate(card);
    expect(validate.errors).toBeNull();
    expect(JSON.parse(readFileSync(join(folder, "cards", "arcade-quick.json"), "utf8"))).toEqual(card);
    expect(card.scale.kind).toBe("quick");
    expect(card.made.command).toBe("mesascope replicate arcade --quick --seeds 2 --seed 1001");
    expect(readFileSync(join(folder, "cards", "arcade-quick.md"), "utf8")).toMatch(/^# What wild agents want.*Quick scale/s);
    expect(readFileSync(join(folder, "cards", "arcade-quick.svg"), "utf8")).toMatch(/<\/svg>\n$/);

    const again = mesascope("replicate", "arcade", "--quick", "--seeds", "2", "--json");
    expect(again.err).toMatch(/all 4 agents were made before/);
    expect(JSON.parse(again.out).numbers).toEqual(card.numbers);
  });
});
