// Reads TypeScript in the threads of tests without Node's own reader, which is WebAssembly: V8 ends the process now and then where many
// threads load and leave the same ("Check failed: jit_page…"; nodejs/node#64500). Preloaded with --import, which threads inherit.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

if (!isMainThread) {
  const { transformSync } = await import("rolldown/utils");
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith("file:") || !url.endsWith(".ts")) return nextLoad(url, context);
      const path = fileURLToPath(url);
      const { code, errors } = transformSync(path, readFileSync(path, "utf8"));
      if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0].message}`);
      return { format: "module", source: code, shortCircuit: true };
    },
  });
}
