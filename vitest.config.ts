import { defineConfig } from "vitest/config";

// V8's map of pages with compiled code, which it keeps where the processor has memory protection keys, loses pages under many threads and
// ends the process ("Check failed: jit_page.has_value()"; nodejs/node#64500). Only builds for x64 Linux know the option.
const nodeOptions = process.platform === "linux" && process.arch === "x64" ? ["--no-memory-protection-keys"] : [];

// Two test projects, so that the quick ones answer in seconds: `unit` (beside the code) and `whole` (contracts, learning, end to end).
export default defineConfig({
  test: {
    testTimeout: 120_000,
    execArgv: nodeOptions,
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.{ts,tsx}"] } },
      { extends: true, test: { name: "whole", include: ["test/**/*.test.ts"], testTimeout: 600_000 } },
    ],
  },
});
