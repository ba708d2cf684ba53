// What the API offers on an open lab: the lab itself, and what is asked of it in words: filters, sweep files, prices.

import type { InferContractRouterInputs, InferContractRouterOutputs } from "@orpc/contract";
import type { labApi } from "../../lab/api.ts";
import type { GroupField, LabContract } from "./lab.ts";

type Inputs = InferContractRouterInputs<typeof labApi>;
type Outputs = InferContractRouterOutputs<typeof labApi>;

export interface LabService {
  readonly lab: LabContract;
  status(): Promise<Outputs["status"]>;
  /** What keeps the lab from working, such as a database that does not answer; null for nothing. */
  trouble(): Promise<string | null>;
  jobs(query: Inputs["jobs"]["list"]): Promise<Outputs["jobs"]["list"]>;
  groups(query: { readonly filter: string; readonly by: readonly GroupField[] }): Promise<Outputs["jobs"]["group"]>;
  price(file: unknown): Promise<Outputs["sweeps"]["price"]>;
  acceptFile(file: unknown): Promise<Outputs["sweeps"]["accept"]>;
}
