// The script of a page that measures: it starts the worker that does.

new Worker(new URL("./measuring-worker.js", import.meta.url), { type: "module" });
