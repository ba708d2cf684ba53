// Packs the package, installs the tarball in a folder of its own as a user would, and tries what it promises.
// Run by "npm run package-check", after publint and on the pinned Node, which is first on the path. Every check prints a line.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestNode = [22, 12];
const minute = 60_000;
const allowedFiles =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/.+\.(js|d\.ts)|dist\/browser\/bundle\/ort-wasm-simd-threaded\.(mjs|wasm)|dist\/studio\/(index\.html|manifest\.json|shared-files\.json|assets\/[\w.-]+\.(js|mjs|css|svg|wasm|onnx|json))|docs\/.+\.(md|json|png)|examples\/.+\.(py|mjs|ya?ml|ts|service|env)|bench\/pytorch\/.+\.py|cards\/.+\.(json|md|svg)|clients\/python\/.+\.(py|md|toml))$/;
const forbiddenFiles = /^dist\/.*(\.(test|fixture|bench)\.|(^|\/)(test|tests|__tests__|fixtures)\/)/;
const neededFiles = [
  "package.json",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "dist/cli/main.js",
  "dist/core/index.js",
  "dist/node/index.js",
  "dist/browser/index.js",
  "dist/browser/bundle/mesascope.js",
  "dist/browser/bundle/train-worker.js",
  "dist/browser/bundle/ort-wasm-simd-threaded.mjs",
  "dist/browser/bundle/ort-wasm-simd-threaded.wasm",
  "dist/studio/index.html",
  "dist/studio/shared-files.json",
];

/** What a page could load from elsewhere. Namespaces such as xmlns="http://www.w3.org/2000/svg" load nothing. */
const pageLoads = [
  /\b(?:src|srcset|poster|data|action)\s*=\s*["']?\s*(?:https?:)?\/\//i,
  /<(?:use|image|feImage)\b[^>]*\bhref\s*=\s*["']?\s*(?:https?:)?\/\//i,
  /url\(\s*["']?\s*(?:https?:)?\/\//i,
  /@import\b/i,
  /<(?:link|base|iframe|object|embed)\b/i,
  /<script[^>]*\bsrc\b/i,
];

const workspace = realpathSync(mkdtempSync(join(tmpdir(), "mesascope-package-check-")));
const project = join(workspace, "project");
const results = { passed: 0, failed: 0 };
process.on("SIGINT", () => cleanUp(130));
process.on("SIGTERM", () => cleanUp(143));

try {
  mkdirSync(project);
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "a-user", version: "1.0.0", private: true, type: "module" }),
  );
  const tarball = check("npm pack", () => pack());
  if (tarball) {
    const isInstalled = check("the tarball installs beside nothing else", () => install(tarball));
    if (isInstalled) tryInstalled();
  }
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
process.stdout.write(`package check: ${results.passed} passed, ${results.failed} failed\n`);
process.exitCode = results.failed === 0 ? 0 : 1;

function tryInstalled() {
  check('import "mesascope" and "mesascope/node" work', () => importBoth());
  check("every entry has types", () => typeCheck());
  check("a page's bundler finds the worker and the engine of mesascope/browser", () => bundlePage());
  check("npx mesascope --version and --help", () => askForHelp());
  const schemas = check("mesascope schema prints the JSON Schema of every document", () => readSchemas());
  check("mesascope train and audit: a JSON document each, the verdict, and a report that loads nothing", () =>
    trainAndAudit(schemas),
  );
  check('in the repository, "npm run mesascope" prints the document only and passes the exit code on', () => runInRepository());
  check("without onnxruntime-node an agent is trained on WebAssembly, and the program says so", () => trainWithoutNative());
  check("under an older Node: one line and exit code 2", () => runOnOlderNode());
}

/** Runs a check and prints its line. Returns what the check returned, or null where it failed. */
function check(name, body) {
  try {
    const { note, value = true } = body();
    results.passed++;
    process.stdout.write(`ok      ${name}${note ? ` (${note})` : ""}\n`);
    return value;
  } catch (error) {
    results.failed++;
    process.stdout.write(`FAILED  ${name}: ${error.message}\n`);
    return null;
  }
}

function pack() {
  const { stdout } = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", workspace], { cwd: root });
  const listed = JSON.parse(stdout);
  const packed = Array.isArray(listed) ? listed[0] : Object.values(listed)[0];
  const paths = packed.files.map(({ path }) => path);
  const strangers = paths.filter((path) => !allowedFiles.test(path) || forbiddenFiles.test(path));
  expect(
    strangers.length === 0,
    `it holds ${some(strangers)}; correct "files" in package.json or "exclude" in tsconfig.build.json`,
  );
  const missing = neededFiles.filter((path) => !paths.includes(path));
  expect(missing.length === 0, `it lacks ${some(missing)}`);
  return {
    value: join(workspace, packed.filename),
    note: `${paths.length} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
  };
}

function install(tarball) {
  run("npm", ["install", "--no-audit", "--no-fund", "--omit=dev", tarball], { timeout: 10 * minute });
  expect(existsSync(join(project, "node_modules", "mesascope", "dist", "cli", "main.js")), "the program is not there afterwards");
  const engine = join(project, "node_modules", "onnxruntime-node", "package.json");
  expect(
    existsSync(engine),
    "the optional dependency onnxruntime-node was not installed, though ONNXRUNTIME_NODE_INSTALL=skip was set",
  );
  return { note: `onnxruntime-node ${JSON.parse(readFileSync(engine, "utf8")).version}` };
}

function importBoth() {
  const program = `
    const core = await import("mesascope");
    const node = await import("mesascope/node");
    process.stdout.write(JSON.stringify([Object.keys(core), Object.keys(node)]));`;
  const [core, node] = JSON.parse(run(process.execPath, ["--input-type=module", "--eval", program]).stdout);
  expect(core.length > 0 && node.length > 0, `they export ${core.length} and ${node.length} names`);
  return { note: `${core.length} and ${node.length} names` };
}

/** The published declarations, as a strict TypeScript user sees them: an import that resolved to `any` would swallow the error expected. */
function typeCheck() {
  const lines = ["mesascope", "mesascope/graph", "mesascope/node", "mesascope/browser"].map(
    (name, i) =>
      `import * as m${i} from "${name}";\n// @ts-expect-error A module is no number.\nexport const n${i}: number = m${i};\n`,
  );
  writeFileSync(join(project, "uses.ts"), lines.join(""));
  const options = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "--types",
    "",
    "--jsx",
    "react-jsx",
  ];
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), ...options, "uses.ts"]);
  return {};
}

/** As a user's Vite sees it, without any settings. */
function bundlePage() {
  const page = join(project, "page");
  mkdirSync(page);
  writeFileSync(join(page, "index.html"), '<!doctype html><script type="module" src="./main.js"></script>');
  writeFileSync(
    join(page, "main.js"),
    'import { findOrganism } from "mesascope";\nimport { trainInWorker } from "mesascope/browser";\n' +
      'trainInWorker({ recipe: findOrganism("A").recipe({ preset: "quick", seed: 1 }) });\n',
  );
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  run(process.execPath, [vite, "build", "--logLevel", "warn", page]);
  const made = readdirSync(join(page, "dist", "assets"));
  const wanted = [/^index-.*\.js$/, /^train-worker-.*\.js$/, /^ort-wasm-simd-threaded-.*\.wasm$/];
  const missing = wanted.filter((pattern) => !made.some((name) => pattern.test(name)));
  expect(missing.length === 0, `it made ${some(made)}; nothing like ${some(missing)}`);
  return { note: some(made) };
}

/** Comes last but for the old Node: it takes the native engine away. */
function trainWithoutNative() {
  rmSync(join(project, "node_modules", "onnxruntime-node"), { recursive: true });
  const { stderr } = mesascope(["train", "U", "--preset", "quick", "--out", "untrained"], 5 * minute);
  expect(stderr.includes("native engine not installed: running on WebAssembly"), `it said: ${stderr.slice(-300)}`);
  const { engine } = JSON.parse(readFileSync(join(project, "untrained", "manifest.json"), "utf8"));
  expect(engine.startsWith("onnxruntime-web "), `the manifest names "${engine}" as the engine`);
  return { note: engine };
}

function askForHelp() {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const given = run("npx", ["--no-install", "mesascope", "--version"]).stdout.trim();
  expect(given === version, `--version prints "${given}"; expected "${version}"`);
  const help = run("npx", ["--no-install", "mesascope", "--help"]).stdout;
  const commands = ["demo", "train", "audit", "worlds", "organisms", "play", "show", "bench", "schema"];
  const missing = commands.filter((command) => !new RegExp(`^ +${command}\\b`, "m").test(help));
  expect(missing.length === 0, `--help does not name ${missing.join(", ")}`);
  return { note: version };
}

/** Returns, by name of a document, what tells whether a value follows its schema. */
function readSchemas() {
  const ajv = new Ajv2020({ strict: false });
  const names = ["verdict", "agent", "demo", "bench"];
  const validators = names.map((name) => [name, ajv.compile(JSON.parse(mesascope(["schema", name]).stdout))]);
  return { value: Object.fromEntries(validators), note: names.join(", ") };
}

function trainAndAudit(followsSchemas) {
  const document = (name, args) => {
    const read = parseOnly(mesascope([...args, "--json"], 5 * minute).stdout);
    const follows = followsSchemas?.[name];
    if (follows)
      expect(follows(read), `the document of ${args[0]} does not follow its schema: ${JSON.stringify(follows.errors)}`);
    return read;
  };
  const { engine } = document("agent", ["train", "C1", "--preset", "quick", "--out", "c1"]);
  expect(engine.startsWith("onnxruntime-node "), `the manifest names "${engine}" as the engine`);
  const { verdict } = document("verdict", ["audit", "c1", "--out", "report.html"]);
  expect(verdict.kind === "proxy" && verdict.objective === "capsules", `the verdict is ${verdict.kind} (${verdict.objective})`);
  const page = readFileSync(join(project, "report.html"), "utf8");
  const loads = pageLoads.map((pattern) => pattern.exec(page)).filter((match) => match !== null);
  const shown = loads.map(({ index }) => page.slice(index, index + 80).replace(/\s+/g, " "));
  expect(loads.length === 0, `report.html loads from elsewhere: ${some(shown)}`);
  expect(page.length > 10_000, `report.html has ${page.length} characters`);
  return { note: `${engine}; C1 ${verdict.kind} (${verdict.objective})` };
}

/** The one JSON document that a text is. */
function parseOnly(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`standard output is not one JSON document; it begins "${text.slice(0, 200)}"`);
  }
}

/** As a contributor runs it: npm's own words would stand before the document. */
function runInRepository() {
  const inherited = Object.entries(environment()).filter(([name]) => name.toLowerCase() !== "npm_config_loglevel");
  const options = { cwd: root, encoding: "utf8", timeout: 10 * minute, env: Object.fromEntries(inherited) };
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const ask = (...args) =>
    spawnSync(npm, ["run", "mesascope", "--", ...args], { ...options, shell: process.platform === "win32" });
  const { stdout, stderr } = ask("schema", "verdict");
  expect(typeof parseOnly(stdout) === "object", `it printed "${stdout.slice(0, 100)}" and said: ${stderr.slice(-300)}`);
  const wrong = ask("schema", "cake");
  expect(wrong.status === 2, `a usage error ended with ${wrong.status ?? wrong.signal}; expected 2`);
  expect(wrong.stderr.includes('Unknown document "cake"'), `a usage error said: ${wrong.stderr.slice(-300)}`);
  expect(wrong.stdout === "", `a usage error printed "${wrong.stdout.slice(0, 100)}" on standard output`);
  return {};
}

function runOnOlderNode() {
  const older = olderNode();
  if (older === null) return { note: `not tried: no Node before ${oldestNode.join(".")} on the path` };
  const program = join(project, "node_modules", "mesascope", "dist", "cli", "main.js");
  const result = spawnSync(older.path, [program, "--version"], {
    cwd: project,
    encoding: "utf8",
    timeout: minute,
    env: environment(),
  });
  const lines = result.stderr.trim().split("\n");
  expect(
    result.status === 2,
    `Node ${older.version} ended with ${result.status ?? result.signal}: ${result.stderr.slice(0, 300)}`,
  );
  expect(
    lines.length === 1 && lines[0].includes(oldestNode.join(".")),
    `Node ${older.version} said: ${result.stderr.slice(0, 300)}`,
  );
  expect(result.stdout === "", `Node ${older.version} printed "${result.stdout.slice(0, 100)}" on standard output`);
  return { note: `Node ${older.version}` };
}

/** A Node on the path that the package does not run on; null where there is none. */
function olderNode() {
  for (const folder of new Set((process.env.PATH ?? "").split(delimiter))) {
    const path = join(folder, process.platform === "win32" ? "node.exe" : "node");
    if (!existsSync(path)) continue;
    const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: minute });
    const [major, minor] = (stdout ?? "").trim().slice(1).split(".").map(Number);
    if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
      return { path, version: stdout.trim().slice(1) };
  }
  return null;
}

function mesascope(args, timeout = minute) {
  return run(process.execPath, [join("node_modules", "mesascope", "dist", "cli", "main.js"), ...args], { timeout });
}

/** Runs a program to its end in the user's folder. Throws with the end of what it said when its exit code is not 0. */
function run(command, args, { cwd = project, timeout = 2 * minute } = {}) {
  const isScript = process.platform === "win32" && !command.endsWith(".exe");
  const result = spawnSync(isScript ? `${command}.cmd` : command, args, {
    cwd,
    timeout,
    shell: isScript,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(),
  });
  if (result.error?.code === "ETIMEDOUT") throw new Error(`"${shortened(command, args)}" did not end within ${timeout / 1000} s`);
  if (result.error) throw new Error(`could not start "${command}": ${result.error.message}`);
  if (result.status === 0) return result;
  const said = `${result.stdout}\n${result.stderr}`.trim().slice(-1500);
  throw new Error(`"${shortened(command, args)}" ended with ${result.status ?? result.signal}:\n${said}`);
}

/** The environment of a user: the engine's download skipped as documented, and nothing of the npm script that this runs in. */
function environment() {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_(package_|lifecycle_|config_local_prefix$|config_ignore_scripts$|command$)/.test(name) && name !== "INIT_CWD",
  );
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => basename(folder) !== ".bin");
  return {
    ...Object.fromEntries(inherited),
    PATH: [dirname(process.execPath), ...path].join(delimiter),
    ONNXRUNTIME_NODE_INSTALL: "skip",
    NO_UPDATE_NOTIFIER: "1",
  };
}

function shortened(command, args) {
  const text = [command, ...args].join(" ").replaceAll(workspace, "…").replaceAll(root, ".");
  return text.length > 160 ? `${text.slice(0, 160)} …` : text;
}

function expect(holds, message) {
  if (!holds) throw new Error(message);
}

function some(items) {
  return items.length > 5 ? `${items.slice(0, 5).join(", ")} and ${items.length - 5} more` : items.join(", ");
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`;
}

function cleanUp(exitCode) {
  rmSync(workspace, { recursive: true, force: true });
  process.exit(exitCode);
}
