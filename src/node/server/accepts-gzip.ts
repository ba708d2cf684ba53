// Whether who asks a server takes answers that are compressed.

/** By its header `accept-encoding`: gzip is named, or everything is, and not with a weight of 0. */
export function acceptsGzip(header: string | readonly string[] | undefined): boolean {
  const weights = new Map(
    String(header ?? "")
      .toLowerCase()
      .split(",")
      .map((part) => {
        const [coding = "", ...parameters] = part.split(";").map((word) => word.trim());
        const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split("=")[1];
        return [coding, weight === undefined ? 1 : Number(weight)] as const;
      }),
  );
  return (weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0) > 0;
}
