// Auditors that were made for the last few worlds: solving levels takes longer than an audit on them, and a sweep audits many agents of few worlds.

import { Auditor, type AuditProgress } from "../../../core/audit/auditor.ts";
import type { Encoder, World } from "../../../core/worlds/world.ts";

/** Levels of all auditors kept, a bound on memory; the one made last is kept whatever it has. */
const mostLevels = 100;

export interface AuditorNeed {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly levels: number;
  readonly seed: number;
}

export class AuditorShelf {
  /** The one used last is at the end. */
  readonly #kept = new Map<string, { readonly auditor: Auditor; readonly levels: number }>();

  /** An auditor that gives what one made anew would give. `onProgress` is told of the solving; what it throws ends it. */
  async take(need: AuditorNeed, onProgress: (progress: AuditProgress) => void): Promise<Auditor> {
    const { world, encoder, levels, seed } = need;
    const name = JSON.stringify([world.name, world.version, world.parameters, encoder.name, levels, seed]);
    const known = this.#kept.get(name);
    this.#kept.delete(name);
    this.#makeRoom(levels);
    const auditor = known?.auditor ?? (await Auditor.create({ ...need, clock: () => performance.now(), onProgress }));
    this.#kept.set(name, { auditor, levels });
    return auditor;
  }

  /** Lets go of those that were not used for longest. */
  #makeRoom(levels: number): void {
    for (const name of [...this.#kept.keys()]) {
      const sum = [...this.#kept.values()].reduce((total, kept) => total + kept.levels, levels);
      if (sum <= mostLevels) return;
      this.#kept.delete(name);
    }
  }
}
