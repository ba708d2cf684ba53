// When a stream of events counts as lost.

/** Milliseconds without a sign of life. The server sends a keep-alive every 5 s: after three missed ones the connection counts as lost. */
export const silenceAllowed = 16_000;
