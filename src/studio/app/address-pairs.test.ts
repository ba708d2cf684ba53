import { describe, expect, it } from "vitest";
import { parametersIn, pointIn, shiftText } from "./address-pairs.ts";

const axes = [
  { name: "lamp", values: ["training", "novel"], training: "training" },
  { name: "walls", values: [0, 4], training: 0 },
] as const;

describe("names with values in an address", () => {
  it("are parameters, of which those that are no pair are none that a world takes", () => {
    expect(parametersIn("size=5, coins = 2,,")).toEqual({ size: 5, coins: 2 });
    expect(parametersIn("odd,size=,coins=two")).toEqual({ odd: Number.NaN, size: Number.NaN, coins: Number.NaN });
  });

  it("are points, whose values are the axes' own or what somebody else has to refuse", () => {
    expect(pointIn("walls=4,lamp=novel", axes)).toEqual({ walls: 4, lamp: "novel" });
    expect(pointIn("walls=0.5,nowhere=far,odd", axes)).toEqual({ walls: 0.5, nowhere: "far", odd: "" });
  });

  it("are the same text for the same point, however it came about", () => {
    expect(shiftText({ nowhere: "far", walls: 4, lamp: "novel" }, axes)).toBe("lamp=novel,walls=4,nowhere=far");
    expect(shiftText({ walls: 0, lamp: "training" }, axes)).toBe("");
  });
});
