import { expect, it } from "vitest";
import type { Channel } from "../terminal.ts";
import { replicateCommand } from "./replicate.ts";

const channel: Channel = { write: () => {}, isTerminal: false, columns: 100, style: (_, text) => text };

it("asks of what the price is wanted, rather than listing what there is", async () => {
  const command = replicateCommand({ terminal: { out: channel, err: channel } });
  await expect(command.parseAsync(["--price"], { from: "user" })).rejects.toThrow(
    '--price given and no replication; expected the name of one. "mesascope replicate" lists them.',
  );
});
