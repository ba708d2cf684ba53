// What runs that were killed and resumed should have become: the same recipes trained at one go, without a lab.

import { join } from "node:path";
import { type Finding, none } from "./findings.ts";
import { shortRecipe } from "./jobs.ts";
import type { ResumedRun, Torture } from "./torture.ts";

const most = 3;

export async function compareWithPlainTraining(
  { children, plan, root, say }: Torture,
  { runs, updates }: { readonly runs: readonly ResumedRun[]; readonly updates: number },
): Promise<readonly Finding[]> {
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  say(`training ${seeds.length} resumed runs again, at one go …`);
  const policies = new Map<number, string>();
  let errors = "";
  // One that crashes is told of by those who watch for processes that end by themselves; here the rest is still compared.
  for (let tries = 0; tries < most && policies.size < seeds.length; tries++) {
    const recipes = seeds.filter((seed) => !policies.has(seed)).map((seed) => shortRecipe(seed, updates));
    const reference = children.start("reference", { role: "reference", folder: join(root, `references-${tries}`), recipes });
    await reference.ended;
    for (const [seed, policy] of reference.policies) policies.set(seed, policy);
    errors = reference.errors;
  }
  const differing = runs.flatMap(({ seed, policy }) =>
    policies.get(seed) === policy ? [] : [`seed ${seed}: ${policy}, at one go ${policies.get(seed)} ${errors}`],
  );
  return [
    { name: "resumed runs compared", value: runs.length, goal: plan.name === "tiny" ? null : { is: "at-least", value: 1 } },
    none("resumed runs with other bits", differing),
  ];
}
