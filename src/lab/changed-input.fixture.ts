// Input that was changed at random: places in JSON, letters of a text, bytes of a file. For tests that nothing breaks what reads them.

import fc from "fast-check";

/** Places in a document, each with what leads there. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

/** A copy with something else at a place; as it was where nothing leads there. */
export function changedAt(value: unknown, path: readonly string[], put: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return put;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner, i) => (String(i) === name ? changedAt(inner, rest, put) : inner));
  return { ...value, [name]: changedAt(Reflect.get(value, name), rest, put) };
}

const oddities = fc.oneof(
  fc.constantFrom(
    ...[null, "", -1, 0, 1e308, 1.5, 2 ** 31, 2 ** 53, [], {}, true, "../..", "__proto__", "\u0000", "\ud800"],
    ...["’; DROP TABLE jobs; --", "%", "a".repeat(10_000), "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** JSON with another value at one to three of its places, or with a field more or less. */
export function changedJson(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value);
  const change = fc.oneof(
    { weight: 4, arbitrary: fc.record({ at: fc.constantFrom(...places), put: oddities }) },
    { weight: 1, arbitrary: fc.record({ at: fc.constantFrom(...places), put: fc.constant(undefined) }) },
    fc.record({ at: fc.constantFrom(...places.map((place) => [...place, "more"])), put: oddities }),
  );
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((changed, { at, put }) => changedAt(changed, at, put), value))
    .map((changed) => JSON.parse(JSON.stringify(changed) ?? "null") as unknown);
}

/** A text in which letters were put, cut and replaced at a place. */
export function changedText(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.string({ unit: "binary", maxLength: 4 }), fc.nat(3))
    .map(([at, put, cut]) => text.slice(0, at) + put + text.slice(at + cut));
}

/** Bytes of which some were flipped, cut out, put in or doubled, or that end early. */
export function changedBytes(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(bytes.length);
  return fc.oneof(
    fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([place, mask]) => {
      const changed = Uint8Array.from(bytes);
      if (place < changed.length) changed[place]! ^= mask;
      return changed;
    }),
    at.map((end) => bytes.slice(0, end)),
    fc
      .tuple(at, fc.uint8Array({ maxLength: 8 }), fc.nat(8))
      .map(([place, put, cut]) => Uint8Array.from([...bytes.slice(0, place), ...put, ...bytes.slice(place + cut)])),
    fc.constant(Uint8Array.from([...bytes, ...bytes])),
  );
}
