import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { isORPCErrorJson } from "@orpc/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changedJson, changedText } from "../../lab/changed-input.fixture.ts";
import { jobKey } from "../../lab/job.ts";
import { trainSpec } from "../lab/lab.fixture.ts";
import { type ServedLab, serveTestLab, sweepFile, token } from "./served-lab.fixture.ts";

let served: ServedLab;
/** Milliseconds: a busy machine makes a database slowly. */
const hookTimeout = 120_000;
beforeAll(async () => {
  served = await serveTestLab();
  await served.tcp.sweeps.accept({ file: sweepFile });
  await served.work();
}, hookTimeout);
afterAll(() => served.remove(), hookTimeout);

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly server?: ServedLab;
}

/** A request as it is written, with any host and path: `fetch` would correct both. */
function ask({
  method = "GET",
  path,
  headers = {},
  body,
  server = served,
}: Asked): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(server.server.address);
  return new Promise((resolve, reject) => {
    const given = { authorization: `Bearer ${token}`, ...headers };
    const outgoing = httpRequest({ hostname, port, method, path, headers: given, agent: false }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function headOf(method: string, path: string, length = 0): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "host: localhost",
    `authorization: Bearer ${token}`,
    "content-type: application/json",
  ];
  return [...lines, ...(length > 0 ? [`content-length: ${length}`] : []), "", ""].join("\r\n");
}

const json = { "content-type": "application/json" };
const xml = { "content-type": "application/xml" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const text = { "content-type": "text/plain" };

describe("requests that are refused", () => {
  it.each([
    ["without a token", { authorization: "" }, 401],
    ["with another token", { authorization: `Bearer ${token.replace("0", "1")}` }, 401],
    ["by a name that is not this machine's", { host: "evil.example" }, 403],
    ["of a page from elsewhere", { origin: "https://evil.example" }, 403],
    ["of a page of another server of this machine", { origin: "http://localhost:9999" }, 403],
    ["that a browser says is of a page from elsewhere", { "sec-fetch-site": "cross-site" }, 403],
  ])("are those %s", async (_, headers, status) => {
    for (const path of ["/api/v1/status", "/metrics", "/openapi.json", "/api/v1/nothing"]) {
      const answer = await ask({ path, headers });
      expect(answer.status).toBe(status);
      const told = JSON.parse(answer.text);
      expect(told).toMatchObject({ status, message: expect.any(String) });
      // Or else a client says "Forbidden", and not what to do.
      expect(isORPCErrorJson(told)).toBe(true);
    }
  });

  it("are not those for health, which load balancers send by any name, or by an empty one", async () => {
    for (const host of ["10.0.0.7:4321", "evil.example", ""]) {
      const { status, text } = await ask({ path: "/health", headers: { host, authorization: "" } });
      expect([status, JSON.parse(text)]).toEqual([200, { status: "ok" }]);
    }
  });

  it("are not those that a link leads to, which only reads", async () => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect((await ask({ path: "/openapi.json", headers: link })).status).toBe(200);
    expect((await ask({ method: "POST", path: "/api/v1/decisions", headers: { ...json, ...link }, body: "{}" })).status).toBe(
      403,
    );
  });

  it("are told what is wrong with them: not JSON, no JSON at all, nothing there", async () => {
    const post = { method: "POST", path: "/api/v1/sweeps" };
    const cases: readonly (Asked & { readonly status: number; readonly message: RegExp })[] = [
      { ...post, headers: json, body: "{", status: 400, message: /is not JSON.*openapi\.json/ },
      { ...post, headers: json, body: "", status: 400, message: /no body given; expected JSON.*openapi\.json/ },
      { ...post, headers: json, body: '{"__proto__": {"file": 1}}', status: 400, message: /__proto__/ },
      { ...post, headers: xml, body: "<a/>", status: 415, message: /"application\/xml" given; expected application\/json/ },
      // As curl sends what it is given.
      { ...post, headers: form, body: '{"file": 1}', status: 415, message: /form-urlencoded" given; expected application\/json/ },
      { ...post, headers: text, body: '{"file": 1}', status: 415, message: /"text\/plain" given; expected application\/json/ },
      { ...post, body: '{"file": 1}', status: 415, message: /no content type given; expected application\/json/ },
      {
        ...post,
        headers: json,
        body: `{"file":${"[".repeat(9000)}${"]".repeat(9000)}}`,
        status: 400,
        message: /nests too deeply/,
      },
      { path: "/api/v1/nothing", status: 404, message: /openapi\.json/ },
      { path: "/api/v2/status", status: 404, message: /openapi\.json/ },
      { path: "/nothing.txt", status: 404, message: /openapi\.json/ },
      { method: "DELETE", path: "/api/v1/sweeps", status: 404, message: /DELETE/ },
      { path: "/api/v1/jobs/%E0%A4%A", status: 400, message: /an address given that is none/ },
      { path: "/api/v1/events", headers: { "last-event-id": "soon" }, status: 400, message: /Last-Event-ID/ },
    ];
    for (const { status, message, ...asked } of cases) {
      const answer = await ask(asked);
      expect([asked.path, answer.status]).toEqual([asked.path, status]);
      const told = JSON.parse(answer.text);
      expect(told.message).toMatch(message);
      expect([told.status, isORPCErrorJson(told)]).toEqual([status, true]);
    }
  });

  it("say in their message which fields are wrong and how, and have the same as data", async () => {
    const cases: readonly (Asked & { readonly message: RegExp; readonly paths: readonly (readonly unknown[])[] })[] = [
      {
        path: `/api/v1/jobs?filter=${"a".repeat(4001)}`,
        message: /^filter: .*4000 characters\. .*openapi\.json/,
        paths: [["filter"]],
      },
      {
        path: "/api/v1/jobs?limit=0&offset=-1",
        message: /^offset: [^;]*>=0; limit: [^;]*>=1\. /,
        paths: [["offset"], ["limit"]],
      },
      { path: "/api/v1/jobs?limt=5", message: /^Unrecognized key: "limt"\. /, paths: [[]] },
      { path: "/api/v1/events?after=-1", message: /^after: .*>=0\. /, paths: [["after"]] },
      { ...posted("/decisions", "{}"), message: /^action: .*'pause'/, paths: [["action"]] },
      { ...posted("/sweeps", "[]"), message: /^Invalid input: expected object, received array\. /, paths: [[]] },
    ];
    for (const { message, paths, ...asked } of cases) {
      const { status, text } = await ask(asked);
      const told = JSON.parse(text);
      expect([status, told.code, told.message]).toEqual([400, "BAD_REQUEST", expect.stringMatching(message)]);
      expect(told.data.issues.map(({ path }: { readonly path: unknown }) => path)).toEqual(paths);
    }
  });

  it("are told so by the command line's clients, too, over TCP and over the socket, and once", async () => {
    for (const client of [served.tcp, served.socket]) {
      await expect(client.jobs.list({ filter: "a".repeat(4001) })).rejects.toMatchObject({
        code: "usage",
        message: expect.stringMatching(/^filter: [^.;]*4000 characters\.$/),
      });
    }
  });

  it("are those that say that they are too large, before anything of them is read", async () => {
    const { hostname, port } = new URL(served.server.address);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(headOf("POST", "/api/v1/sweeps", 33 * 2 ** 20)));
      socket.once("data", (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.once("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*too large/);
  });

  it("are those for files: no path leads out of the API", async () => {
    const paths = [
      "/../../etc/passwd",
      "/api/v1/../../lab.json",
      "/api/v1/%2e%2e/%2e%2e/lab.json",
      "/api/v1/jobs/..%2f..%2flab.json",
    ];
    for (const path of [...paths, "/api/v1/jobs/%00", "/lab.json", "/blobs/0.json", "//etc/passwd", "/api/v1/jobs/%E0%A4%A"]) {
      const { status, text } = await ask({ path });
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      expect(text).not.toMatch(/root:|mesascope\/lab@1/);
    }
  });

  it("are those of who asks too often, and only his", async () => {
    const limited = await serveTestLab({ requestsPerMinute: 5 });
    const tried = await serveTestLab({ requestsPerMinute: 5 });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 7; i++) statuses.push((await ask({ path: "/api/v1/status", server: limited })).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
      const refused: number[] = [];
      for (const path of [
        "/api/v1/status",
        "/openapi.json",
        "/metrics",
        "/api/v1/jobs",
        "/openapi.json",
        "/openapi.json",
        "/metrics",
      ]) {
        refused.push((await ask({ path, headers: { authorization: "Bearer wrong" }, server: tried })).status);
      }
      expect(refused).toEqual([401, 401, 401, 401, 401, 429, 429]);
      expect(await limited.socket.status()).toMatchObject({ database: "pglite" });
    } finally {
      await limited.remove();
      await tried.remove();
    }
  });
});

describe("requests that break off", () => {
  it("leave the server as it was: halves of requests, connections that end while they are answered", async () => {
    const { hostname, port } = new URL(served.server.address);
    const head = headOf("POST", "/api/v1/sweeps", 100);
    const events = headOf("GET", "/api/v1/events?after=0");
    for (const written of ["GE", "GET /api", head, `${head}{"file":`, events, "\0\0\0\r\n\r\n"]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.write(written));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
        setTimeout(() => socket.destroy(), 50);
      });
    }
    expect((await ask({ path: "/api/v1/status" })).status).toBe(200);
  });
});

const key = jobKey(trainSpec(1));
const decision = { action: "retry", reason: "again", target: { kind: "sweep", sweep: "corners" } };
/** Without runs, which is refused: jobs to be priced would be computed for a moment each. */
const pricePath = "/sweeps/price";
const bodies: readonly (readonly [path: string, body: unknown])[] = [
  ["/sweeps", { file: sweepFile }],
  [pricePath, { file: { ...sweepFile, runs: [] } }],
  ["/sweeps/jobs", { sweep: "singles", priority: 50, jobs: [trainSpec(9)] }],
  ["/decisions", decision],
];
const queries = [
  "/jobs?filter=world:corner&sort=return&descending=true&limit=10&offset=2",
  "/jobs/groups?filter=seed:%5B1%20TO%202%5D&by=config.network.hidden&by=kind",
  "/jobs/KEY",
  "/jobs/KEY/curve",
  "/compare?filter=kind:train&baseline=KEY",
  "/status",
  "/sweeps",
  "/workers",
].map((query) => query.replace("KEY", key));

const posted = (path: string, body: string): Asked => ({ method: "POST", path: `/api/v1${path}`, headers: json, body });
const bodyRequests = fc
  .constantFrom(...bodies)
  .chain(([path, body]) => changedJson(body).map((changed) => posted(path, JSON.stringify(changed))));
const textRequests = fc
  .constantFrom(...bodies)
  .chain(([path, body]) => changedText(JSON.stringify(body)).map((changed) => posted(path, changed)));

const queryRequests = fc
  .tuple(
    fc.constantFrom(...queries),
    fc.nat(),
    fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("%00", "%ff", "(", '"', "*", "NOT ", "&", "a".repeat(5000))),
    fc.nat(3),
  )
  .map(([query, at, put, cut]): Asked => {
    const place = 1 + (at % query.length);
    const path = `/api/v1${query.slice(0, place)}${put}${query.slice(place + cut)}`;
    return { path: path.replaceAll(/[^\x21-\x7e]/g, (letter) => encodeURIComponent(letter.isWellFormed() ? letter : "?")) };
  });

describe("requests that were changed at random", () => {
  it("are made of such as are answered", async () => {
    const sound = queries.map((query): Asked => ({ path: `/api/v1${query}` }));
    for (const [path, body] of bodies) if (path !== pricePath) sound.push(posted(path, JSON.stringify(body)));
    for (const asked of sound) {
      const { status, text } = await ask(asked);
      expect([asked.path, status], text).toEqual([asked.path, 200]);
    }
  });

  it("are answered or refused, and never break the server", { timeout: 300_000 }, async () => {
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fc.oneof(bodyRequests, textRequests, queryRequests), async (asked) => {
        const { status, text } = await ask(asked);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        expect(status, text).toBeLessThan(500);
        if (status >= 400) expect(JSON.parse(text)).toMatchObject({ message: expect.stringMatching(/./) });
      }),
      { numRuns: 1000 },
    );
    // Some reach the lab, some do not get so far.
    expect(seen.get(200)).toBeGreaterThan(10);
    expect(seen.get(400)).toBeGreaterThan(100);
    expect((await ask({ path: "/api/v1/status" })).status).toBe(200);
    expect(served.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });
});
