// The first page of the studio as the files of a static site need it: it says where the site's root is, what lies there, and what may be loaded.

import { MesascopeError } from "../../core/base/errors.ts";
import { studioPolicy } from "../server/studio-files.ts";

export interface SitePage {
  /** The built first page, whose files are at `/assets/`. */
  readonly html: string;
  /** From the page to the site's root, a slash at its end: `./`, `../../`, or `/path/`. */
  readonly root: string;
  /** Whether leagues were recorded with the site. */
  readonly hasLeagues: boolean;
}

/** Where an address cannot say so, a page's head does; of the policy, what browsers take from a page. */
export function sitePage({ html, root, hasLeagues }: SitePage): string {
  const charset = '<meta charset="utf-8" />';
  if (!html.includes(charset)) throw new Error(`the built page has no ${charset}; expected one to put the site's head behind.`);
  const policy = studioPolicy.filter((directive) => !directive.startsWith("frame-ancestors"));
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}" />`,
    `<meta name="mesascope-site" content="${root}" />`,
    ...(hasLeagues ? ['<meta name="mesascope-recorded" content="leagues" />'] : []),
  ];
  return html
    .replace(charset, [charset, ...head].map((line, i) => (i === 0 ? line : `    ${line}`)).join("\n"))
    .replaceAll('="/assets/', `="${root}assets/`);
}

/** Throws `usage` for what is no path between slashes. */
export function requireBase(base: string): string {
  if (/^\/(?:[\w~-][\w.~-]*\/)*$/.test(base)) return base;
  throw new MesascopeError(
    "usage",
    `the base "${base}" given; expected the path under which the site will lie, a slash at both ends, such as /studio/.`,
  );
}
