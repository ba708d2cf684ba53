// mesascope query: SQL over the finished jobs of a lab, which can read and nothing else.

import type { Command } from "commander";
import type { QueryCell, QueryResult } from "../../node/lab/query.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, printJson, secondsFrom } from "../command.ts";
import { LabBar } from "../lab-bar.ts";
import { addLabOptions, type LabOptions, openChosenStore } from "../lab-options.ts";
import { type Terminal, withoutSteering } from "../terminal.ts";

interface QueryOptions extends CommonOptions, LabOptions {
  readonly store?: string;
  readonly rows: number;
  readonly timeout: number;
}

export function queryCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "query",
    summary: "ask a lab in SQL",
    description:
      "Answers a SELECT over the tables runs, curves, audits, findings and measurements of all finished jobs, and kept of cards and leagues (DuckDB's SQL;\n" +
      'docs/lab-exports.md tells every column, and so does "describe runs"). It reads the lab\'s files, whether somebody works in it or not, and can write nothing.',
    seed: "without effect: nothing is drawn",
    examples: [
      'query "select world, count(*), avg(training_return) from runs group by world"',
      'query "describe runs"',
      'query "from audits" --json',
    ],
  })
    .argument("<sql>", "one statement that reads")
    .option("--rows <number>", "print at most so many", integerFrom(1, 1_000_000), 1000)
    .option("--timeout <seconds>", "stop a query that takes longer", secondsFrom(0.1, 86_400), 60)
    .option("--store <address>", "the lab's files at s3://BUCKET/PREFIX, in place of --lab");
  return addLabOptions(command, { withServer: false }).action(async (sql: string, options: QueryOptions) => {
    const { queryLab } = await import("../../node/lab/query.ts");
    const { interruptSignal } = await import("../../node/interrupt.ts");
    const store = await openChosenStore(options.store, options);
    const interrupt = interruptSignal("interrupted; nothing was changed.");
    const bar = new LabBar(terminal);
    const result = await queryLab({
      ...{ store, sql, mostRows: options.rows, seconds: options.timeout, signal: interrupt.signal },
      onProgress: ({ stage, done, total }) => bar.show(done, total, stage === "reading" ? "jobs read" : "jobs written"),
    }).finally(() => {
      bar.close();
      interrupt.restore();
    });
    if (options.json) return printJson(terminal, { schema: "mesascope/query@1", ...result });
    await print(result, terminal);
  });
}

async function print({ columns, rows, cut }: QueryResult, { out, err }: Terminal): Promise<void> {
  const { createTable } = await import("../table.ts");
  const cells = rows.map((row) => row.map((cell) => withoutSteering(cellText(cell))));
  out.write(createTable({ head: columns.map(({ name }) => withoutSteering(name)), rows: cells }, out));
  if (cut !== null) err.write(`mesascope: ${cut}\n`);
}

function cellText(cell: QueryCell): string {
  if (cell === null) return "";
  if (typeof cell === "number" && !Number.isInteger(cell)) return String(Number(cell.toPrecision(6)));
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}
