// The entry of a worker of agents: opens what a page gives it, plays and explains episodes, so that the page is never held up.

import { createAgentsHost } from "./agents-host.ts";
import { hearPage } from "./worker-entry.ts";

hearPage(createAgentsHost);
