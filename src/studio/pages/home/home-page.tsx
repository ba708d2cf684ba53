// The first page: what this is, and the way to what there is.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useConnection } from "../../app/connection.tsx";
import { usePageTitle } from "../../app/page-title.ts";

export function HomePage(): ReactNode {
  usePageTitle("Home");
  const connection = useConnection();
  return (
    <div className="page prose">
      <h1>Watch agents learn the wrong thing</h1>
      <p className="lead">
        Two agents can score the same in training and want different things. Mesascope trains agents, moves the world away from
        training, and says with numbers what each of them wants.
      </p>
      {connection.kind === "lab" && (
        <p>
          <Link to="/runs">The runs of this lab</Link>
        </p>
      )}
    </div>
  );
}
