// Who may call a server: by default programs on this machine only, and no web page but its own. Checked before anything is read.

import { createHash, timingSafeEqual } from "node:crypto";
import { MesascopeError } from "../../core/base/errors.ts";

export interface AccessRules {
  /** Names by which it may be called, in lower case without port. A request by another name comes from a page that was led here (DNS rebinding). */
  readonly hosts: readonly string[];
  /** What callers must show; null on a socket or loopback address that only this machine reaches. */
  readonly token: string | null;
}

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];
const leastTokenLength = 16;

/**
 * The rules for listening at `host`. Throws `usage` where that is not loopback and no token is given: whoever reaches the port could train,
 * cancel and read everything.
 */
export function accessRules(at: {
  readonly host: string;
  readonly token: string | null;
  /** Other names under which it is called, such as that of a proxy before it. */
  readonly names: readonly string[];
}): AccessRules {
  const { host, token } = at;
  if (token !== null && token.length < leastTokenLength) {
    throw new MesascopeError(
      "usage",
      `a token of ${token.length} characters given; expected at least ${leastTokenLength}. "openssl rand -hex 32" makes one.`,
    );
  }
  if (!isLoopback(host) && token === null) {
    throw new MesascopeError(
      "usage",
      `${host} given as the address to listen at, which other machines reach, and no token; expected one. Set MESASCOPE_TOKEN, or listen at 127.0.0.1.`,
    );
  }
  const named = host === "0.0.0.0" || host === "::" ? [] : [host.includes(":") ? `[${host}]` : host];
  return { hosts: [...loopbackNames, ...named, ...at.names].map((name) => name.toLowerCase()), token };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What a request says of itself. */
export interface RequestHead {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `sec-fetch-site`: what the browser says of where the asking page is from. */
  readonly site?: string | undefined;
  /** Whether a page from elsewhere may lead here, as a link does, which does not get to read the answer. Default: it may not. */
  readonly mayBeLedTo?: boolean;
  readonly authorization: string | undefined;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** Null where the request may pass. */
export function refusalOf(
  { host, origin, site, mayBeLedTo = false, authorization }: RequestHead,
  rules: AccessRules,
): Refusal | null {
  const name = host === undefined ? null : hostName(host);
  if (name === null || !rules.hosts.includes(name)) {
    return {
      status: 403,
      message: `called as "${host ?? ""}"; expected one of ${rules.hosts.join(", ")}. Name others with --allowed-host.`,
    };
  }
  if (origin !== undefined && !isOwnOrigin(origin, rules)) {
    return { status: 403, message: `a page of ${origin} may not call this lab; only its own pages may.` };
  }
  // Where a browser says that the page is of this very server, what a proxy made of the port counts for nothing.
  if (origin !== undefined && site !== "same-origin" && isOtherPort(origin, host ?? "")) {
    return {
      status: 403,
      message: `a page of ${origin} may not call this lab as "${host}"; only its own pages may. If it is one of them, the proxy between must pass the header Host on as it came.`,
    };
  }
  if (!mayBeLedTo && (site === "cross-site" || site === "same-site")) {
    return { status: 403, message: "a page from elsewhere may not call this lab; only its own pages may." };
  }
  if (rules.token !== null && !isToken(authorization, rules.token)) {
    return {
      status: 401,
      message: 'expected the header "Authorization: Bearer TOKEN" with the token that the server was started with.',
    };
  }
  return null;
}

function hostName(host: string): string | null {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
}

/** A page of this server has its origin, whatever the scheme: a proxy before it may speak TLS. */
function isOwnOrigin(origin: string, { hosts }: AccessRules): boolean {
  try {
    return hosts.includes(new URL(origin).hostname);
  } catch {
    return false; // "null", as of files and sandboxed frames
  }
}

/**
 * Another server of the same machine. Nothing is known of the port where `Host` has none, which a proxy may have left out, or where it names this
 * machine and the page another: then a proxy calls, by a `Host` of its own.
 */
function isOtherPort(origin: string, host: string): boolean {
  const asked = /:(\d+)$/.exec(host)?.[1];
  const { port, protocol, hostname } = new URL(origin);
  if (loopbackNames.includes(hostName(host) ?? "") && !loopbackNames.includes(hostname)) return false;
  return asked !== undefined && asked !== (port || (protocol === "https:" ? "443" : "80"));
}

/** In a time that tells nothing of how much of it is right. */
function isToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
