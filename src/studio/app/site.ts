// Where this studio lies: at the root of a lab's server, or, as a static site, anywhere. The head of a site's pages says so.

export interface Site {
  /** Address of the first page, a slash at its end. */
  readonly root: URL;
  /** Files without a lab behind them: nothing is asked of their server but files. */
  readonly isStatic: boolean;
  readonly hasLeagues: boolean;
}

const given = told("mesascope-site");

export const site: Site = {
  root: new URL(given ?? "/", document.baseURI),
  isStatic: given !== null,
  hasLeagues: told("mesascope-recorded") === "leagues",
};

function told(name: string): string | null {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null;
}

// What the head links to is found from where the page was loaded, and not from where the reader has gone since.
for (const link of document.querySelectorAll<HTMLLinkElement>("head link[href]")) link.href = new URL(link.href).href;
