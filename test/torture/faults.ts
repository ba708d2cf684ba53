import type { Finding } from "./findings.ts";
import type { Torture } from "./torture.ts";
export async function tortureByFaults(_: Torture): Promise<readonly Finding[]> {
  return [];
}
