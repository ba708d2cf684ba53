import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { toldSkips } from "./test/told-skips.ts";

// V8's map of pages with compiled code loses pages where many threads load and leave the same WebAssembly, and ends the process ("Check
// failed: jit_page…"; nodejs/node#64500). Only builds for x64 Linux know the first option.
const engineOptions =
  process.platform === "linux" && process.arch === "x64" ? ["--no-memory-protection-keys", "--no-wasm-native-module-cache"] : [];
const nodeOptions = [...engineOptions, "--import", fileURLToPath(new URL("scripts/typescript-in-threads.mjs", import.meta.url))];

/** The long ones first, which are of the project `whole`: else one of minutes runs last, alone. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { whole = [], unit = [] } = Object.groupBy(await super.sort(files), ({ project }) => project.name as "whole" | "unit");
    return [...whole, ...unit];
  }
}

// Two test projects, so that the quick ones answer in seconds: `unit` (beside the code) and `whole` (contracts, learning, end to end).
export default defineConfig({
  test: {
    testTimeout: 120_000,
    // One more than cores: of leases, restarts and browsers some minutes are waited for. Left to itself, Vitest would keep a core free.
    maxWorkers: availableParallelism() + 1,
    execArgv: nodeOptions,
    sequence: { sequencer: LongFirst },
    reporters: ["default", toldSkips],
    // What a test waits for comes late on a busy machine, and a wait that is over ends at once.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.{ts,tsx}"] } },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/**/*.test.ts"],
          globalSetup: ["test/studio/tell-screenshots.ts"],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
