import { describe, expect, it } from "vitest";
import { hashOf, sealLabel } from "./seal.ts";

describe("hashOf", () => {
  it("is SHA-256, as FIPS 180-4 gives it for abc", () => {
    expect(hashOf(new TextEncoder().encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

describe("sealLabel", () => {
  const label = { organism: "B", truth: { kind: "context-conditional", weights: [{ coin: 1, capsule: -0.5 }] } };

  it("is the same for the same label in whatever order its fields come", () => {
    const reordered = { truth: { weights: [{ capsule: -0.5, coin: 1 }], kind: "context-conditional" }, organism: "B" };
    expect(sealLabel(reordered, "salt")).toBe(sealLabel(label, "salt"));
  });

  it("is another one for any other label, order of a list or salt", () => {
    const seals = [
      sealLabel(label, "salt"),
      sealLabel(label, "pepper"),
      sealLabel({ ...label, organism: "A" }, "salt"),
      sealLabel({ ...label, truth: { ...label.truth, weights: [{ coin: 1, capsule: -0.25 }] } }, "salt"),
      sealLabel({ list: [1, 2] }, "salt"),
      sealLabel({ list: [2, 1] }, "salt"),
      sealLabel({ list: "12" }, "salt"),
      sealLabel({ list: ["12"] }, "salt"),
    ];
    expect(new Set(seals).size).toBe(seals.length);
  });

  it("can be checked with any implementation of SHA-256 over sorted JSON", () => {
    const text = '{"label":{"a":[true,null,0.5],"b":"x"},"salt":"s"}';
    expect(sealLabel({ b: "x", a: [true, null, 0.5] }, "s")).toBe(hashOf(new TextEncoder().encode(text)));
  });
});
