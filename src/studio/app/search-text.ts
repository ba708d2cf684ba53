// View state in the address: plain words, `?filter=world%3Acorner&columns=name,seed`, not JSON. Every value is a text there; a page's schema
// makes numbers and lists of them. See search-fields.ts.

/** The parameters of an address; of one given twice the last. */
export function parseSearchText(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Lists are joined by commas; what is undefined, null or an empty list or text is left out. */
export function searchText(search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).flatMap(([name, value]): [string, string][] => {
    const text = Array.isArray(value) ? value.join(",") : value === undefined || value === null ? "" : String(value);
    return text === "" ? [] : [[name, text]];
  });
  const text = new URLSearchParams(given).toString();
  return text === "" ? "" : `?${text}`;
}
