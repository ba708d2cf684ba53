// Lines out of chunks of bytes, with a bound on their length.

/** Gathers bytes until a line ends. A line is at most `most` bytes long. */
export class LineReader {
  readonly #most: number;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The lines that `chunk` completes, without their ends; null when the one that has begun is too long. */
  push(chunk: Buffer): readonly string[] | null {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#chunks.push(chunk.subarray(from, end));
      lines.push(Buffer.concat(this.#chunks).toString("utf8"));
      this.#chunks = [];
      this.#length = 0;
      from = end + 1;
    }
    this.#chunks.push(chunk.subarray(from));
    this.#length += chunk.length - from;
    return this.#length > this.#most ? null : lines;
  }

  /** How the line begins that has not ended. */
  beginning(): string {
    return Buffer.concat(this.#chunks.slice(0, 4)).toString("utf8", 0, 2000);
  }
}
