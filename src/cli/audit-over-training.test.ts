import { expect, it } from "vitest";
import { auditCommand } from "./commands/audit.ts";
import type { Terminal } from "./terminal.ts";

const channel = { write: () => undefined, isTerminal: false, columns: 100, style: (_: unknown, text: string) => text };
const terminal: Terminal = { out: channel, err: channel };
const over = (...args: readonly string[]) =>
  auditCommand({ terminal }).parseAsync(["agents/b", "--over-training", ...args], { from: "user" });

it.each([
  ["--world", "dish"],
  ["--preset", "quick"],
  ["--parameter", "size=6"],
  ["--encoder", "egocentric"],
  ["--lapse", "0.1"],
  ["--policy-timeout", "5"],
  ["--policy-batch", "8"],
  ["--journal", "answers"],
  ["--allow-insecure-http"],
  ["--fill", "extra=1"],
  ["--world-timeout", "5"],
  ["--fail-on", "proxy"],
])("audit --over-training refuses %s, of which it would make nothing", async (flag, ...value) => {
  await expect(over(flag, ...value)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining(`--over-training given with ${flag};`),
  });
});

it("audit --over-training names all that it refuses", async () => {
  await expect(over("--world", "dish", "--preset", "quick")).rejects.toThrow(
    /given with --world and --preset; .*Leave the rest out/,
  );
});
