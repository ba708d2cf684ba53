// The recipe of a run, as `config.PATH` names its fields, in the parts that it has; what tells it from runs of its name is marked.

import type { ReactNode } from "react";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import type { JobRow } from "../../../lab/api.ts";
import { flattenRecipe } from "../../../lab/flatten-recipe.ts";
import { plainWords } from "../../views/plain-words.ts";

interface RecipeListProps {
  readonly recipe: Recipe;
  /** In what others of the run's name differ from it. */
  readonly variant: JobRow["variant"];
}

export function RecipeList({ recipe, variant }: RecipeListProps): ReactNode {
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
      {Object.keys(variant).length > 0 && <p className="label">In bold: in what the lab’s newest runs of this name differ.</p>}
      <div className="run-recipe">
        {[...parts].map(([part, fields]) => (
          <div key={part}>
            <h3>{part}</h3>
            <dl>
              {fields.map(([path, value]) => (
                <div key={path}>
                  <dt>{path.includes(".") ? path.slice(part.length + 1) : path}</dt>
                  <dd className="numeric">{path in variant ? <strong>{plainWords(value)}</strong> : plainWords(value)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}
