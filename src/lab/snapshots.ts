// Snapshots of an agent in training: a few, kept at steps that lie ever further apart, so that it can be said later when an objective formed.

/** Besides the agent at the end. Of the quick preset all lie apart, by one update at the least. */
export const snapshotCount = 9;
/** Of snapshots, from the first. */
export const allPlaces: readonly number[] = Array.from({ length: snapshotCount }, (_, place) => place);
/** The first lies at this share of the training; before it an agent has hardly begun. */
const firstShare = 1 / 32;

/** From how many environment steps on each snapshot is to be kept: equal ratios from one to the next, and from the last to the whole training. */
function snapshotSteps(totalTimesteps: number): readonly number[] {
  return allPlaces.map((place) => totalTimesteps * firstShare ** (1 - place / snapshotCount));
}

/** Whether an update that led from `before` to `now` steps reached a step at which a snapshot is to be kept. */
export function isSnapshotDue(
  totalTimesteps: number,
  { before, now }: { readonly before: number; readonly now: number },
): boolean {
  return snapshotSteps(totalTimesteps).some((steps) => before < steps && steps <= now);
}

/**
 * The steps of the snapshot of that place, from 0, among those that were kept, the end among them: the first at or after where it was to be. Of
 * a training of few updates several places come to the same one. Null where none is.
 */
export function snapshotAt(
  place: number,
  { totalTimesteps, kept }: { readonly totalTimesteps: number; readonly kept: readonly number[] },
): number | null {
  const from = snapshotSteps(totalTimesteps)[place];
  if (from === undefined) return null;
  const after = kept.filter((steps) => steps >= from);
  return after.length === 0 ? null : Math.min(...after);
}

/**
 * The places whose snapshots lie at different steps, the first of each, and none whose snapshot would be the end: those to be audited. `kept` as
 * for `snapshotAt`.
 */
export function distinctPlaces(training: {
  readonly totalTimesteps: number;
  readonly kept: readonly number[];
}): readonly number[] {
  const seen = new Set([Math.max(...training.kept)]);
  return allPlaces.filter((place) => {
    const steps = snapshotAt(place, training);
    if (steps === null || seen.has(steps)) return false;
    seen.add(steps);
    return true;
  });
}

/** The steps of the snapshots that a training will keep whose updates take `updateSteps` steps each, and of its end. */
export function stepsToKeep({
  totalTimesteps,
  updateSteps,
}: {
  readonly totalTimesteps: number;
  readonly updateSteps: number;
}): readonly number[] {
  const asked = [...snapshotSteps(totalTimesteps), totalTimesteps];
  return [...new Set(asked.map((steps) => Math.ceil(steps / updateSteps) * updateSteps))];
}

/** What a snapshot's policy is called among the files of a run. */
export function snapshotFile(environmentSteps: number): string {
  return `snapshot-${environmentSteps}.onnx`;
}

/** The steps of the snapshots among the names of files, ascending. */
export function snapshotsAmong(files: readonly string[]): readonly number[] {
  return files
    .flatMap((name) => {
      const steps = /^snapshot-(\d+)\.onnx$/.exec(name)?.[1];
      return steps === undefined ? [] : [Number(steps)];
    })
    .sort((a, b) => a - b);
}
