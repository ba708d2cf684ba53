import type { ReactNode } from "react";

export function RunsPage(): ReactNode {
  return <h1>Runs</h1>;
}
