// A page's or a panel's word where there is nothing else to show: empty, failed, or what to run first.

import type { ReactNode } from "react";

export interface NoticeProps {
  readonly title: string;
  readonly tone?: "calm" | "bad";
  /** `h1` where it stands for a whole page. */
  readonly heading?: "h1" | "h2" | "h3";
  readonly children: ReactNode;
}

export function Notice({ title, tone = "calm", heading: Heading = "h1", children }: NoticeProps): ReactNode {
  return (
    <section className={`notice notice-${tone}`} role={tone === "bad" ? "alert" : undefined}>
      <Heading>{title}</Heading>
      {children}
    </section>
  );
}
