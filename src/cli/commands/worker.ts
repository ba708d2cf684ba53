// mesascope worker: a process that takes jobs of a lab that several machines share.

import { availableParallelism, hostname } from "node:os";
import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { JobKey } from "../../lab/job.ts";
import type { LabContract } from "../../node/lab/lab.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, printJson } from "../command.ts";
import { count } from "../format.ts";
import { addFleetOptions, type FleetOptions, fleetOf, warnOfLab } from "../lab-options.ts";
import { outcomeText } from "../lab-text.ts";
import type { Channel } from "../terminal.ts";
import { withoutSteering } from "../terminal.ts";

interface WorkerOptions extends CommonOptions, FleetOptions {
  readonly slots?: number;
  readonly name?: string;
}

export function workerCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "worker",
    summary: "work in a lab that several machines share",
    description:
      "Takes jobs from the lab's database and puts results into its store, until it is stopped: any number of workers on any number of machines. Takes\n" +
      "only jobs of its own code version. Ctrl-C or SIGTERM: what runs is saved, and another worker goes on with it. Workers of a lab on\n" +
      "one machine share its cores: together they do one job per core at a time, or as many as --slots of one of them says. docs/fleet.md tells more.",
    seed: "without effect: jobs say their seeds",
    examples: ["worker --database-url postgres://lab@db/lab --store s3://lab/files", "worker --slots 2 --name gpu-7"],
  })
    .option("--slots <number>", "jobs at a time (default: one per core)", integerFrom(1, 256))
    .option("--name <name>", "unique among the workers that are alive (default: of this machine and process)");
  return addFleetOptions(command).action(async (options: WorkerOptions) => {
    const fleet = fleetOf(options);
    if (fleet === null) {
      throw new MesascopeError(
        "usage",
        'no database given; expected --database-url and --store (or MESASCOPE_DATABASE_URL and MESASCOPE_STORE). In a lab\'s folder "mesascope serve" works.',
      );
    }
    const { codeVersion: code } = await import("../../node/code-version.ts");
    const { openFleetLab } = await import("../../node/lab/open-fleet-lab.ts");
    const { workInLab } = await import("../../node/lab/work-in-lab.ts");
    const { stopSignal } = await import("../../node/interrupt.ts");
    const stop = stopSignal();
    const worker = options.name ?? `${hostname()}-${process.pid}`;
    const slots = options.slots ?? availableParallelism();
    const lab = await openFleetLab({ ...fleet, code, onWarning: warnOfLab });
    try {
      if (options.json) printJson(terminal, { schema: "mesascope/worker@1", worker, code, slots });
      terminal.err.write(await hello(lab, { worker, slots }));
      await workInLab(lab, {
        ...{ store: fleet.store, worker, host: hostname(), slots, signal: stop.signal },
        onWarning: (text) => terminal.err.write(`${worker}: ${withoutSteering(text)}\n`),
        ...(!options.json && { onEnd: (job, how) => void tellEnd(lab, { job, how, worker, err: terminal.err }) }),
      });
      terminal.err.write(`${worker}: stopped; what ran is saved and goes on elsewhere.\n`);
    } finally {
      await lab.close();
      stop.restore();
    }
  });
}

/** Which jobs it takes, and which wait for others. */
async function hello(lab: LabContract, { worker, slots }: { readonly worker: string; readonly slots: number }): Promise<string> {
  const { code, waitingForOtherCode, counts } = await lab.status();
  const waiting = Object.entries(waitingForOtherCode);
  const others = waiting.reduce((sum, [, jobs]) => sum + jobs, 0);
  const told = waiting.map(
    ([other, jobs]) =>
      `${worker}: ${count(jobs)} jobs wait for a worker of the code ${other}, which this one is not: it would compute them differently.\n`,
  );
  const { seatsFor } = await import("../../node/lab/queue/core-seats.ts");
  const rule = `${slots} at a time, at most ${seatsFor(slots)} with others of the lab on this machine`;
  return `${worker}: takes jobs of the code ${code}, ${rule}; ${count(Math.max(0, counts.queued - others))} wait for it.\n${told.join("")}`;
}

/** A line for the end of a job. Does not throw. */
async function tellEnd(
  lab: LabContract,
  { job, how, worker, err }: { readonly job: JobKey; readonly how: string; readonly worker: string; readonly err: Channel },
): Promise<void> {
  const found = await lab.job(job).catch(() => null);
  if (found === null) return;
  const { row } = found;
  err.write(`${worker}: ${how} ${row.kind} ${row.name} seed ${row.seed}: ${withoutSteering(outcomeText(row))}\n`);
}
