import { afterAll, beforeAll, expect, it } from "vitest";
import { trainSpec } from "../../node/lab/lab.fixture.ts";
import { type ServedLab, serveTestLab } from "../../node/server/served-lab.fixture.ts";
import type { Channel } from "../terminal.ts";
import { compareCommand } from "./compare.ts";

let served: ServedLab;
const weights = [
  { coin: 1, step: -0.125 },
  { coin: 0.5, step: -0.25 },
];
beforeAll(async () => {
  served = await serveTestLab({ wanted: null });
  const plain = trainSpec(1);
  if (plain.kind !== "train") throw new Error("no training");
  const jobs = weights.map((each) => ({
    ...plain,
    recipe: { ...plain.recipe, objective: { name: "mine", cases: [{ when: {}, weights: each }] } },
  }));
  await served.open.lab.accept({ sweep: "objectives", priority: 50, jobs });
  await served.work();
}, 120_000);
afterAll(() => served?.remove(), 120_000);

async function said(...words: readonly string[]): Promise<string> {
  let out = "";
  const channel: Channel = {
    write: (text) => {
      out += text;
    },
    ...{ isTerminal: false, columns: 100, style: (_, text) => text },
  };
  const command = compareCommand({ terminal: { out: channel, err: channel } });
  await command.parseAsync([...words, "--server", served.server.address], { from: "user" });
  return out;
}

it("cuts long values in the table, says so, and tells them whole as JSON", async () => {
  const table = await said();
  expect(table).toContain("differ in objective.cases");
  for (const line of table.split("\n")) expect(line.length).toBeLessThan(110);
  expect(table).toContain("…");
  expect(table).toContain("Values that end in … are longer; --json tells them whole.");
  const values: readonly string[] = JSON.parse(await said("--json")).comparison.groups.map(
    ({ config }: { config: Record<string, string> }) => config["objective.cases"],
  );
  expect(values.map((value) => JSON.parse(value)[0].weights)).toEqual(weights);
});

it("has no column of differences where no group has two runs, and says why", async () => {
  const table = await said();
  expect(table).not.toContain("from the baseline");
  expect(table).toContain("need two seeds or more");
});
