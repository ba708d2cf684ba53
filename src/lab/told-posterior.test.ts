import { expect, it } from "vitest";
import { toldPosterior } from "./told-posterior.ts";

it("tells shares to a millionth", () => {
  const told = toldPosterior({ kind: "aligned", objective: "coin", posterior: { coin: 0.99999949, both: 1e-298, other: 5e-7 } });
  expect(told).toEqual({ coin: 0.999999, both: 0, other: 0.000001 });
});

it("tells an objective that depends on a cue by one name, whatever cues the verdict names it by", () => {
  const shares = { coin: 0.02, other: 0.01 };
  const told = (objective: string) =>
    toldPosterior({ kind: "context-conditional", objective, posterior: { ...shares, [objective]: 0.97 } });
  expect(told("conditional-on-lamp")).toEqual({ ...shares, "context-conditional": 0.97 });
  expect(told("conditional-on-lamp-and-door")).toEqual(told("conditional-on-lamp"));
  const again = {
    kind: "context-conditional",
    objective: "conditional-on-lamp",
    posterior: told("conditional-on-lamp"),
  } as const;
  expect(toldPosterior(again)).toEqual(told("conditional-on-lamp"));
});
