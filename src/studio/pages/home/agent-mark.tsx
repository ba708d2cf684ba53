// An agent's sign, the same wherever it is shown: a marker and a color of its own beside its name.

import type { ReactNode } from "react";
import { seriesMark } from "../../../report/charts/series-mark.ts";
import { type AgentName, agentNames } from "../../live/story-agents.ts";

export function markOf(name: AgentName) {
  return seriesMark(agentNames.indexOf(name));
}

export function AgentMark({ name }: { readonly name: AgentName }): ReactNode {
  const { className, marker } = markOf(name);
  return (
    <span className={`agent-name ${className}`}>
      <svg aria-hidden="true" width="12" height="12" viewBox="-6 -6 12 12">
        <path className="marker" d={marker} />
      </svg>
      {name}
    </span>
  );
}
