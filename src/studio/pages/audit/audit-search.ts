// What the page of an audit keeps in the address.

import { z } from "zod";
import { flagField, numbersField } from "../../app/search-fields.ts";

export const auditSearchSchema = z.object({
  /** Places of the findings that are open: `0,3`. */
  findings: numbersField(),
  /** Whether the audit is made again in the page, for its episodes. */
  episodes: flagField(),
  /** Whether what was audited is told. */
  opened: flagField(),
});
export type AuditSearch = z.infer<typeof auditSearchSchema>;

/** Left out of the address. */
export const auditSearchDefaults = { findings: "", episodes: false, opened: false } as const satisfies AuditSearch;
