// A world that is a program on this machine: requests go to its standard input, answers come from its standard output.

import { MesascopeError } from "../../core/base/errors.ts";
import { connectWorld, type ExternalWorld } from "../../core/worlds/external-world.ts";
import { LineProgram, type LineProgramOptions } from "./line-program.ts";
import { quoteText } from "./quote-text.ts";

export interface OpenWorld {
  readonly world: ExternalWorld;
  /** Ends the program. */
  close(): Promise<void>;
}

/**
 * Starts the program and asks what its world is. Throws `usage` for a command that cannot be read, `world-failed` for a program that
 * cannot be started, ends, hangs, or gives answers that are none; so does the world later, and a reason of `signal` is passed on.
 */
export async function startWorldProgram(options: Omit<LineProgramOptions, "timeoutOption">): Promise<OpenWorld> {
  const who = `the world ${quoteText(options.command)}`;
  const program = await LineProgram.start({ ...options, timeoutOption: "--world-timeout" }).catch((error: unknown) => {
    throw inWorldsWords(error, who);
  });
  const link = async (request: object): Promise<unknown> => {
    const line = await program.ask(JSON.stringify(request)).catch((error: unknown) => {
      throw inWorldsWords(error, who, program.lastWords());
    });
    try {
      return JSON.parse(line);
    } catch (cause) {
      const hint = /\b(NaN|Infinity)\b/.test(line) ? " (NaN and Infinity are not)" : "";
      throw new MesascopeError(
        "world-failed",
        `${who} answered with what is not JSON${hint}: ${quoteText(line)}; expected one object on one line, and what it prints on standard error. There is no verdict.`,
        { cause },
      );
    }
  };
  try {
    return { world: await connectWorld(link), close: () => program.close() };
  } catch (error) {
    await program.close();
    throw error;
  }
}

/** What the transport says of any program, said of a world. */
function inWorldsWords(error: unknown, who: string, lastWords = ""): unknown {
  if (!(error instanceof MesascopeError) || error.code !== "policy-failed") return error;
  return new MesascopeError(
    "world-failed",
    `${who}: ${error.message}.${lastWords} There is no verdict.`.replace(/\.\.(?=\s)/, "."),
    {
      cause: error,
    },
  );
}
