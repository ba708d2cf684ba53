import { z } from "zod";
import { choiceField } from "../../app/search-fields.ts";

export const runSearchSchema = z.object({ x: choiceField(["steps", "seconds"], "steps") });
