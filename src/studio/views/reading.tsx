// What is shown in place of a page while its answer is waited for.

import type { ReactNode } from "react";

export interface ReadingProps {
  /** What it will be, for who goes by headings. */
  readonly title: string;
  /** Such as `Reading the audit …`. */
  readonly children: string;
}

export function Reading({ title, children }: ReadingProps): ReactNode {
  return (
    <div className="page">
      <h1 className="visually-hidden">{title}</h1>
      <p className="quiet">{children}</p>
    </div>
  );
}
