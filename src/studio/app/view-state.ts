// What a page keeps in its address, and a moment ahead of it: each change is seen at once, and written when it is over. Browsers refuse an address
// that changes with every step of a slider (Safari 100 times in 30 s, Chromium 200 in 10 s).

/** Milliseconds without a change after which the address is written. */
const writeAfter = 350;

export interface ViewChange {
  /** Another place to come back to: written at once, after what was changed before. Default: in place of the address as it is. */
  readonly isPage?: boolean;
}

export interface ViewStateOptions<Search> {
  /** As the address has it. */
  readonly given: Search;
  readonly write: (search: Search, change: Required<ViewChange>) => void;
}

/** Call `hear` whenever the address changed, and `end` when the page is left. */
export class ViewState<Search extends object> {
  readonly #write: ViewStateOptions<Search>["write"];
  readonly #watchers = new Set<() => void>();
  #search: Search;
  /** What the address is, and what was written after that. */
  #addresses: readonly Search[];
  #isPage = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ given, write }: ViewStateOptions<Search>) {
    this.#search = given;
    this.#addresses = [given];
    this.#write = write;
  }

  /** For `useSyncExternalStore`. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** As it is to be shown: another object only where it is another. */
  readonly search = (): Search => this.#search;

  readonly change = (part: Partial<Search>, { isPage = false }: ViewChange = {}): void => {
    const next = { ...this.#search, ...part };
    if (isSame(next, this.#search)) return;
    if (isPage) this.#writeNow();
    this.#isPage ||= isPage;
    this.#become(next);
    clearTimeout(this.#timer);
    // A page of its own in a task of its own: two addresses that are written in one task are one to the browser's history.
    this.#timer = setTimeout(() => this.#writeNow(), this.#isPage ? 0 : writeAfter);
  };

  /** Back, forward and links count more than what is not written yet; what was written here is no news. */
  hear(given: Search): void {
    const written = this.#addresses.findIndex((address) => isSame(address, given));
    if (written >= 0) {
      this.#addresses = this.#addresses.slice(written);
      return;
    }
    this.end();
    this.#addresses = [given];
    this.#become(given);
  }

  /** Writes nothing any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#isPage = false;
  }

  #writeNow(): void {
    const isPage = this.#isPage;
    this.end();
    if (isSame(this.#search, this.#addresses.at(-1)!)) return;
    this.#addresses = [...this.#addresses, this.#search];
    this.#write(this.#search, { isPage });
  }

  #become(search: Search): void {
    this.#search = search;
    for (const watcher of this.#watchers) watcher();
  }
}

function isSame(a: object, b: object): boolean {
  const told = (search: object) =>
    JSON.stringify(
      Object.entries(search)
        .filter(([, value]) => value !== undefined)
        .sort(),
    );
  return told(a) === told(b);
}
