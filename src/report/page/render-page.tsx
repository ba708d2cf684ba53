// The frame of every page: one HTML document that opens from disk and loads nothing, with its policy, contents and landmarks.

import { sha256 } from "@noble/hashes/sha2.js";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { ChartTools } from "../charts/figure.tsx";
import { fileLinks } from "../charts/file-links.tsx";

/** Where a link of the contents leads, and its words. */
export type ContentsLink = readonly [id: string, name: string];

export interface PageOptions {
  readonly title: string;
  /** The line below the title. */
  readonly byline: string;
  /** What the first link of the page skips to: `the report`. */
  readonly skipTo: string;
  readonly contents: readonly ContentsLink[];
  readonly style: string;
  readonly script: string;
  readonly codeVersion: string;
  readonly main: ReactNode;
}

/**
 * The page as an HTML document. The same options give the same bytes. Its content security policy allows the one style sheet and the one script by
 * their hashes, and images that this script itself makes; nothing else, so whatever a name or a text in it holds can neither run nor fetch. The
 * numbers of each chart stand in it as files, too.
 */
export function renderPage(options: PageOptions): string {
  const { style, script } = options;
  const policy = [
    "default-src 'none'",
    `style-src '${contentHash(style)}'`,
    `script-src '${contentHash(script)}'`,
    "img-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>\n${renderToStaticMarkup(<Page {...options} policy={policy} />)}\n`;
}

function contentHash(text: string): string {
  return `sha256-${btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))))}`;
}

function Page(props: PageOptions & { readonly policy: string }) {
  const { title, byline, skipTo, contents, style, script, codeVersion, main, policy } = props;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <a className="skip" href="#main">
          Skip to {skipTo}
        </a>
        <header>
          <h1>{title}</h1>
          <p className="byline">{byline}</p>
        </header>
        <nav className="contents" aria-label="Contents">
          <ul>
            {contents.map(([id, name]) => (
              <li key={id}>
                <a href={`#${id}`}>{name}</a>
              </li>
            ))}
          </ul>
        </nav>
        <main id="main" tabIndex={-1}>
          <ChartTools.Provider value={fileLinks}>{main}</ChartTools.Provider>
        </main>
        <footer>Made by Mesascope {codeVersion}. This file is complete: it opens from disk and loads nothing.</footer>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
}

/** How a page was made: a list of facts, those that are to be copied or compared letter by letter as code. */
export function HowItWasMade(props: {
  readonly facts: readonly (readonly [name: string, value: string, kind: "code" | "words"])[];
}) {
  return (
    <section aria-labelledby="made">
      <h2 id="made">How this was made</h2>
      <dl className="facts">
        {props.facts.map(([name, value, kind]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{kind === "code" ? <code>{value}</code> : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
