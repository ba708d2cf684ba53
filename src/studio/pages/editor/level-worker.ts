// The entry of the editor's worker: plays, plans and searches, so that the page is never held up.

import { hearPage } from "../../agents/worker-entry.ts";
import { createLevelHost } from "./level-host.ts";

hearPage(createLevelHost);
