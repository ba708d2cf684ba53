// By what lists of jobs are sorted and grouped.

export const sortFields = [
  ...(["created", "started", "finished", "name", "world", "seed", "state", "priority"] as const),
  ...(["return", "share", "seconds", "steps"] as const),
] as const;
export const groupFields = [
  "kind",
  "state",
  "name",
  "world",
  "network",
  "optimizer",
  "sweep",
  "verdict",
  "code",
  "worker",
] as const;
