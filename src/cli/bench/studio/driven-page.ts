// A page in the system's Chromium that is driven over its debugging protocol: led to addresses, and asked to evaluate.

import { z } from "zod";
import { MesascopeError } from "../../../core/base/errors.ts";
import { type OpenPage, openInChromium } from "../../../node/web/chromium.ts";

export interface DrivenPage {
  /** Goes to an address and evaluates `first` there before the page's own scripts; returns when the page was loaded. Throws `check-failed` where nothing answers. */
  goTo(address: string, first?: string): Promise<void>;
  /** What an expression comes to, promises awaited, as far as JSON tells it. Throws `check-failed` where it throws in the page. */
  evaluate<Output>(expression: string, schema: z.ZodType<Output>): Promise<Output>;
  close(): Promise<void>;
}

const targetSchema = z.array(z.looseObject({ type: z.string(), webSocketDebuggerUrl: z.string() }));
const messageSchema = z.looseObject({
  id: z.int().optional(),
  method: z.string().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});
const navigatedSchema = z.looseObject({ errorText: z.string().optional() });
const evaluatedSchema = z.looseObject({
  result: z.looseObject({ value: z.unknown().optional() }),
  exceptionDetails: z
    .looseObject({ text: z.string(), exception: z.looseObject({ description: z.string().optional() }).optional() })
    .optional(),
});

/** `signal` ends what is awaited. Throws `worker-lost` where the browser is lost, and `check-failed` where it does not do what it is told. */
export async function openDrivenPage({
  program,
  signal,
}: {
  readonly program: string;
  readonly signal: AbortSignal;
}): Promise<DrivenPage> {
  const opened = await openInChromium(program, "about:blank");
  try {
    const protocol = await Protocol.open(await opened.debuggerAddress(), { opened, signal });
    await protocol.call("Page.enable", {});
    return {
      goTo: async (address, first = "") => {
        const { identifier } = z
          .looseObject({ identifier: z.string() })
          .parse(await protocol.call("Page.addScriptToEvaluateOnNewDocument", { source: first }));
        const loaded = protocol.event("Page.loadEventFired");
        const { errorText } = navigatedSchema.parse(await protocol.call("Page.navigate", { url: address }));
        await loaded;
        await protocol.call("Page.removeScriptToEvaluateOnNewDocument", { identifier });
        // What was loaded then is a page of Chromium's own.
        if (errorText !== undefined)
          throw new MesascopeError("check-failed", `${address} was not loaded (${errorText}); expected a page to measure.`);
      },
      evaluate: async (expression, schema) => {
        const answer = await protocol.call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
        const { result, exceptionDetails } = evaluatedSchema.parse(answer);
        if (exceptionDetails === undefined) return schema.parse(result.value);
        const why = exceptionDetails.exception?.description ?? exceptionDetails.text;
        throw new MesascopeError("check-failed", `the page could not be measured: ${why}`);
      },
      close: () => {
        protocol.close();
        return opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Calls and events of Chromium's debugging protocol, over one socket. */
class Protocol {
  readonly #socket: WebSocket;
  readonly #ended: Promise<never>;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #events: { readonly method: string; readonly resolve: () => void }[] = [];
  #asked = 0;

  static async open(address: string, how: { readonly opened: OpenPage; readonly signal: AbortSignal }): Promise<Protocol> {
    const targets = targetSchema.parse(await (await fetch(`${address}/json/list`)).json());
    const page = targets.find(({ type }) => type === "page");
    if (page === undefined)
      throw new MesascopeError("check-failed", "Chromium has no page open; expected the one that it was started with.");
    const socket = new WebSocket(page.webSocketDebuggerUrl);
    const protocol = new Protocol(socket, how);
    await protocol.#orEnd(
      new Promise<void>((resolve, reject) => {
        socket.addEventListener("open", () => resolve());
        socket.addEventListener("error", () =>
          reject(new MesascopeError("worker-lost", "Chromium takes no orders on its socket.")),
        );
      }),
    );
    return protocol;
  }

  private constructor(socket: WebSocket, { opened, signal }: { readonly opened: OpenPage; readonly signal: AbortSignal }) {
    this.#socket = socket;
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    this.#ended = Promise.race([opened.lost, stopped]);
    this.#ended.catch(() => undefined);
    socket.addEventListener("message", ({ data }) => this.#heard(messageSchema.parse(JSON.parse(String(data)))));
  }

  call(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    const id = ++this.#asked;
    const answered = Promise.withResolvers<unknown>();
    this.#calls.set(id, answered);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return this.#orEnd(answered.promise);
  }

  /** The next of that name. */
  event(method: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#events.push({ method, resolve });
    return this.#orEnd(promise);
  }

  close(): void {
    this.#socket.close();
  }

  #orEnd<Output>(promise: Promise<Output>): Promise<Output> {
    return Promise.race([promise, this.#ended]);
  }

  #heard({ id, method, result, error }: z.infer<typeof messageSchema>): void {
    if (id !== undefined) {
      const answered = this.#calls.get(id);
      this.#calls.delete(id);
      if (error === undefined) answered?.resolve(result);
      else answered?.reject(new MesascopeError("check-failed", `Chromium refused an order: ${error.message}`));
      return;
    }
    for (const event of this.#events.filter((each) => each.method === method)) {
      this.#events.splice(this.#events.indexOf(event), 1);
      event.resolve();
    }
  }
}
