// What the address gave that its page does not know or cannot use, above the page: what is shown is not all that was asked for.

import { useMatches, useRouter } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { ZodObject } from "zod";
import { oneOf, refusal, refusals } from "./search-fields.ts";
import { parseSearchText } from "./search-text.ts";

/** As it was loaded: the router takes out of the address what its page leaves out. */
const given = parseSearchText(window.location.search);

/** Told until the reader goes on to another view. */
export function RefusedSearch(): ReactNode {
  const { routesById } = useRouter();
  const { routeId, pathname, search } = useMatches().at(-1)!;
  const fields = routesById[routeId].options.validateSearch;
  const read: Readonly<Record<string, unknown>> = search;
  const names = fields instanceof ZodObject ? Object.keys(fields.shape) : [];
  const view = JSON.stringify([pathname, names.map((name) => read[name])]);
  const [firstView] = useState(view);
  if (!(fields instanceof ZodObject) || view !== firstView) return null;
  return refusals(fields, given).map((words) => (
    <p key={words} className="refused-search" role="status">
      {words}
    </p>
  ));
}

interface RefusedWordProps {
  /** Of the field of the address. */
  readonly name: string;
  /** Empty for nothing. */
  readonly given: string;
  readonly known: readonly string[];
}

/** The same of a field whose words come with what is shown. */
export function RefusedWord({ name, given: word, known }: RefusedWordProps): ReactNode {
  if (word === "" || known.includes(word)) return null;
  return (
    <p className="refused-search" role="status">
      {refusal({ name, refused: [word], expected: oneOf(known) })}
    </p>
  );
}
