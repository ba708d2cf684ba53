import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedLab, serveTestLab, token } from "./served-lab.fixture.ts";
import { listStudio, StudioFiles } from "./studio-files.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

describe("the studio as a lab's server hands it out", () => {
  let served: ServedLab;
  let outer: string;

  beforeAll(async () => {
    outer = await mkdtemp(join(tmpdir(), "mesascope-studio-"));
    const studio = join(outer, "studio");
    await mkdir(join(studio, "assets"), { recursive: true });
    await writeFile(join(studio, "index.html"), "<!doctype html><title>The app</title>");
    await writeFile(join(studio, "assets", "app-1a2b3c.js"), "export const app = 1;");
    await mkdir(join(outer, "browser"));
    await writeFile(join(outer, "browser", "engine.wasm"), "the engine");
    await writeFile(join(studio, "shared-files.json"), '{"assets/engine-4d5e.wasm":"browser/engine.wasm"}');
    await writeFile(join(outer, "secret.txt"), "secret");
    await symlink(join(outer, "secret.txt"), join(studio, "secret.txt"));
    await symlink(outer, join(studio, "outer"));
    served = await serveTestLab({ studio });
  }, 120_000);
  afterAll(async () => {
    await served.remove();
    await rm(outer, { recursive: true });
  });

  /** The path goes over the wire as it is written. */
  function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const { hostname, port } = new URL(served.server.address);
    return new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks) }));
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  it("answers the first page at every address of the app, to who has no token too, and never from a cache", async () => {
    for (const path of ["/", "/runs", "/runs/0123?x=seconds", "/compare?filter=world%3Acorner"]) {
      const { status, headers, body } = await ask(path);
      expect([path, status]).toEqual([path, 200]);
      expect(body.toString()).toContain("The app");
      expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
    }
  });

  it("forbids scripts in the page and everything from elsewhere, and isolates the page", async () => {
    const { headers } = await ask("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
    expect(policy).not.toMatch(/https?:|\*/);
    expect(headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "x-content-type-options": "nosniff",
    });
  });

  it("answers files under assets to be kept forever, compressed where that is taken", async () => {
    const plain = await ask("/assets/app-1a2b3c.js");
    expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    const small = await ask("/assets/app-1a2b3c.js", { "accept-encoding": "gzip, br" });
    expect(small.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(small.body).toString()).toBe("export const app = 1;");
  });

  it("answers what the package keeps elsewhere under the studio's own name for it, and not the list of those", async () => {
    const { status, headers, body } = await ask("/assets/engine-4d5e.wasm");
    expect([status, headers["content-type"], body.toString()]).toEqual([200, "application/wasm", "the engine"]);
    expect((await ask("/shared-files.json")).status).toBe(404);
  });

  it("takes nothing as its file that a list says lies outside the package", async () => {
    const studio = join(outer, "other", "studio");
    await mkdir(studio, { recursive: true });
    await writeFile(join(studio, "shared-files.json"), '{"assets/a.txt":"../secret.txt"}');
    await expect(listStudio(studio)).rejects.toThrow(/expected a file within/);
  });

  it("answers nothing but its files: no dots, no encoded dots, no links, no page for what is missing", async () => {
    const paths = [
      ...[
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
      ],
      ...["/secret.txt", "/outer/secret.txt", "//secret.txt", "/assets/app.js", "/assets/", "/favicon.ico", "/\\..\\secret.txt"],
    ];
    for (const path of paths) {
      const { status, body } = await ask(path);
      expect([path, status]).toEqual([path, 404]);
      expect(body.toString()).not.toContain("The app");
      expect(body.toString()).not.toMatch(/"secret"|^secret/);
    }
  });

  it("leaves the paths of the API to the API", async () => {
    const authorization = `Bearer ${token}`;
    for (const path of ["/api", "/api/", "/api/v1/nothing", "/api/v2/status"]) {
      const { status, headers, body } = await ask(path, { authorization });
      expect([path, status]).toEqual([path, 404]);
      expect(headers["content-type"]).toMatch(/json/);
      expect(body.toString()).not.toContain("The app");
    }
    expect((await ask("/api/v1/status")).status).toBe(401);
  });

  it("refuses its files to a page that was led here by another name", async () => {
    expect((await ask("/", { host: "evil.example" })).status).toBe(403);
    expect((await ask("/assets/app-1a2b3c.js", { origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("the studio's files while they change", () => {
  it("are found once they are built, and those of a new version in place of those of the one before", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mesascope-studio-"));
    const files = new StudioFiles(folder);
    const ask = async (path: string) => {
      const answer = await files.answer({ path, acceptsGzip: false });
      return answer === null ? null : Buffer.from(answer.body).toString();
    };
    expect(await ask("/")).toBeNull();
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), "first");
    await writeFile(join(folder, "assets", "a-1.js"), "1");
    expect([await ask("/runs"), await ask("/assets/a-2.js")]).toEqual(["first", null]);
    await rm(join(folder, "assets", "a-1.js"));
    await writeFile(join(folder, "assets", "a-2.js"), "2");
    await writeFile(join(folder, "index.html"), "second");
    expect(await ask("/assets/a-1.js")).toBeNull();
    expect([await ask("/assets/a-2.js"), await ask("/runs")]).toEqual(["2", "second"]);
    await rm(folder, { recursive: true });
  });
});
