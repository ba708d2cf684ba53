import { describe, expect, it } from "vitest";
import { accessRules, refusalOf } from "./access.ts";

const token = "0123456789abcdef0123456789abcdef";
const open = accessRules({ host: "127.0.0.1", token: null, names: [] });
const exposed = accessRules({ host: "0.0.0.0", token, names: ["Lab.example"] });
const none = { host: undefined, origin: undefined, authorization: undefined };

describe("accessRules", () => {
  it("refuses an address that other machines reach without a token", () => {
    expect(() => accessRules({ host: "0.0.0.0", token: null, names: [] })).toThrow(/no token; expected one/);
    expect(() => accessRules({ host: "::", token: null, names: [] })).toThrow(/no token/);
    expect(() => accessRules({ host: "192.168.1.7", token: null, names: [] })).toThrow(/no token/);
  });

  it("refuses a token that could be guessed", () => {
    expect(() => accessRules({ host: "127.0.0.1", token: "secret", names: [] })).toThrow(
      /6 characters given; expected at least 16/,
    );
  });
});

describe("refusalOf", () => {
  it.each(["localhost:4000", "127.0.0.1", "[::1]:4000", "LOCALHOST"])("lets a call of %s pass on loopback", (host) => {
    expect(refusalOf({ ...none, host }, open)).toBeNull();
  });

  it.each(["evil.example", "127.0.0.1.evil.example", "", "localhost:x", undefined])(
    "refuses a call of %s, to which a page's name could have been bound",
    (host) => {
      expect(refusalOf({ ...none, host }, open)).toMatchObject({ status: 403 });
    },
  );

  it("refuses pages from elsewhere and lets its own pass", () => {
    const from = (origin: string) => refusalOf({ ...none, host: "localhost:4000", origin }, open);
    expect(from("http://localhost:4000")).toBeNull();
    expect(from("https://evil.example")).toMatchObject({ status: 403, message: expect.stringContaining("evil.example") });
    expect(from("null")).toMatchObject({ status: 403 });
  });

  it("refuses pages of another server of the same machine, and of a scheme that a proxy changed only those", () => {
    const from = (host: string, origin: string) => refusalOf({ ...none, host, origin }, open)?.status;
    expect(from("localhost:4000", "http://localhost:9999")).toBe(403);
    expect(from("localhost:4000", "http://localhost")).toBe(403);
    const behind = accessRules({ host: "127.0.0.1", token: null, names: ["lab.example"] });
    const throughProxy = (host: string) => refusalOf({ ...none, host, origin: "https://lab.example" }, behind);
    expect([throughProxy("lab.example"), throughProxy("lab.example:443")]).toEqual([null, null]);
    expect(from("127.0.0.1:4000", "http://localhost:9999")).toBe(403);
    expect(throughProxy("lab.example:8443")).toMatchObject({
      status: 403,
      message: expect.stringContaining("the proxy between must pass the header Host on as it came"),
    });
  });

  it("lets its own page pass where a proxy calls by a name or port of its own", () => {
    const behind = accessRules({ host: "127.0.0.1", token: null, names: ["lab.example"] });
    const from = (host: string, origin: string, site?: string) => refusalOf({ ...none, host, origin, site }, behind);
    expect(from("127.0.0.1:4000", "https://lab.example")).toBeNull();
    expect(from("lab.example:443", "https://lab.example:8443", "same-origin")).toBeNull();
    expect(from("lab.example:443", "https://lab.example:8443", "same-site")).toMatchObject({ status: 403 });
    expect(from("127.0.0.1:4000", "https://other.example", "same-origin")).toMatchObject({ status: 403 });
  });

  it("refuses what a browser says that a page from elsewhere asks", () => {
    const from = (site: string) => refusalOf({ ...none, host: "localhost:4000", site }, open)?.status;
    expect(["same-origin", "none", "same-site", "cross-site"].map(from)).toEqual([undefined, undefined, 403, 403]);
    expect(refusalOf({ ...none, host: "localhost:4000", site: "cross-site", mayBeLedTo: true }, open)).toBeNull();
  });

  it("asks for the token where one is set, and for the whole of it", () => {
    const showing = (authorization?: string) => refusalOf({ host: "lab.example", origin: undefined, authorization }, exposed);
    expect(showing(`Bearer ${token}`)).toBeNull();
    expect(showing()).toMatchObject({ status: 401 });
    expect(showing(`Bearer ${token.slice(1)}`)).toMatchObject({ status: 401 });
    expect(showing(token)).toMatchObject({ status: 401 });
    expect(showing("Bearer ")).toMatchObject({ status: 401 });
  });
});
