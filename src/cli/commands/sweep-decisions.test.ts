import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Command } from "commander";
import { expect, it } from "vitest";
import type { Channel } from "../terminal.ts";
import { addSweepDecisions } from "./sweep-decisions.ts";

interface Said {
  readonly out: string;
  /** Ends of the addresses that were asked for. */
  readonly asked: readonly string[];
}

/** What a decision says by a server that changes so many jobs and then cannot list its sweeps. */
async function said(affected: number, ...words: readonly string[]): Promise<Said> {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, answer) => {
    const what = url.split("/").at(-1) ?? "";
    asked.push(what);
    answer.writeHead(what === "decisions" ? 200 : 503, { "content-type": "application/json" });
    answer.end(JSON.stringify(what === "decisions" ? { affected } : { message: "no" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let out = "";
  const channel: Channel = {
    write: (text) => {
      out += text;
    },
    ...{ isTerminal: false, columns: 100, style: (_, text) => text },
  };
  try {
    const { port } = server.address() as AddressInfo;
    const command = addSweepDecisions(new Command("sweep"), { terminal: { out: channel, err: channel } });
    await command.parseAsync([...words, "--server", `http://127.0.0.1:${port}`], { from: "user" });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return { out, asked };
}

it("asks for sweeps only where a decision changed nothing and a person reads why", async () => {
  expect(await said(2, "pause", "first")).toEqual({ out: "first: pause: 2 jobs changed by it.\n", asked: ["decisions"] });
  const { out, asked } = await said(0, "pause", "first", "--json");
  expect(JSON.parse(out)).toMatchObject({ affected: 0 });
  expect(asked).toEqual(["decisions"]);
});

it("stands by a decision that was accepted where the sweeps are not told then", async () => {
  const { out, asked } = await said(0, "resume", "first");
  expect(out).toBe("first: resume: 0 jobs changed by it.\n");
  expect(asked).toEqual(["decisions", "sweeps"]);
});
