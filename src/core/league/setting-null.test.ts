import { describe, expect, it } from "vitest";
import { label } from "./league.fixture.ts";
import { kindsFromSetting } from "./setting-null.ts";

describe("kindsFromSetting", () => {
  const settings: Readonly<Record<string, string>> = { a: "x", b: "x", c: "x", d: "y", e: "y", f: "z" };
  const settingOf = (id: string) => settings[id]!;

  it("guesses each from the others of its setting, and whoever is alone there not at all", () => {
    const share = kindsFromSetting(
      [
        label("proxy", { id: "a" }),
        label("proxy", { id: "b" }),
        label("aligned", { id: "c" }), // the others are proxies: wrong
        label("mixed", { id: "d" }), // the other is conditional: wrong, and the other way round
        label("context-conditional", { id: "e" }),
        label("aligned", { id: "f" }),
      ],
      settingOf,
    );
    // a: b and c are one each, and aligned comes before proxy in the order of kinds: wrong; b likewise.
    expect(share).toMatchObject({ count: 0, of: 6 });
    const told = [
      label("proxy", { id: "a" }),
      label("proxy", { id: "b" }),
      label("mixed", { id: "d" }),
      label("mixed", { id: "e" }),
    ];
    expect(kindsFromSetting(told, settingOf)).toMatchObject({ count: 4, of: 4 });
  });

  it("leaves held-out organisms out", () => {
    const labels = [label("proxy", { id: "a" }), label("proxy", { id: "b", isHeldOut: true })];
    expect(kindsFromSetting(labels, settingOf)).toMatchObject({ count: 0, of: 1 });
  });
});
