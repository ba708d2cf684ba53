// The groups of mesascope runs --group.

import { InvalidArgumentError } from "commander";
import type { JobGroup } from "../lab/api.ts";
import { isConfigField } from "../lab/config-path.ts";
import { type GroupField, groupFields, isGroupField } from "../lab/job-fields.ts";
import { type CommonOptions, printJson } from "./command.ts";
import { count, decimal, percent } from "./format.ts";
import { askChosenLab, type LabOptions } from "./lab-options.ts";
import { countsText, leftOutText, shortKey } from "./lab-text.ts";
import type { ListColumn } from "./list-table.ts";
import type { Terminal } from "./terminal.ts";

const mostFields = 4;

/** A parser of what to group by, for commander. */
export function parseGroupFields(text: string): readonly GroupField[] {
  const fields = text.split(",").map((word) => {
    const field = word.trim();
    if (isGroupField(field)) return field;
    throw new InvalidArgumentError(`Unknown field to group by "${field}"; known: ${groupFields.join(", ")}, config.PATH.`);
  });
  if (fields.length <= mostFields) return fields;
  throw new InvalidArgumentError(`Expected at most ${mostFields} fields. Leave some out.`);
}

export interface GroupOptions extends CommonOptions, LabOptions {
  readonly by: readonly GroupField[];
}

/** Asks the lab for the groups and writes them. */
export async function writeGroups(filter: string, { by, ...options }: GroupOptions, terminal: Terminal): Promise<void> {
  const groups = await askChosenLab(options, async ({ client }) => {
    const found = await client.jobs.group({ filter, by: [...by] });
    const empty = by.filter((field) => isConfigField(field) && found.every(({ values }) => values[field] === null));
    const doubted = found.length === 0 ? [filter] : empty.map((field) => `${field}:*`);
    for (const each of doubted) await (await import("./filter-typos.ts")).requireKnownNames(client, each);
    return found;
  });
  if (options.json) return printJson(terminal, { schema: "mesascope/run-groups@1", groups });
  if (groups.length === 0) return void terminal.out.write("No jobs.\n");
  const { createListTable } = await import("./list-table.ts");
  const { columns, rows } = tableOf(groups, by);
  const { text, leftOut } = createListTable({ columns, rows }, terminal.out);
  terminal.out.write(text);
  terminal.err.write(leftOutText(leftOut, "a wider terminal and --json"));
}

function tableOf(groups: readonly JobGroup[], by: readonly GroupField[]) {
  const told: readonly (ListColumn & { readonly cells: readonly string[] })[] = [
    { name: "states", least: 10, rank: 2, cells: groups.map(({ counts }) => countsText(counts)) },
    { name: "return", cells: groups.map(({ trainingReturn }) => meanText(trainingReturn, decimal)) },
    { name: "of the oracle", rank: 1, cells: groups.map(({ oracleShare }) => meanText(oracleShare, percent)) },
  ];
  const columns = [
    ...by.map((name) => ({ name, least: 12, cells: groups.map(({ values }) => valueText(name, values[name] ?? null)) })),
    { name: "jobs", cells: groups.map(({ jobs }) => count(jobs)) },
    // Audits and measurements have no return.
    ...told.filter(({ cells }) => cells.some((cell) => cell !== "")),
  ];
  return { columns, rows: groups.map((_, row) => columns.map(({ cells }) => cells[row]!)) };
}

function valueText(field: GroupField, value: JobGroup["values"][string]): string {
  if (value === null) return "–";
  return field === "run" ? shortKey(String(value)) : String(value);
}

/** e.g. `0.95 [0.91, 0.98] n 5`. */
function meanText(mean: JobGroup["trainingReturn"], format: (value: number) => string): string {
  if (mean === null) return "";
  const interval = mean.low === null || mean.high === null ? "" : ` [${format(mean.low)}, ${format(mean.high)}]`;
  return `${format(mean.mean)}${interval} n ${mean.n}`;
}
