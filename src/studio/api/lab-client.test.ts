import { afterEach, describe, expect, it, vi } from "vitest";
import { createLabClient, isWorthRetrying, problemOf, retryPause } from "./lab-client.ts";

const client = createLabClient({ origin: "http://lab.example", token: null });

/** What comes of a call that is answered so. */
async function failureWith(answer: () => Response | Promise<Response>): Promise<unknown> {
  vi.stubGlobal("fetch", async () => await answer());
  return await client.jobs.get({ key: "0".repeat(64) }).then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

function refusal(status: number, message = "said by the lab"): Response {
  return Response.json({ code: "ANY", status, message }, { status });
}

describe("what a failed call means", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is that the lab does not answer where the network failed, before the answer or in the midst of it", async () => {
    const failed = () => Promise.reject(new TypeError("Failed to fetch"));
    expect(problemOf(await failureWith(failed)).kind).toBe("unreachable");
    const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("network error")) });
    const begun = () => new Response(broken, { headers: { "content-type": "application/json" } });
    expect(problemOf(await failureWith(begun)).kind).toBe("unreachable");
    expect(problemOf(await failureWith(() => new Response("<h1>Bad gateway</h1>", { status: 502 }))).kind).toBe("unreachable");
  });

  it("is not that the lab does not answer where the page itself has a fault", () => {
    const fault = new TypeError("Cannot read properties of null (reading 'row')");
    expect(problemOf(fault)).toEqual({ kind: "broken", message: fault.message });
  });

  it("is by the status, in the lab's words: only what is not there is absent", async () => {
    const kinds = [];
    for (const status of [400, 401, 403, 404, 500, 503]) kinds.push(problemOf(await failureWith(() => refusal(status))).kind);
    expect(kinds).toEqual(["refused", "token-wanted", "forbidden", "absent", "broken", "unreachable"]);
    expect(problemOf(await failureWith(() => refusal(404, "no job 0"))).message).toBe("no job 0");
    const byRouter = () => Response.json({ defined: true, code: "NOT_FOUND", status: 404, message: "no job 1" }, { status: 404 });
    expect(problemOf(await failureWith(byRouter)).message).toBe("no job 1");
    const issues = [{ message: "expected at most 4000 characters", path: ["filter"] }];
    // As a lab says it, and as one of before said it.
    for (const message of ["filter: expected at most 4000 characters. The API is described.", "Input validation failed"]) {
      const byContract = { defined: true, code: "BAD_REQUEST", status: 400, message, data: { issues } };
      const refused = await failureWith(() => Response.json(byContract, { status: 400 }));
      expect(problemOf(refused)).toEqual({ kind: "refused", message: "filter: expected at most 4000 characters" });
    }
  });

  it("is that there is no lab where what answers is not one, as where a store of files denies what it does not have", async () => {
    const denied = () =>
      new Response("<Error><Code>AccessDenied</Code></Error>", { status: 403, headers: { "content-type": "application/xml" } });
    expect(problemOf(await failureWith(denied)).kind).toBe("no-lab");
  });

  it("is to wait as long as a lab says that was asked too often", async () => {
    const error = await failureWith(() => new Response("{}", { status: 429, headers: { "retry-after": "7" } }));
    expect(problemOf(error)).toMatchObject({ kind: "busy", message: expect.stringContaining("7 s") });
    expect(isWorthRetrying(0, error)).toBe(true);
    expect(retryPause(0, error)).toBe(7000);
  });

  it("is to ask again where it may pass, a few times, and never where what was asked is wrong", async () => {
    const gone = await failureWith(() => refusal(503));
    expect([0, 1, 2].map((failures) => isWorthRetrying(failures, gone))).toEqual([true, true, false]);
    expect(isWorthRetrying(0, await failureWith(() => refusal(404)))).toBe(false);
    expect(isWorthRetrying(0, new TypeError("x is not a function"))).toBe(false);
  });
});
