import { ORPCError } from "@orpc/client";
import { describe, expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import { callError, isUnreachable } from "./call-error.ts";

const lab = { name: "http://lab" };

describe("callError", () => {
  it("is the lab's own error where it said one, with its code", () => {
    const told = new ORPCError("UNAVAILABLE", { status: 503, message: "the disk is full", data: { code: "file-system" } });
    expect(callError(told, lab)).toMatchObject({ name: "MesascopeError", code: "file-system", message: "the disk is full" });
    const own = new MesascopeError("usage", "no");
    expect(callError(own, lab)).toBe(own);
  });

  it("is a mistake of the caller for what the API refuses, with the fields that are wrong", () => {
    const issues = [{ message: "too large", path: ["jobs", 0, "seed"] }];
    // As a lab says it, and as one of before said it.
    for (const message of ["jobs.0.seed: too large. The API is described.", "Input validation failed"]) {
      expect(callError(new ORPCError("BAD_REQUEST", { message, data: { issues } }), lab)).toMatchObject({
        code: "usage",
        message: "jobs.0.seed: too large.",
      });
    }
    expect(callError(new ORPCError("NOT_FOUND"), lab)).toMatchObject({ code: "usage" });
  });

  it("tells a token that is wrong from one that was not given", () => {
    const unauthorized = new ORPCError("UNAUTHORIZED");
    expect(callError(unauthorized, { ...lab, hasToken: false })).toMatchObject({
      code: "usage",
      message: expect.stringMatching(/wants a token, and none was given. Set MESASCOPE_TOKEN/),
    });
    expect(callError(unauthorized, { ...lab, hasToken: true })).toMatchObject({
      code: "usage",
      message: expect.stringMatching(/the one in MESASCOPE_TOKEN is not the server's/),
    });
  });

  it("says that nobody answers where that is so, over TCP, a socket or a proxy", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const cases = [
      refused,
      new TypeError("fetch failed", { cause: refused }),
      new TypeError("terminated"),
      new ORPCError("BAD_GATEWAY", { status: 502 }),
    ];
    for (const error of cases) expect(isUnreachable(callError(error, lab))).toBe(true);
  });

  it("leaves a bug a bug, here and there", () => {
    const bug = new RangeError("oh");
    expect(callError(bug, lab)).toBe(bug);
    const there = callError(new ORPCError("INTERNAL_SERVER_ERROR"), lab);
    expect(there).not.toBeInstanceOf(MesascopeError);
    expect(isUnreachable(there)).toBe(false);
  });
});
