// The world of the first page's agents by its name and parameters, for pages that do not play it.

import { world } from "./story.ts";

const { name, parameters } = world;

/** As a recipe names it. */
export const storyWorld = { name, parameters };
