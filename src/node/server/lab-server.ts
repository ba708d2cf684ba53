// The server of a lab: its API with OpenAPI and server-sent events, health and metrics, over TCP or a socket of this machine.

import { chmod } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import rateLimit from "@fastify/rate-limit";
import { OpenAPIGenerator } from "@orpc/openapi";
import { OpenAPIHandler } from "@orpc/openapi/fastify";
import { onError } from "@orpc/server";
import { experimental_ZodSmartCoercionPlugin as ZodSmartCoercionPlugin, ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { MesascopeError } from "../../core/base/errors.ts";
import { apiPrefix, labApi } from "../../lab/api.ts";
import type { LabService } from "../lab/lab-service.ts";
import { packageVersion } from "../package-version.ts";
import { type AccessRules, refusalOf } from "./access.ts";
import { labMetrics } from "./lab-metrics.ts";
import { labRouter } from "./lab-router.ts";

/** Bytes of a request: a sweep of ten thousand jobs as they are. */
const bodyLimit = 32 * 2 ** 20;
const requestsPerMinute = 1200;
const requestTimeout = 30_000;

export interface LabServerOptions {
  readonly service: LabService;
  readonly access: AccessRules;
  readonly at: { readonly host: string; readonly port: number } | { readonly socket: string };
  /** Where structured logs go, a line of JSON each; null for none. */
  readonly log: { write(line: string): void } | null;
}

export interface LabServer {
  /** `http://127.0.0.1:4321`, or the socket's path. */
  readonly address: string;
  /** Ends streams and waits for what is being answered. */
  close(): Promise<void>;
}

/** Starts to listen. Throws `usage` where the address is taken or not this machine's. */
export async function serveLab(options: LabServerOptions): Promise<LabServer> {
  const { at } = options;
  const closing = new AbortController();
  const server = createServer(options, closing.signal);
  try {
    if ("socket" in at) {
      await server.listen({ path: at.socket });
      await chmod(at.socket, 0o600);
    } else await server.listen({ host: at.host, port: at.port });
  } catch (cause) {
    await server.close();
    throw listenError(cause, at);
  }
  return {
    address: addressOf(server.server.address()),
    close: async () => {
      closing.abort();
      await server.close();
    },
  };
}

function addressOf(bound: string | AddressInfo | null): string {
  if (bound === null || typeof bound === "string") return bound ?? "";
  return `http://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`;
}

function createServer({ service, access, log }: LabServerOptions, closing: AbortSignal): FastifyInstance {
  const server = Fastify({
    bodyLimit,
    requestTimeout,
    forceCloseConnections: "idle",
    logger: log === null ? false : { level: "info", stream: log, redact: ["req.headers.authorization"] },
  });
  const metrics = labMetrics(service);
  const handler = new OpenAPIHandler<{ service: LabService; closing: AbortSignal }>(labRouter, {
    plugins: [new ZodSmartCoercionPlugin()],
    interceptors: [onError((error) => server.log.warn({ err: error }, "request failed"))],
  });

  server.addHook("onRequest", async (request, reply) => {
    const { host, origin, authorization } = request.headers;
    const refusal = refusalOf({ host, origin, authorization }, access);
    if (refusal) return refuse(reply, refusal.status, refusal.message);
  });
  server.addHook("onSend", async (_, reply) => {
    reply.header("x-content-type-options", "nosniff").header("cache-control", "no-store");
  });
  server.addHook("onResponse", async (request, reply) => {
    metrics.answered({ route: request.routeOptions.url ?? "none", status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
  });
  server.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, "internal error");
    refuse(reply, status, status >= 500 ? "internal error; the server's log says more" : error.message);
  });
  server.setNotFoundHandler((request, reply) => {
    refuse(reply, 404, `nothing at ${request.url}; the API is described at /openapi.json.`);
  });

  server.register(rateLimit, { max: requestsPerMinute, timeWindow: "1 minute" });
  server.register(async (routes) => {
    routes.get("/health", async (_, reply) => {
      const trouble = await service.trouble();
      return reply.status(trouble === null ? 200 : 503).send({ status: trouble === null ? "ok" : "trouble", trouble });
    });
    routes.get("/metrics", async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
    routes.get("/openapi.json", async (_, reply) => reply.send(await openApi()));
    routes.all(`${apiPrefix}/*`, async (request: FastifyRequest, reply: FastifyReply) => {
      const { matched } = await handler.handle(request, reply, { prefix: apiPrefix, context: { service, closing } });
      if (!matched) refuse(reply, 404, `no ${request.method} ${request.url}; the API is described at /openapi.json.`);
    });
  });
  return server;
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.status(status).send({ code: codes[status] ?? "ERROR", status, message });
}

const codes: Readonly<Record<number, string>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_SERVER_ERROR",
  503: "UNAVAILABLE",
};

/** The API as an OpenAPI document. */
export function openApi(): Promise<object> {
  return new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(labApi, {
    info: { title: "Mesascope lab", version: packageVersion },
    servers: [{ url: apiPrefix }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  });
}

function listenError(cause: unknown, at: LabServerOptions["at"]): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const where = "socket" in at ? at.socket : `${at.host}:${at.port}`;
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: "another program listens there. Name another with --port, or 0 for any",
    EADDRNOTAVAIL: "this machine has no such address. Name one of its own with --host",
    EACCES: "not permitted. Name a port above 1023 with --port",
    ENOTFOUND: "no such name. Name an address of this machine with --host",
  };
  return why[code] === undefined ? cause : new MesascopeError("usage", `cannot listen at ${where}: ${why[code]}.`, { cause });
}
