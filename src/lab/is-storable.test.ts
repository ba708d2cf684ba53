import { describe, expect, it } from "vitest";
import { isStorable } from "./is-storable.ts";

describe("isStorable", () => {
  it("refuses zero characters and halves of characters, wherever they are", () => {
    expect(isStorable("a\0b")).toBe(false);
    expect(isStorable({ deep: [{ text: "\ud83d" }] })).toBe(false);
    expect(isStorable({ "\0": 1 })).toBe(false);
    expect(isStorable("\\\0")).toBe(false);
  });

  it("lets other texts pass, also those that look like an escape", () => {
    expect(isStorable({ deep: ["naïve 🧀", "line\nbreak", 1, null] })).toBe(true);
    expect(isStorable("C:\\u0000")).toBe(true);
    expect(isStorable("\\ud83d")).toBe(true);
  });
});
