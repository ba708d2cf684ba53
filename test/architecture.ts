// The order of the house, and the check that every source file keeps it. A pure function over {path → source}.

import { posix } from "node:path";
import { importsOf, maskSource } from "./source-text.ts";

/** Folders under src, lowest first. A folder imports from lower ranks and itself; folders of one rank never import each other. */
export const ranks: readonly (readonly string[])[] = [
  ["core/base"],
  // What an engine is, and ONNX Runtime as one whatever its build. Graphs speak of its tensors; node and browser load the builds.
  ["core/engine"],
  ["core/graph", "core/worlds"],
  ["core/nets", "core/objectives"],
  ["core/agents"],
  ["core/optimizers"],
  ["core/organisms", "core/instruments", "core/mitigations"],
  ["core/audit"],
  ["core/league", "core/replications"],
  // src/core/index.ts, the package's entry.
  ["core"],
  ["lab"],
  ["report", "register", "course"],
  ["node", "browser"],
  ["studio"],
  ["cli"],
];

/**
 * Folders that are lists, each with what its entries share. An entry is any other file or folder that the list's `index.ts` imports;
 * where there is no `index.ts`, any other file or folder.
 */
const lists: Readonly<Record<string, readonly string[]>> = {
  "core/worlds": ["world", "display", "draw-text", "distribution", "parameters", "level-sampler", "grid"],
  "core/instruments": [
    "instrument",
    "finding",
    "subject",
    "contexts",
    "level-bank",
    "shift-levels",
    "ask-policy",
    "regret",
    "first-taken",
  ],
  "core/organisms": ["organism", "recipe", "base-optimizers", "variants"],
  "core/mitigations": ["mitigation"],
  "core/replications": ["replication"],
};

/** What a folder may not import though it lies above: the studio runs in browsers. */
const apart: Readonly<Record<string, string>> = { studio: "node" };

/** The packages that src/core may import: those that run anywhere. */
const corePackages: readonly string[] = ["zod", "onnx-buf", "@bufbuild/protobuf", "@noble/hashes"];

/** Names that src/core must not reach for: the platform's. Members are banned by their full name. */
const platformNames: readonly string[] = [
  ...["window", "document", "navigator", "location", "localStorage", "sessionStorage", "indexedDB", "self", "globalThis"],
  ...["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Worker", "postMessage", "requestAnimationFrame", "crypto"],
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "process", "Buffer", "require", "console"],
];
const bannedMembers: readonly string[] = ["Math.random", "Date.now", "performance.now", "performance.timeOrigin"];

export type Rule = "unknown-folder" | "order" | "siblings" | "list" | "package" | "computed-import" | "platform" | "test-import";

export interface Violation {
  readonly rule: Rule;
  readonly path: string;
  readonly message: string;
}

const testPattern = /\.(test|bench|fixture)\.tsx?$/;

/** Every breach of the order in `sources` (path from the repository's root, `src/…`, → text). Tests, benches and fixtures may import anything. */
export function checkArchitecture(sources: Readonly<Record<string, string>>): readonly Violation[] {
  const isEntry = entryTest(sources);
  return Object.entries(sources).flatMap(([path, source]) => {
    if (testPattern.test(path) || !path.startsWith("src/")) return [];
    const masked = maskSource(source);
    const { specifiers, computed } = importsOf(masked);
    const inCore = path.startsWith("src/core/");
    const found = specifiers.map((specifier) =>
      specifier.startsWith(".") ? checkRelative({ path, specifier, isEntry }) : inCore ? checkPackage(path, specifier) : null,
    );
    if (rankOf(folderOf(path)) < 0) {
      found.push({ rule: "unknown-folder", path, message: `${folderOf(path)} has no rank; give it one in test/architecture.ts` });
    }
    if (inCore && computed) {
      found.push({ rule: "computed-import", path, message: "imports a module by a computed name; name it in a string" });
    }
    if (inCore) found.push(...checkPlatform(path, masked.code));
    return found.filter((violation) => violation !== null);
  });
}

interface RelativeImport {
  readonly path: string;
  readonly specifier: string;
  readonly isEntry: EntryTest;
}

function checkRelative({ path, specifier, isEntry }: RelativeImport): Violation | null {
  const target = posix.join(posix.dirname(path), specifier);
  const [from, to] = [folderOf(path), folderOf(target)];
  if (testPattern.test(target)) return { rule: "test-import", path, message: `imports the test ${target}` };
  // Where the package is run from, package.json lies at the same place: its version may be read.
  if (target === "package.json" && rankOf(from) >= rankOf("node")) return null;
  if (!target.startsWith("src/")) return { rule: "order", path, message: `imports ${target}, which is outside src` };
  if (from === to) return isEntry(target) ? checkList(path, target) : null;
  if (rankOf(to) < 0) return { rule: "unknown-folder", path, message: `imports ${target}; ${to} has no rank` };
  if (rankOf(from) === rankOf(to)) {
    return { rule: "siblings", path, message: `imports ${target}; ${from} and ${to} are of one rank and stay apart` };
  }
  if (apart[from] === to) return { rule: "siblings", path, message: `imports ${target}; ${from} and ${to} stay apart` };
  if (rankOf(from) < rankOf(to)) return { rule: "order", path, message: `imports ${target}; ${from} lies below ${to}` };
  return null;
}

/** Only the list imports its entries, and nothing beside it imports the list. An entry's own folder is its own matter. */
function checkList(path: string, target: string): Violation | null {
  const folder = folderOf(path);
  const [from, to] = [entryOf(path, folder), entryOf(target, folder)];
  if (from === to || from === "index") return null;
  return { rule: "list", path, message: `imports ${target}; "${from}" may not know "${to}" of the list ${folder}` };
}

type EntryTest = (path: string) => boolean;

/** Tells whether a path belongs to an entry of a list, or is the list itself. */
function entryTest(sources: Readonly<Record<string, string>>): EntryTest {
  const listed = Object.keys(lists).map((folder) => {
    const index = sources[`src/${folder}/index.ts`];
    if (index === undefined) return [folder, null] as const;
    const { specifiers } = importsOf(maskSource(index));
    const inside = specifiers
      .map((specifier) => posix.join(`src/${folder}`, specifier))
      .filter((path) => folderOf(path) === folder);
    return [folder, new Set([...inside.map((path) => entryOf(path, folder)), "index"])] as const;
  });
  const entries = new Map(listed);
  return (path) => {
    const folder = folderOf(path);
    const named = entries.get(folder);
    if (named === undefined || lists[folder]!.includes(entryOf(path, folder))) return false;
    return named === null || named.has(entryOf(path, folder));
  };
}

function checkPackage(path: string, specifier: string): Violation | null {
  if (corePackages.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return null;
  return {
    rule: "package",
    path,
    message: `imports ${specifier}; src/core runs anywhere and imports ${corePackages.join(", ")} only`,
  };
}

function checkPlatform(path: string, code: string): readonly Violation[] {
  const used = bannedMembers.filter((member) => new RegExp(`(?<![.\\w$])${member.replace(".", "\\s*\\.\\s*")}\\b`).test(code));
  if (/(?<![.\w$])new\s+Date\b|(?<![.\w$])Date\s*\(/.test(code)) used.push("new Date");
  for (const name of platformNames) if (isUsed(name, code) && !isDeclared(name, code)) used.push(name);
  return used.map((name) => ({
    rule: "platform",
    path,
    message: `uses ${name}; src/core has no platform, clock or chance of its own`,
  }));
}

/** Whether the global is reached into, called, constructed or asked for its type. */
function isUsed(name: string, code: string): boolean {
  return new RegExp(`(?<![.\\w$])${name}\\s*(?:[([]|\\?\\.|\\.(?!\\.))|\\b(?:new|typeof)\\s+${name}\\b(?!\\s*:)`).test(code);
}

/** Whether the file has a variable, parameter, method or import of that name. */
function isDeclared(name: string, code: string): boolean {
  return new RegExp(
    `\\b(?:const|let|var|function|class)\\s+${name}\\b|\\b(?:const|let|var)\\s*[{[][^}\\]]*\\b${name}\\b|` +
      `[({,]\\s*${name}\\s*(?:\\??\\s*:|=>|\\)\\s*=>|,[^()]*\\)\\s*=>)|(?<![.\\w$])${name}\\s*=>|\\bimport\\b[^;]*\\b${name}\\b[^;]*\\bfrom\\b`,
  ).test(code);
}

/** `src/core/worlds/grid/paths.ts` → `core/worlds`, `src/node/files.ts` → `node`, `src/core/index.ts` → `core`. */
function folderOf(path: string): string {
  const parts = posix.dirname(path).split("/").slice(1);
  return parts.slice(0, parts[0] === "core" ? 2 : 1).join("/");
}

function rankOf(folder: string): number {
  return ranks.findIndex((folders) => folders.includes(folder));
}

/** `src/core/worlds/grid/paths.ts` in `core/worlds` → `grid`; `src/core/worlds/index.ts` → `index`. */
function entryOf(path: string, folder: string): string {
  return path
    .slice(`src/${folder}/`.length)
    .replace(/\/.*$/, "")
    .replace(/\.tsx?$/, "");
}
