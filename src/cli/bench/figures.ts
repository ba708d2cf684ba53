// The list of figures. To add one: its entry in a file beside this one, and a line here.

import { activeFigures } from "./active-figures.ts";
import { auditFigures } from "./audit-figures.ts";
import { browserFigures } from "./browser-figures.ts";
import { engineFigures } from "./engine-figures.ts";
import type { Figure } from "./figure.ts";
import { hookFigures } from "./hook-figures.ts";
import { labFigures } from "./lab-figures.ts";
import { learningFigures } from "./learning-figures.ts";
import { memoryFigures } from "./memory-figures.ts";
import { organismFigures } from "./organism-figures.ts";
import { ppoFigures } from "./ppo-figures.ts";
import { studioFigures } from "./studio-figures.ts";
import { wildFigures } from "./wild-figures.ts";
import { worldFigures } from "./world-figures.ts";

export const figures: readonly Figure[] = [
  ...worldFigures,
  ...engineFigures,
  ...hookFigures,
  ...browserFigures,
  ...ppoFigures,
  ...organismFigures,
  ...learningFigures,
  ...memoryFigures,
  ...auditFigures,
  ...activeFigures,
  ...wildFigures,
  ...labFigures,
  ...studioFigures,
];
