// New events of a lab, told to listeners in order, each once: woken by notices, and by the clock where one is missed.

import type { LabEvent } from "../../../lab/api.ts";
import type { LabDatabase } from "../database/lab-database.ts";
import { eventsChannel, lastEventNumber, readEvents } from "./events.ts";

const batch = 500;
/** Milliseconds. */
const lookEvery = 2000;

export class EventFeed {
  readonly #database: LabDatabase;
  readonly #listeners = new Set<(event: LabEvent) => void>();
  #unlisten: Promise<() => Promise<void>> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isReading = false;
  #isAskedAgain = false;
  #last: number;

  /** Begins after the event of number `last`. */
  constructor(database: LabDatabase, last: number) {
    this.#database = database;
    this.#last = last;
  }

  /** Returns what ends it. */
  listen(listener: (event: LabEvent) => void): () => void {
    this.#listeners.add(listener);
    // Where notices cannot be had just now, the clock does.
    this.#unlisten ??= this.#database.listen(eventsChannel, () => void this.#read()).catch(() => async () => undefined);
    this.#timer ??= setInterval(() => void this.#read(), lookEvery).unref();
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    if (this.#timer) clearInterval(this.#timer);
    const unlisten = await this.#unlisten;
    await unlisten?.();
  }

  async #read(): Promise<void> {
    this.#isAskedAgain = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#isAskedAgain && this.#listeners.size > 0) {
        this.#isAskedAgain = false;
        const events = await readEvents(this.#database, { after: this.#last, limit: batch });
        for (const event of events) {
          this.#last = event.number;
          for (const listener of this.#listeners) listener(event);
        }
        if (events.length === batch) this.#isAskedAgain = true;
        // Numbers go back where the database is restored from a backup.
        if (events.length === 0) this.#last = Math.min(this.#last, await lastEventNumber(this.#database));
      }
    } catch {
      // The database is away: the clock asks again.
    } finally {
      this.#isReading = false;
    }
  }
}
