// What the header offers. A page stands here once it exists, and is offered where something can feed it.

import type { Connection } from "./connection.tsx";
import { site } from "./site.ts";

interface NavigationItem {
  readonly to: "/" | "/runs" | "/compare" | "/episode" | "/editor" | "/league";
  readonly label: string;
  /** `lab`: only where a lab answers; `leagues`: also on a static site that brings some along. */
  readonly needs: "nothing" | "lab" | "leagues";
}

const items: readonly NavigationItem[] = [
  { to: "/", label: "Home", needs: "nothing" },
  { to: "/runs", label: "Runs", needs: "lab" },
  { to: "/compare", label: "Compare", needs: "lab" },
  { to: "/league", label: "League", needs: "leagues" },
  { to: "/episode", label: "Episode", needs: "nothing" },
  { to: "/editor", label: "Editor", needs: "nothing" },
];

export function navigationFor(connection: Connection): readonly NavigationItem[] {
  const isFed = { nothing: true, lab: connection.kind === "lab", leagues: connection.kind === "lab" || site.hasLeagues };
  return items.filter(({ needs }) => isFed[needs]);
}
