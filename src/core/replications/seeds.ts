// Which seeds cards are made of.

/**
 * The first seed of a card's agents: pilot runs, after which recipes and claims were still changed, used seeds from 1 upwards, so the
 * agents that a card states numbers of are ones that nobody saw before.
 */
export const firstUnpilotedSeed = 1001;
