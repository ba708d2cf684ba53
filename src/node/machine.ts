// What a result was measured on, for manifests and reports. Nothing in it names a person or a host.

import { availableParallelism, cpus, totalmem } from "node:os";

export interface Machine {
  /** e.g. `Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz`; `unknown` where the system does not say. */
  readonly cpu: string;
  /** Threads that this process may run at once. */
  readonly cores: number;
  /** Main memory in gibibytes, to one decimal. */
  readonly memoryGib: number;
  /** e.g. `v24.21.0`. */
  readonly node: string;
  /** e.g. `linux-x64`. */
  readonly platform: string;
}

/** The machine this runs on. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || "unknown",
    cores: availableParallelism(),
    memoryGib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** One line for people: `AMD EPYC 7B13, 2 cores, 7.8 GiB, Node v24.21.0, linux-x64`. */
export function machineText(machine: Machine): string {
  const memory = machine.memoryGib.toFixed(1);
  return `${machine.cpu}, ${machine.cores} cores, ${memory} GiB, Node ${machine.node}, ${machine.platform}`;
}
