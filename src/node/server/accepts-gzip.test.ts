import { expect, it } from "vitest";
import { acceptsGzip } from "./accepts-gzip.ts";

it.each(["gzip", "deflate, gzip;q=0.5", "GZIP", "br;q=1.0, gzip; q=0.8", "x-gzip", "*", "br, *;q=0.1"])(
  "takes gzip: %s",
  (header) => {
    expect(acceptsGzip(header)).toBe(true);
  },
);

it.each([undefined, "", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "identity", "gzipped"])(
  "does not take gzip: %s",
  (header) => {
    expect(acceptsGzip(header)).toBe(false);
  },
);
