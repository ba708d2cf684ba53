import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { initLab } from "../node/lab/lab-folder.ts";

const program = fileURLToPath(new URL("main.ts", import.meta.url));
/** Writes the address of every module that is loaded to standard error at the end. */
const watching = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  process.on("exit", () => console.error(loaded.join(" ")));
`)}`;

function loadedBy(...args: readonly string[]): readonly string[] {
  const { stderr, status } = spawnSync(process.execPath, ["--import", watching, program, ...args], { encoding: "utf8" });
  expect(status).toBe(0);
  return stderr.split(/\s/);
}

it.skipIf(process.platform === "win32")(
  "a command that asks a lab loads no worlds, organisms or server, and help none of the lab either",
  async () => {
    const outer = await mkdtemp(join(tmpdir(), "mesascope-start-"));
    onTestFinished(() => rm(outer, { recursive: true }));
    const folder = join(outer, "lab");
    await initLab(folder);
    const heavy = /core\/(worlds\/index|organisms\/index|optimizers\/ppo)|\/(fastify|prom-client)\//;
    const asking = loadedBy("runs", "--lab", folder);
    expect(asking.filter((url) => heavy.test(url))).toEqual([]);
    expect(asking.filter((url) => url.includes("node/lab/lab.ts"))).toHaveLength(1);
    const helping = loadedBy("--help");
    expect(helping.filter((url) => heavy.test(url) || /node\/lab\/|@orpc|pglite/.test(url))).toEqual([]);
  },
);
