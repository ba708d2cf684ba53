// The tab's title, by page.

import { useEffect } from "react";

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Mesascope`;
  }, [title]);
}
