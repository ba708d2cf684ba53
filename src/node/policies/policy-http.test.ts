import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { connectPolicy, type PolicyServerOptions } from "./policy-http.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A server on a free port; each request is answered by the next of `answers`, the last again and again. */
async function serve(...answers: readonly Answer[]): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push(Buffer.concat(chunks).toString());
    answers[Math.min(asked.length, answers.length) - 1]!(request, response, asked.at(-1)!);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/policy`, asked };
}

const says =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

const connect = (url: string, more: Partial<PolicyServerOptions> = {}) =>
  connectPolicy({
    url,
    timeoutSeconds: 20,
    key: undefined,
    allowInsecure: false,
    signal: new AbortController().signal,
    onNote: () => {},
    ...more,
  });

const failing = (message: RegExp) => expect.objectContaining({ code: "policy-failed", message: expect.stringMatching(message) });
const wrong = (message: RegExp) => expect.objectContaining({ code: "usage", message: expect.stringMatching(message) });

describe("a policy that is served over HTTP", () => {
  it("gets each message as JSON with the key, and its answer is the body", async () => {
    let seen: IncomingMessage | null = null;
    const { url, asked } = await serve((request, response) => {
      seen = request;
      response.end('{"id":3}');
    });
    expect(await connect(url, { key: "sesame" }).ask('{"id":3,"type":"step"}')).toBe('{"id":3}');
    expect(asked).toEqual(['{"id":3,"type":"step"}']);
    expect(seen).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sesame" },
    });
  });

  it.each([429, 502, 503, 504])("is asked again after status %i, when Retry-After says so", async (status) => {
    const notes: string[] = [];
    const { url, asked } = await serve(says(status, "busy", { "retry-after": "0" }), says(200, "{}"));
    expect(await connect(url, { onNote: (line) => notes.push(line) }).ask("{}")).toBe("{}");
    expect(asked).toHaveLength(2);
    expect(notes).toEqual([`answered with status ${status}; asking again in 0 s`]);
  });

  it("is given up after six times, and at once when it asks for a long wait", async () => {
    const busy = await serve(says(503, "", { "retry-after": "0" }));
    await expect(connect(busy.url).ask("{}")).rejects.toEqual(failing(/answered with status 503 6 times/));
    expect(busy.asked).toHaveLength(6);
    const away = await serve(says(429, "", { "retry-after": "3600" }));
    await expect(connect(away.url).ask("{}")).rejects.toEqual(failing(/asks to wait for 3600 s; run the command again then/));
    expect(away.asked).toHaveLength(1);
  });

  it("reads a date in Retry-After", async () => {
    const { url } = await serve(says(503, "", { "retry-after": new Date(0).toUTCString() }), says(200, "{}"));
    expect(await connect(url).ask("{}")).toBe("{}");
  });

  it.each([400, 401, 404, 500])("is not asked again after status %i", async (status) => {
    const { url, asked } = await serve(says(status, "went wrong"));
    await expect(connect(url).ask("{}")).rejects.toEqual(
      failing(
        new RegExp(`answered with status ${status}: "went wrong"; expected 200.*${status === 401 ? "MESASCOPE_POLICY_KEY" : ""}`),
      ),
    );
    expect(asked).toHaveLength(1);
  });

  it("is not followed elsewhere, so that no other server sees the key", async () => {
    const other = await serve(says(200, "{}"));
    const { url } = await serve(says(307, "", { location: other.url }));
    await expect(connect(url, { key: "sesame" }).ask("{}")).rejects.toEqual(
      failing(/redirection \(307\) to "http:.*not followed/),
    );
    expect(other.asked).toEqual([]);
  });

  it("shows its key in no error, even where the server sends it back", async () => {
    const { url } = await serve((request, response) => response.writeHead(500).end(`bad ${request.headers.authorization}`));
    const transport = connect(url, { key: "sesame-open" });
    const error: unknown = await transport.ask("{}").catch((cause: unknown) => cause);
    expect(error).toEqual(failing(/"bad Bearer \[key\]"/));
    expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain("sesame-open");
    expect(transport.hide("the sesame-open thing")).toBe("the [key] thing");
  });

  it("shows no beginning of its key either, where a long answer is cut within it", async () => {
    const { url } = await serve((request, response) =>
      response.writeHead(500).end(`${"x".repeat(180)} ${request.headers.authorization}`),
    );
    await expect(connect(url, { key: "sesame-open-and-more" }).ask("{}")).rejects.toEqual(
      expect.objectContaining({ message: expect.not.stringContaining("sesame") }),
    );
  });

  it("has at most the five minutes that a request to a server can last", () => {
    expect(() => connect("https://example.org", { timeoutSeconds: 301 })).toThrow(wrong(/301 s given.*at most 300 s/));
  });

  it("that hangs is given up after the time it has, before or within the body", async () => {
    const silent = await serve(() => {});
    await expect(connect(silent.url, { timeoutSeconds: 0.3 }).ask("{}")).rejects.toEqual(failing(/no answer within 0\.3 s/));
    const halting = await serve((_, response) => response.writeHead(200).write("{"));
    await expect(connect(halting.url, { timeoutSeconds: 0.3 }).ask("{}")).rejects.toEqual(failing(/no answer within 0\.3 s/));
  });

  it("that sends without end is cut off", async () => {
    const { url } = await serve((_, response) => {
      const more = (): void => {
        while (response.write("z".repeat(1 << 16)));
        response.once("drain", more);
      };
      more();
    });
    await expect(connect(url).ask("{}")).rejects.toEqual(failing(/more than 8388608 bytes, beginning "z{200}…"/));
  });

  it("that breaks the connection is asked again", async () => {
    const { url } = await serve((request) => request.socket.destroy(), says(200, "{}"));
    expect(await connect(url).ask("{}")).toBe("{}");
  });

  it("that is interrupted stops with the reason of the interruption, also while it waits to ask again", async () => {
    for (const answer of [() => {}, says(503, "", { "retry-after": "30" })] as const) {
      const controller = new AbortController();
      const { url } = await serve(answer);
      const waiting = connect(url, { signal: controller.signal }).ask("{}");
      setTimeout(() => controller.abort(new Error("stop")), 200);
      await expect(waiting).rejects.toThrow("stop");
    }
  });
});

describe("the address of a policy", () => {
  it.each([
    ["http://example.org/p", /plain http to another machine.*--allow-insecure-http/],
    ["http://127.0.0.1.example.org/", /plain http/],
    ["http://localhost.example.org/", /plain http/],
    ["http://a.localhost/", /plain http/], // a name that a resolver may look up elsewhere
    ["http://192.168.0.7:80/", /plain http/],
    ["https://me:secret@example.org/", /holds a name or password.*MESASCOPE_POLICY_KEY/],
    ["https://", /cannot be read/],
  ])("%s is refused", (url, message) => {
    expect(() => connect(url)).toThrow(wrong(message));
  });

  it("with a password in it is not repeated", () => {
    expect(() => connect("https://me:secret@example.org/")).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("secret") }),
    );
  });

  it.each(["http://localhost:1", "http://127.0.0.1", "http://127.1", "http://[::1]:9", "https://example.org"])(
    "%s is taken",
    (url) => {
      expect(() => connect(url)).not.toThrow();
    },
  );

  it("of plain http to another machine is taken where that is allowed", () => {
    expect(connect("http://example.org/p?token=abc", { allowInsecure: true }).who).toBe("the policy at http://example.org/p?…");
  });

  it("comes with a key of printable characters only", () => {
    expect(() => connect("https://example.org", { key: "a\nb" })).toThrow(wrong(/characters that a key cannot have/));
  });
});
