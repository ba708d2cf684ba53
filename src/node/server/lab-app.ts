// What the server of a lab answers: the studio, its API with OpenAPI and server-sent events, health and metrics. Where it listens is in
// lab-server.ts.

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import rateLimit from "@fastify/rate-limit";
import { OpenAPIGenerator } from "@orpc/openapi";
import { OpenAPIHandler, type OpenAPIHandlerOptions } from "@orpc/openapi/fastify";
import { ORPCError, onError } from "@orpc/server";
import { experimental_ZodSmartCoercionPlugin as ZodSmartCoercionPlugin, ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { labApi } from "../../lab/api.ts";
import { apiPrefix } from "../../lab/api-prefix.ts";
import { isTooDeep } from "../../lab/parse-json.ts";
import type { LabService } from "../lab/lab-service.ts";
import { packageVersion } from "../package-version.ts";
import { acceptsGzip } from "./accepts-gzip.ts";
import { type AccessRules, refusalOf } from "./access.ts";
import { StreamLimit } from "./event-stream.ts";
import { labMetrics } from "./lab-metrics.ts";
import { type LabContext, labRouter } from "./lab-router.ts";
import type { StudioFiles } from "./studio-files.ts";
import { bodyLimit, unreadText } from "./unread-request.ts";

const requestTimeout = 30_000;
export const defaultRequestsPerMinute = 1200;
export const defaultMostStreams = 200;
/** Characters from which on an answer is compressed. */
const leastCompressed = 1000;
/** Seconds after which who was refused for now may ask again. */
const retryAfter = 10;

export interface LabAppOptions {
  readonly service: LabService;
  readonly access: AccessRules;
  /** Of one address; null for no limit. */
  readonly requestsPerMinute: number | null;
  /** Where structured logs go, a line of JSON each; null for none. */
  readonly log: { write(line: string): void } | null;
  /** Of streams of events; null for no limit. */
  readonly mostStreams: number | null;
  /** Aborts when streams are to end. */
  readonly closing: AbortSignal;
  /** Null for none: over a socket nobody opens pages. */
  readonly studio: StudioFiles | null;
}

/** An app that does not listen yet. */
export function createLabApp({ service, access, log, closing, studio, ...limits }: LabAppOptions): FastifyInstance {
  const server = Fastify({
    bodyLimit,
    requestTimeout,
    // A line each, with its answer: below.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
    logger: log === null ? false : { level: "info", stream: log, redact: ["req.headers.authorization"] },
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: answerError,
  });
  // Bodies are JSON: a text is refused by its type, and not as JSON that is none of what is expected.
  server.removeContentTypeParser("text/plain");
  const { requestsPerMinute, mostStreams } = limits;
  const streams = mostStreams === null ? null : new StreamLimit(mostStreams);
  const metrics = labMetrics(service);
  const interceptors: OpenAPIHandlerOptions<LabContext>["interceptors"] = [
    onError((error) => {
      if (!(error instanceof ORPCError) || error.status >= 500) server.log.error({ err: error }, "request failed");
    }),
  ];
  // Queries are texts, to be read as what is expected. Bodies are taken as they are: the plugin would put undefined where nothing is.
  const handlers = {
    query: new OpenAPIHandler<LabContext>(labRouter, { plugins: [new ZodSmartCoercionPlugin()], interceptors }),
    body: new OpenAPIHandler<LabContext>(labRouter, { interceptors }),
  };
  const refusal = ({ headers, method, routeOptions }: FastifyRequest, rules = access) => {
    const { host, origin, authorization, "sec-fetch-site": site, "sec-fetch-mode": mode } = headers;
    // A page from elsewhere may lead to the studio, and by a link to whatever is there to be read.
    const mayBeLedTo = routeOptions.config.isStudio === true || (mode === "navigate" && (method === "GET" || method === "HEAD"));
    return refusalOf({ host, origin, authorization, mayBeLedTo, ...(typeof site === "string" && { site }) }, rules);
  };

  // After the limit of requests, which is of `onRequest`: who tries tokens is stopped by it. Before anything is read.
  server.addHook("preParsing", async (request, reply) => {
    // Odd methods, which no route takes and no limit counts, learn nothing of the token.
    if (request.is404) return;
    // Whoever watches a server need not know its token, and calls it by its address: "ok" tells nothing.
    // The studio's files are the same for everybody, and are where a reader types the token: only host and origin count.
    const rules = request.routeOptions.config.isStudio ? { ...access, token: null } : access;
    const refused = request.routeOptions.url === healthPath ? null : refusal(request, rules);
    if (refused) refuse(reply, refused.status, refused.message);
  });
  server.addHook("preValidation", async (request, reply) => {
    // Whatever walks through it would end the stack.
    if (isTooDeep(request.body)) refuse(reply, 400, "a body given that nests too deeply; expected JSON as the API describes it.");
  });
  server.addHook("onSend", async ({ headers }, reply, payload) => {
    reply.header("x-content-type-options", "nosniff");
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
    if (reply.statusCode === 503) reply.header("retry-after", retryAfter);
    if (typeof payload !== "string" || payload.length < leastCompressed) return payload;
    reply.header("vary", "accept-encoding");
    if (!acceptsGzip(headers["accept-encoding"])) return payload;
    reply.header("content-encoding", "gzip").removeHeader("content-length");
    return await promisify(gzip)(payload);
  });
  server.addHook("onResponse", async (request, reply) => {
    const { method, url, ip } = request;
    request.log.info({ method, url, ip, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) }, "answered");
    metrics.answered({ route: request.routeOptions.url ?? "none", status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
  });
  server.setErrorHandler(answerError);
  const notFound = async (request: FastifyRequest, reply: FastifyReply) => {
    refuse(reply, 404, `nothing at ${request.url}; the API is described at /openapi.json.`);
  };
  server.setNotFoundHandler(notFound);

  if (requestsPerMinute !== null) server.register(rateLimit, { max: requestsPerMinute, timeWindow: "1 minute" });
  server.register(async (routes) => {
    routes.get(healthPath, async (request, reply) => {
      const trouble = await service.trouble();
      const status = trouble === null ? "ok" : "trouble";
      return reply.status(trouble === null ? 200 : 503).send(refusal(request) ? { status } : { status, trouble });
    });
    routes.get("/metrics", async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
    routes.get("/openapi.json", async (_, reply) => reply.send(await openApi()));
    const isAsked = (method: string) => method === "GET" || method === "HEAD";
    routes.route({ method: routes.supportedMethods.filter((method) => !isAsked(method)), url: "/*", handler: notFound });
    routes.get("/*", { config: { isStudio: true } }, studio === null ? notFound : studioRoute(studio, notFound));
    routes.all(`${apiPrefix}/*`, async (request: FastifyRequest, reply: FastifyReply) => {
      const handler = request.method === "GET" ? handlers.query : handlers.body;
      const { matched } = await handler.handle(request, reply, { prefix: apiPrefix, context: { service, closing, streams } });
      if (!matched) refuse(reply, 404, `no ${request.method} ${request.url}; the API is described at /openapi.json.`);
    });
  });
  return server;
}

const healthPath = "/health";

declare module "fastify" {
  interface FastifyContextConfig {
    readonly isStudio?: boolean;
  }
}

type Route = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

function studioRoute(studio: StudioFiles, notFound: Route): Route {
  return async (request, reply) => {
    const path = request.url.split("?", 1)[0]!;
    const answer = await studio.answer({ path, acceptsGzip: acceptsGzip(request.headers["accept-encoding"]) });
    return answer === null ? notFound(request, reply) : reply.headers(answer.headers).send(answer.body);
  };
}

/** What Fastify or a hook threw, before or after the API was asked. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error({ err: error }, "internal error");
  const { code, message } = error;
  const told = () => unreadText({ code, message, contentType: request.headers["content-type"] });
  refuse(reply, status, status >= 500 ? "internal error; the server's log says more" : told());
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  // The form in which clients of the API read an error.
  return reply.status(status).send({ defined: false, code: codes[status] ?? "ERROR", status, message });
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
