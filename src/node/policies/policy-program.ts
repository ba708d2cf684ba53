// A policy that is a program on this machine: messages go to its standard input, answers come from its standard output.

import { LineProgram, type LineProgramOptions } from "../programs/line-program.ts";
import { quoteText } from "../programs/quote-text.ts";
import type { PolicyTransport } from "./policy-conversation.ts";

/** Starts the program. Throws as `LineProgram.start`. */
export async function startPolicyProgram(options: Omit<LineProgramOptions, "timeoutOption">): Promise<PolicyTransport> {
  const program = await LineProgram.start({ ...options, timeoutOption: "--policy-timeout" });
  return {
    who: `the policy ${quoteText(options.command)}`,
    ask: (message) => program.ask(message),
    hide: (text) => text,
    lastWords: () => program.lastWords(),
    close: () => program.close(),
  };
}
