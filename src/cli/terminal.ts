// Where the program writes: results to standard output, everything else to standard error, color only where a person sees it.

import { styleText } from "node:util";

type Style = "bold" | "dim" | "red" | "green" | "yellow";

export interface Channel {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal; 100 where there is none, or where it says that it has none. */
  readonly columns: number;
  /** The text in that style, or as it is where no color is wanted (no terminal, `NO_COLOR`, `TERM=dumb`). */
  style(style: Style, text: string): string;
}

export interface Terminal {
  readonly out: Channel;
  readonly err: Channel;
}

/** The text without characters that steer a terminal or turn the direction of writing; line ends and tabs stay. For words of files and programs. */
export function withoutSteering(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\p{Cf}\u2028\u2029]/gu, "");
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return { out: channelOf(process.stdout), err: channelOf(process.stderr) };
}

function channelOf(stream: NodeJS.WriteStream): Channel {
  let isClosed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    isClosed = true; // whoever closed the pipe (`| head`) has seen enough; the work and its exit code go on
    if (error.code === "EPIPE" || stream !== process.stdout) return;
    process.exitCode = 1;
    process.stderr.write(
      `mesascope: could not write the result (${error.message}); free space or write it elsewhere, then run the command again.\n`,
    );
  });
  const isTerminal = stream.isTTY === true;
  const isColored = isTerminal && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return {
    write: (text) => {
      if (!isClosed) stream.write(text);
    },
    isTerminal,
    get columns() {
      return stream.columns || 100;
    },
    style: (style, text) => (isColored ? styleText(style, text, { validateStream: false }) : text),
  };
}
