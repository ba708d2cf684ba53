// What can happen besides kills, one after the other.

import { troubledFleet } from "./faults-of-fleet.ts";
import { damagedCheckpoint, fullDisk, openedTwice } from "./faults-of-folder.ts";
import type { Finding } from "./findings.ts";
import type { Torture } from "./torture.ts";

export async function tortureByFaults(torture: Torture): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const fault of [openedTwice, damagedCheckpoint, fullDisk, troubledFleet]) findings.push(...(await fault(torture)));
  return findings;
}
