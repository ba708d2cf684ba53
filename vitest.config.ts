import { defineConfig } from "vitest/config";

// Two test projects, so that the quick ones answer in seconds: `unit` (beside the code) and `whole` (contracts, learning, end to end).
export default defineConfig({
  test: {
    testTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.{ts,tsx}"] } },
      { extends: true, test: { name: "whole", include: ["test/**/*.test.ts"], testTimeout: 600_000 } },
    ],
  },
});
