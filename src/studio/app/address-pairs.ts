// Names with values as an address has them, `size=5,coins=2`: parameters of a world, and points of its shift space.

/** Axis → value. */
type Point = Readonly<Record<string, number | string>>;

/** Of what is no pair the value is empty: whoever reads it refuses the name, or the value. */
function pairsIn(text: string): readonly (readonly [string, string])[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [part, ""] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    });
}

/** A value that is no number is NaN. */
export function parametersIn(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(pairsIn(text).map(([name, value]) => [name, value === "" ? Number.NaN : Number(value)]));
}

/** Values are of the axis's own kind where it has such, and numbers where they can be; what it does not have stays as it is. */
export function pointIn(
  text: string,
  axes: readonly { readonly name: string; readonly values: readonly (number | string)[] }[],
): Point {
  return Object.fromEntries(
    pairsIn(text).map(([name, given]) => {
      const known = axes.find((axis) => axis.name === name)?.values.find((value) => String(value) === given);
      const isNumber = given !== "" && Number.isFinite(Number(given));
      return [name, known ?? (isNumber ? Number(given) : given)];
    }),
  );
}

/** Axes that stand as in training are left out; the others are in the order of the world, whatever it does not have after them. */
export function shiftText(point: Point, axes: readonly { readonly name: string; readonly training: number | string }[]): string {
  const names = axes.map(({ name }) => name);
  const others = Object.keys(point).filter((name) => !names.includes(name));
  return [...names, ...others]
    .filter((name) => point[name] !== undefined && point[name] !== axes.find((axis) => axis.name === name)?.training)
    .map((name) => `${name}=${point[name]}`)
    .join(",");
}
