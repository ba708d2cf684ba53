// What the header offers. A page stands here once it exists, and is offered where something can feed it.

import type { Connection } from "./connection.tsx";

interface NavigationItem {
  readonly to: "/" | "/runs" | "/compare" | "/episode";
  readonly label: string;
  /** `lab`: only where a lab answers. */
  readonly needs: "nothing" | "lab";
}

const items: readonly NavigationItem[] = [
  { to: "/", label: "Home", needs: "nothing" },
  { to: "/runs", label: "Runs", needs: "lab" },
  { to: "/compare", label: "Compare", needs: "lab" },
  { to: "/episode", label: "Episode", needs: "nothing" },
];

export function navigationFor(connection: Connection): readonly NavigationItem[] {
  return items.filter(({ needs }) => needs === "nothing" || connection.kind === "lab");
}
