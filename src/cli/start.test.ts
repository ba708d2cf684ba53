import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
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
  const script = `${process.execPath} --import ${JSON.stringify(watching)} ${program} ${args.join(" ")} 2>&1 >/dev/null`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split(/\s/);
}

it.skipIf(process.platform === "win32")(
  "a command that asks a lab loads no worlds, organisms or server, and help none of the lab either",
  async () => {
    const folder = join(await mkdtemp(join(tmpdir(), "mesascope-start-")), "lab");
    await initLab(folder);
    const heavy = /core\/(worlds\/index|organisms\/index|optimizers\/ppo)|\/(fastify|prom-client)\//;
    const asking = loadedBy("runs", "--lab", folder);
    expect(asking.filter((url) => heavy.test(url))).toEqual([]);
    expect(asking.filter((url) => url.includes("node/lab/lab.ts"))).toHaveLength(1);
    const helping = loadedBy("--help");
    expect(helping.filter((url) => heavy.test(url) || /node\/lab\/|@orpc|pglite/.test(url))).toEqual([]);
    await rm(folder, { recursive: true });
  },
);
