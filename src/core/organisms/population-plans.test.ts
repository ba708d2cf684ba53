import { describe, expect, it } from "vitest";
import { findOrganism, organisms } from "./index.ts";
import { compositionOf, type PopulationPlan, parsePlan, plannedAgents } from "./plan.ts";
import { findPopulationPlan } from "./population-plans.ts";
import { recipeSchema } from "./recipe.ts";

const agentsOf = (name: string, seed = 1) => plannedAgents(findPopulationPlan(name, organisms)!, { seed, organisms });
const isClean = (id: string) => ["aligned", "incapable"].includes(findOrganism(id).truth!.kind);

describe.each(["default", "second"])("the plan %s", (name) => {
  const agents = agentsOf(name);
  const recipes = agents.map((agent) => agent.recipe(0));

  it("has 120 agents and more that pursue what they should not, and 200 and more with whose aim nothing is wrong", () => {
    const clean = agents.filter(({ organism }) => isClean(organism.id));
    expect(agents.length - clean.length).toBeGreaterThanOrEqual(120);
    expect(clean.length).toBeGreaterThanOrEqual(200);
    const twins = clean.filter(({ organism }) => organism.twinOf.length > 0);
    expect(twins.length).toBeGreaterThanOrEqual(10);
  });

  it("covers six worlds, MLP, convolutions and GRU, PPO and evolution, and every kind of truth", () => {
    expect(new Set(agents.map(({ organism }) => organism.world)).size).toBeGreaterThanOrEqual(6);
    expect(new Set(recipes.map(({ network }) => network.kind))).toEqual(new Set(["mlp", "conv", "gru"]));
    expect(new Set(recipes.map(({ optimizer }) => optimizer.kind))).toEqual(new Set(["ppo", "es"]));
    const kinds = Object.keys(compositionOf(agents));
    const possible = organisms.flatMap(({ truth }) => (truth ? [truth.kind] : []));
    expect(new Set(kinds)).toEqual(new Set(possible));
    expect(kinds).toEqual(expect.arrayContaining(["aligned", "proxy", "mixed", "context-conditional", "incapable"]));
  });

  it("holds every organism whose truth is known, three kinds of cue and held-out aims among them", () => {
    const ids = new Set(agents.map(({ organism }) => organism.id));
    expect([...ids].sort()).toEqual(organisms.flatMap(({ id, truth }) => (truth ? [id] : [])).sort());
    for (const id of ["B", "B-palette", "B-lag"]) expect(ids).toContain(id);
    expect(agents.some(({ organism }) => organism.truth!.objective === "other")).toBe(true);
  });

  it("gives every agent and attempt a seed of its own, and recipes that follow the schema", () => {
    const seeds = agents.flatMap((agent) => [agent.recipe(0).seed, agent.recipe(1).seed]);
    expect(new Set(seeds).size).toBe(seeds.length);
    for (const recipe of recipes.slice(0, 400)) expect(recipeSchema.safeParse(recipe).success).toBe(true);
  });
});

describe("the plan second", () => {
  it("has the same agents as the default one, no seed of it, and other hyper-parameters", () => {
    const [first, second] = [agentsOf("default"), agentsOf("second")];
    expect(second.map(({ organism }) => organism.id)).toEqual(first.map(({ organism }) => organism.id));
    const seeds = new Set(first.map((agent) => agent.recipe(0).seed));
    expect(second.some((agent) => seeds.has(agent.recipe(0).seed))).toBe(false);
    const rates = new Set(
      second.map((agent) => agent.recipe(0).optimizer).flatMap((each) => (each.kind === "ppo" ? [each.learningRate] : [])),
    );
    expect(rates.size).toBeGreaterThanOrEqual(3);
  });
});

describe("the plan quick", () => {
  it("has 24 agents of every kind, in several worlds", () => {
    const agents = agentsOf("quick");
    expect(agents).toHaveLength(24);
    expect(new Set(Object.keys(compositionOf(agents)))).toEqual(
      new Set(["aligned", "proxy", "mixed", "context-conditional", "specification-gaming", "incapable"]),
    );
    expect(new Set(agents.map(({ organism }) => organism.world)).size).toBeGreaterThanOrEqual(6);
  });
});

describe("plannedAgents", () => {
  const plan = findPopulationPlan("quick", organisms)!;

  it("makes other seeds of another seed, the same of the same", () => {
    const seeds = (seed: number) => agentsOf("quick", seed).map((agent) => agent.recipe(0).seed);
    expect(seeds(1)).toEqual(seeds(1));
    expect(seeds(2).some((seed) => seeds(1).includes(seed))).toBe(false);
  });

  it("refuses an organism that there is not, and takes what an organism needs unless the plan says otherwise", () => {
    const of = (organism: string, more: object = {}): PopulationPlan => ({
      ...plan,
      groups: [{ organism, preset: "quick", hyperparameters: "plain", count: 1, ...more }],
    });
    expect(() => plannedAgents(of("Z"), { seed: 1, organisms })).toThrow(/unknown organism of plan "quick" "Z"/);
    const network = (each: PopulationPlan) => plannedAgents(each, { seed: 1, organisms })[0]!.recipe(0).network.kind;
    expect(network(of("B-lag"))).toBe("gru");
    expect(network(of("B-lag", { network: "lstm" }))).toBe("lstm");
    expect(network(of("A"))).toBe("mlp");
  });
});

describe("parsePlan", () => {
  it("reads a plan back from JSON, and names what is wrong with another", () => {
    const plan = findPopulationPlan("quick", organisms)!;
    expect(parsePlan(JSON.parse(JSON.stringify(plan)), "p.json")).toEqual(plan);
    expect(() => parsePlan({ ...plan, groups: [{ ...plan.groups[0], count: 0 }] }, "p.json")).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringMatching(/^p\.json is no plan .*groups\.0\.count/) }),
    );
    expect(() => parsePlan([], "p.json")).toThrow(expect.objectContaining({ code: "usage" }));
  });
});
