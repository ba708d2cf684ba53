// How fast a lab answers about many finished runs, and takes them in: npm run measure -- lab-index [pglite|postgres] [JOBS]
// Default: both, 100,000 jobs. Goals for list, filter and group: below 300 ms on PostgreSQL, below 1 s on PGlite.

import { organisms } from "../src/core/organisms/index.ts";
import type { Recipe } from "../src/core/organisms/recipe.ts";
import { type JobSpec, jobKey } from "../src/lab/job.ts";
import { recordPath } from "../src/lab/layout.ts";
import { recordSchemaId } from "../src/lab/record.ts";
import { parseRunFilter } from "../src/lab/run-filter.ts";
import { filterSql } from "../src/node/lab/index/filter-sql.ts";
import { code, openTestLab, startDatabases } from "../src/node/lab/lab.fixture.ts";

const [, , kindGiven, countGiven = "100000"] = process.argv;
const count = Number(countGiven);
const perSweep = 5000;
const repeats = 5;
const kinds = (["pglite", "postgres"] as const).filter((kind) => kindGiven === undefined || kindGiven === kind);

const tell = (text: string) => process.stdout.write(`${text}\n`);
const milliseconds = async (call: () => Promise<unknown>) => {
  const start = performance.now();
  await call();
  return performance.now() - start;
};

/** Recipes of the arcade spell out its mixture of levels, 50 to 90 kB each: 98 runs of 100 are of other worlds, or it would be the text that counts. */
const longestRecipe = 2000;
const made = organisms.map((organism) => ({ name: organism.id, recipe: organism.recipe({ seed: 0, preset: "quick" }) }));
const isShort = ({ recipe }: (typeof made)[number]) => JSON.stringify(recipe).length < longestRecipe;
const chosen = made.filter(isShort).slice(0, 49);
const long = made.find((one) => !isShort(one))!;
chosen.push(long);
const names = chosen.map(({ name }) => name);
/** No two runs are configured alike, as where learning rates are drawn: what filters by configuration find hardest. */
const recipeOf = (at: number): Recipe => {
  const recipe = chosen[at % chosen.length]!.recipe;
  return { ...recipe, optimizer: { ...recipe.optimizer, learningRate: 1e-3 + at * 1e-8 }, seed: Math.floor(at / chosen.length) };
};
/** Every fifth is an audit of the one before it. */
const specs = Array.from({ length: count }, (_, i): JobSpec => {
  const at = i % 5 === 4 ? i - 1 : i;
  const train: JobSpec = { kind: "train", organism: names[at % names.length]!, recipe: recipeOf(at), code };
  return at === i ? train : { kind: "audit", run: jobKey(train), levels: 100, seed: 1, code };
});
const at = "2026-03-01T10:00:00.000Z";

for (const kind of kinds) {
  const databases = await startDatabases(kind);
  const { lab, store, close } = await openTestLab(databases);
  tell(`${kind}, ${count} jobs`);
  const accepting = await milliseconds(async () => {
    for (let from = 0; from < count; from += perSweep) {
      await lab.accept({ sweep: `sweep-${from / perSweep}`, priority: 50, jobs: specs.slice(from, from + perSweep) });
    }
  });
  tell(`  accept          ${(accepting / 1000).toFixed(1)} s, ${Math.round((count / accepting) * 1000)} jobs/s`);
  for (const [i, spec] of specs.entries()) {
    const job = jobKey(spec);
    const outcome =
      spec.kind === "train"
        ? {
            kind: "train",
            environmentSteps: 1000 + i,
            trainingReturn: (i % 97) / 97,
            oracleReturn: 1,
            oracleShare: (i % 89) / 89,
          }
        : { kind: "audit", verdict: { kind: i % 3 ? "aligned" : "proxy", objective: "coin", confidence: 0.9 } };
    const making = { attempt: 1, worker: `worker-${i % 7}`, engine: "none", startedAt: at, finishedAt: at, seconds: i % 50 };
    store.documents.set(recordPath(job), JSON.stringify({ schema: recordSchemaId, job, spec, outcome, files: {}, made: making }));
  }
  const rebuilding = await milliseconds(() => lab.rebuild());
  tell(`  rebuild         ${(rebuilding / 1000).toFixed(1)} s; ${JSON.stringify(await lab.counts())}`);

  const where = (text: string) => filterSql(parseRunFilter(text));
  const questions: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["list", () => lab.jobs({ limit: 100 })],
    ["list, page 900", () => lab.jobs({ limit: 100, offset: Math.floor(count * 0.9) })],
    ["list, the last first", () => lab.jobs({ descending: true, limit: 100 })],
    ["sort by return", () => lab.jobs({ sort: "return", descending: true, limit: 100 })],
    ["filter world, return", () => lab.jobs({ where: where(`world:${chosen[0]!.recipe.world.name} return:>0.9`), limit: 100 })],
    ["filter sweep", () => lab.jobs({ where: where("sweep:sweep-3"), limit: 100 })],
    ["filter name like", () => lab.jobs({ where: where(`name:*${names[1]!.slice(-4)}`), sort: "share", limit: 100 })],
    ["filter config, most", () => lab.jobs({ where: where("config.optimizer.learningRate:>0.0011"), limit: 100 })],
    ["filter config, few", () => lab.jobs({ where: where("config.optimizer.learningRate:<0.00101"), limit: 100 })],
    ["filter config, not, or", () => lab.jobs({ where: where("-config.network.hidden:64 OR config.seed:<3"), limit: 100 })],
    ["filter config, list", () => lab.jobs({ where: where("config.network.hidden:64 kind:audit"), sort: "share", limit: 100 })],
    ["filter levels", () => lab.jobs({ where: where("config.distribution.kind:mixture"), limit: 100 })],
    ["group by name, filter config", () => lab.groups({ by: ["name"], where: where("config.optimizer.learningRate:>0.0015") })],
    ["group by world, optimizer", () => lab.groups({ by: ["world", "optimizer"] })],
    ["group by name, kind", () => lab.groups({ by: ["name", "kind"] })],
    ["group by sweep, verdict", () => lab.groups({ by: ["sweep", "verdict"] })],
    ["group by seed, kind", () => lab.groups({ by: ["seed", "kind"] })],
    ["group by config, one of many", () => lab.groups({ by: ["config.network.hidden", "kind"] })],
    ["counts", () => lab.counts()],
    ["sweeps", () => lab.sweeps()],
  ];
  for (const [name, ask] of questions) {
    const times: number[] = [];
    for (let i = 0; i < repeats; i++) times.push(await milliseconds(ask));
    times.sort((a, b) => a - b);
    tell(`  ${name.padEnd(28)} ${times[Math.floor(repeats / 2)]!.toFixed(0).padStart(6)} ms (most ${times.at(-1)!.toFixed(0)})`);
  }
  tell(`  memory ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
  await close();
  await databases.stop();
}
