import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { openTestLab, startDatabases } from "../lab/lab.fixture.ts";
import { LabService } from "../lab/lab-service.ts";
import { createLabApp } from "./lab-app.ts";
import { labListener } from "./lab-listener.ts";

vi.mock(import("./lab-app.ts"), async (original) => {
  const whole = await original();
  return { ...whole, createLabApp: vi.fn(whole.createLabApp) };
});

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
}, 120_000);

it("answers who asks after the making of its app failed once, and closes either way", async () => {
  const databases = await startDatabases("pglite");
  const { lab, close } = await openTestLab(databases);
  ending.push(() => databases.stop(), close);
  const failOnce = () =>
    vi.mocked(createLabApp).mockImplementationOnce(() => {
      throw new Error("a module could not be read");
    });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ending.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  const ask = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: "localhost" };
      get({ port, host: "127.0.0.1", path: "/api/v1/status", headers, agent: false }, (answer) => {
        answer.resume().on("end", () => resolve(answer.statusCode));
      }).on("error", reject);
    });

  const made = labListener(new LabService(lab));
  server.on("request", made.listener);
  failOnce();
  expect([await ask(), await ask()]).toEqual([500, 200]);
  await made.close();
  server.off("request", made.listener);

  const unmade = labListener(new LabService(lab));
  server.on("request", unmade.listener);
  failOnce();
  expect(await ask()).toBe(500);
  await unmade.close();
}, 120_000);
