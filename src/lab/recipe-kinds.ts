// The kinds of networks and base optimizers that a recipe can name, read from its schema: who only names them needs no world and no network.

import { recipeSchema } from "../core/organisms/recipe.ts";

const { network, optimizer } = recipeSchema.shape;

export const networkKinds = network.options.map(({ shape }) => shape.kind.value);
export const optimizerKinds = optimizer.options.map(({ shape }) => shape.kind.value);
