import { z } from "zod";
import { textField } from "../../app/search-fields.ts";

export const runsSearchSchema = z.object({ filter: textField() });
