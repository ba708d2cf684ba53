// What a server tells of cards and leagues that the lab keeps: their files by name, and nothing that lies elsewhere.

import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keep } from "../../lab/kept.ts";
import { type ServedLab, serveTestLab, token } from "./served-lab.fixture.ts";

let served: ServedLab;
beforeAll(async () => {
  served = await serveTestLab();
  const { store } = served.open.lab;
  const blob = (text: string) => store.putBlob(new TextEncoder().encode(text));
  const files = {
    "league.json": await blob('{"a":1}'),
    "league.csv": await blob("\ufeffä,b\r\n"),
    "league.bin": await blob("?"),
  };
  await keep(store, { kind: "league", name: "abc", at: new Date("2026-03-01T10:00:00Z"), files });
  await keep(store, {
    kind: "card",
    name: "corner",
    at: new Date("2026-03-02T10:00:00Z"),
    files: { "card.md": await blob("#") },
  });
}, 120_000);
afterAll(() => served?.remove(), 120_000);

it("lists what is kept, the newest first, with the bytes of its files", async () => {
  expect(await served.tcp.kept.list()).toEqual([
    { kind: "card", name: "corner", at: "2026-03-02T10:00:00.000Z", files: { "card.md": 1 } },
    {
      ...{ kind: "league", name: "abc", at: "2026-03-01T10:00:00.000Z" },
      files: { "league.json": 7, "league.csv": 9, "league.bin": 1 },
    },
  ]);
});

it("tells a file as it was kept, and plainly where there is none or it is no text", async () => {
  const file = (name: string, of = "abc") => served.tcp.kept.file({ kind: "league", name: of, file: name });
  expect(await file("league.json")).toEqual({ text: '{"a":1}' });
  expect(await file("league.csv")).toEqual({ text: "\ufeffä,b\r\n" });
  await expect(file("league.svg")).rejects.toThrow(/keeps no league.svg of the league abc/);
  await expect(file("league.json", "other")).rejects.toThrow(/keeps no league.json of the league other/);
  await expect(file("constructor")).rejects.toThrow(/keeps no constructor/);
  await expect(file("league.bin")).rejects.toThrow(/expected text/);
});

it("takes no path for a name, however it is written, and gives nothing to who has no token", async () => {
  const { hostname, port } = new URL(served.server.address);
  const ask = (path: string, authorization: string) =>
    new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
      request({ hostname, port, path, headers: { authorization } }, (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        answer.on("end", () => resolve({ status: answer.statusCode!, body }));
      })
        .on("error", reject)
        .end();
    });
  const lab = JSON.parse(await readFile(join(served.folder, "lab.json"), "utf8"));
  for (const path of [
    ...["league/abc/..%2F..%2Flab.json", "league/..%2F..%2Flab/league.json", "league/abc/%2e%2e", "league/abc/../../lab.json"],
    ...["..%2Frecords/abc/league.json", "league/abc/league.json%00", "league/abc/.hidden", "league/ABC/league.json"],
  ]) {
    const { status, body } = await ask(`/api/v1/kept/${path}`, `Bearer ${token}`);
    expect([path, [400, 404].includes(status)]).toEqual([path, true]);
    expect(body).not.toContain(lab.document.id);
  }
  expect((await ask("/api/v1/kept/league/abc/league.json", "")).status).toBe(401);
});
