// From when on a job that runs is told as silent.

/**
 * Seconds since its worker told of it last. Above the minute that lies between two signs of life of a worker of 3,000 or more: what is silent for
 * longer has missed one.
 */
export const silentAfter = 90;
