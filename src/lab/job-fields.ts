// By what lists of jobs are sorted and grouped.

import { type ConfigField, configPath, isConfigField } from "./config-path.ts";

export const sortFields = [
  ...(["created", "started", "finished", "name", "world", "seed", "state", "priority"] as const),
  ...(["return", "share", "seconds", "steps"] as const),
] as const;

/** Those of filters that many jobs have in common, by their names; fields of recipes are grouped by as well. */
export const groupFields = [
  ...(["kind", "state", "name", "organism", "world", "network", "optimizer", "seed", "sweep", "verdict", "objective"] as const),
  ...(["priority", "steps", "code", "worker", "run"] as const),
] as const;
export type GroupField = (typeof groupFields)[number] | ConfigField;

export function isGroupField(text: string): text is GroupField {
  return groupFields.some((field) => field === text) || (isConfigField(text) && configPath(text) !== null);
}
