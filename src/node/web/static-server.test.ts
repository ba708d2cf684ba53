import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type StaticServer, serveFolder } from "./static-server.ts";

let folder: string;
let plain: StaticServer;
let isolated: StaticServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-server-"));
  await mkdir(join(folder, "site", "deep"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(folder, "site", "a b.mjs"), "export {};");
  await writeFile(join(folder, "site", "x.wasm"), Uint8Array.of(0, 97, 115, 109));
  await writeFile(join(folder, "site", "deep", "index.html"), "<p>");
  await symlink(join(folder, "secret.txt"), join(folder, "site", "link.txt"));
  const answer = (path: string, body: string) => (path === "/echo" ? { type: "text/plain", body } : undefined);
  plain = await serveFolder({ folder: join(folder, "site"), isIsolated: false, answer });
  isolated = await serveFolder({ folder: join(folder, "site"), isIsolated: true });
});
afterAll(async () => {
  await plain.close();
  await isolated.close();
  await rm(folder, { recursive: true });
});

/** The status of a path that is sent as it is; fetch would tidy it up first. */
function statusOf(path: string, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(plain.origin);
    request({ port, hostname, path, method }, (response) => resolve(response.resume().statusCode!))
      .on("error", reject)
      .end();
  });
}

describe("the static server", () => {
  it("serves files with their types, and the index of a folder", async () => {
    const script = await fetch(`${plain.origin}/a%20b.mjs?query`);
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(await script.text()).toBe("export {};");
    const wasm = await fetch(`${plain.origin}/x.wasm`);
    expect(wasm.headers.get("content-type")).toBe("application/wasm");
    expect(wasm.headers.get("content-length")).toBe("4");
    expect(await (await fetch(`${plain.origin}/deep/`)).text()).toBe("<p>");
  });

  it("isolates pages across origins when it is told to, and only then", async () => {
    const header = async (server: StaticServer, name: string) => (await fetch(`${server.origin}/x.wasm`)).headers.get(name);
    expect(await header(isolated, "cross-origin-opener-policy")).toBe("same-origin");
    expect(await header(isolated, "cross-origin-embedder-policy")).toBe("require-corp");
    expect(await header(plain, "cross-origin-opener-policy")).toBeNull();
    expect(await header(plain, "cross-origin-embedder-policy")).toBeNull();
  });

  it.each([
    ["/missing.js"],
    ["/deep"],
    ["/../secret.txt"],
    ["/deep/../../secret.txt"],
    ["/%2e%2e/secret.txt"],
    ["/..%2fsecret.txt"],
    ["/deep/..%2f..%2fsecret.txt"],
    ["//../secret.txt"],
    ["/link.txt"],
  ])("has nothing at %s", async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  it("refuses what is no path, and to write", async () => {
    expect(await statusOf("/%E0%A4%A")).toBe(400);
    expect(await statusOf("/%00")).toBe(400);
    expect(await statusOf("/x.wasm", "POST")).toBe(405);
    expect(await statusOf("/x.wasm", "HEAD")).toBe(200);
  });

  it("lets a program answer first, with the body that was sent", async () => {
    expect(await (await fetch(`${plain.origin}/echo`, { method: "POST", body: "héllo" })).text()).toBe("héllo");
  });
});
