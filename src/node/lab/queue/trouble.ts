// What keeps a worker from its work for a while.

/** The same failure again and again, told once; how long to wait doubles. */
export class Trouble {
  readonly #onWarning: (text: string) => void;
  text: string | null = null;
  readonly #longest: number;
  #times = 0;

  constructor(onWarning: (text: string) => void, longest: number) {
    this.#onWarning = onWarning;
    this.#longest = longest;
  }

  /** Seconds. */
  get wait(): number {
    return this.#times === 0 ? 0 : Math.min(this.#longest, 2 ** (this.#times - 1));
  }

  tell(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    if (this.text !== text) this.#onWarning(text);
    this.text = text;
    this.#times++;
  }

  end(): void {
    this.text = null;
    this.#times = 0;
  }
}
