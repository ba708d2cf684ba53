// The recipe of a run, as `config.PATH` names its fields, in the parts that it has.

import type { ReactNode } from "react";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import { flattenRecipe } from "../../../lab/flatten-recipe.ts";
import { plainWords } from "../../views/plain-words.ts";

export function RecipeList({ recipe }: { readonly recipe: Recipe }): ReactNode {
  const { world, network, optimizer, objective, seed } = recipe;
  const whole = new Map<string, string | number | boolean>([
    ...([
      ["world.name", world.name],
      ["network.kind", network.kind],
      ["optimizer.kind", optimizer.kind],
      ["objective.name", objective.name],
      ["seed", seed],
    ] as const),
    ...flattenRecipe(recipe),
  ]);
  const parts = Map.groupBy(whole, ([path]) => (path.includes(".") ? path.slice(0, path.indexOf(".")) : "run"));
  return (
    <section>
      <h2>Recipe</h2>
      <div className="run-recipe">
        {[...parts].map(([part, fields]) => (
          <div key={part}>
            <h3>{part}</h3>
            <dl>
              {fields.map(([path, value]) => (
                <div key={path}>
                  <dt>{path.includes(".") ? path.slice(part.length + 1) : path}</dt>
                  <dd className="numeric">{plainWords(value)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}
