import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type SiteServer, serveSite } from "./serve-site.ts";

let folder: string;
let server: SiteServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-serve-site-"));
  const studio = join(folder, "studio");
  await mkdir(join(studio, "assets"), { recursive: true });
  await writeFile(join(studio, "index.html"), '<head><meta charset="utf-8" /></head>');
  await writeFile(join(studio, "assets", "app-1.js"), "app");
  await writeFile(join(folder, "secret.txt"), "secret");
  server = await serveSite({ port: 0, studio });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

function ask(path: string, { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {}) {
  const { hostname, port } = new URL(server.address);
  return new Promise<{ readonly status: number; readonly headers: unknown; readonly body: string }>((resolve, reject) => {
    request({ hostname, port, path, method, headers }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        body += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
    })
      .on("error", reject)
      .end();
  });
}

it("hands out the page of a static site at every address of the app, isolated and with its policy", async () => {
  for (const path of ["/", "/league?x=1", "/runs/abc"]) {
    const { status, body, headers } = await ask(path);
    expect([path, status]).toEqual([path, 200]);
    expect(body).toContain('<meta name="mesascope-site" content="/" />');
    expect(headers).toMatchObject({ "cross-origin-opener-policy": "same-origin", "x-content-type-options": "nosniff" });
  }
  expect((await ask("/assets/app-1.js")).body).toBe("app");
});

it("hands out nothing else, to nobody who calls it by another name, and takes nothing", async () => {
  for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/api/v1/status", "/secret.txt"]) {
    const { status, body } = await ask(path);
    expect([path, status, body]).toEqual([path, 404, ""]);
  }
  expect((await ask("/", { headers: { host: "evil.example" } })).status).toBe(403);
  expect((await ask("/", { headers: { origin: "https://evil.example" } })).status).toBe(403);
  expect((await ask("/", { method: "POST" })).status).toBe(405);
});

it("says what the system says where the port is taken", async () => {
  const { port } = new URL(server.address);
  await expect(serveSite({ port: Number(port), studio: folder })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
