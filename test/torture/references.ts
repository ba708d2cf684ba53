// What runs that were killed and resumed should have become: the same recipes trained at one go, without a lab.

import { join } from "node:path";
import { type Finding, none } from "./findings.ts";
import { shortRecipe } from "./jobs.ts";
import type { ResumedRun, Torture } from "./torture.ts";

export async function compareWithPlainTraining(
  { children, plan, root, say }: Torture,
  { runs, updates }: { readonly runs: readonly ResumedRun[]; readonly updates: number },
): Promise<readonly Finding[]> {
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  say(`training ${seeds.length} resumed runs again, at one go …`);
  const recipes = seeds.map((seed) => shortRecipe(seed, updates));
  const reference = children.start("reference", { role: "reference", folder: join(root, "references"), recipes });
  await reference.ended;
  const differing = runs.flatMap(({ seed, policy }) =>
    reference.policies.get(seed) === policy
      ? []
      : [`seed ${seed}: ${policy}, at one go ${reference.policies.get(seed)} ${reference.errors}`],
  );
  return [
    { name: "resumed runs compared", value: runs.length, goal: plan.name === "tiny" ? null : { is: "at-least", value: 1 } },
    none("resumed runs with other bits", differing),
  ];
}
