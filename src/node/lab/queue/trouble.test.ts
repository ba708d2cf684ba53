import { expect, it } from "vitest";
import { MesascopeError } from "../../../core/base/errors.ts";
import { databaseError } from "../database/lab-database.ts";
import { Trouble } from "./trouble.ts";

const observed = () => {
  const told: string[] = [];
  return { told, trouble: new Trouble((text) => told.push(text), 4) };
};
const failed = (why: string) => databaseError(new Error(why), "host/lab");

it("an outage of the database is told once, in whatever words it shows, and its end once", () => {
  const { told, trouble } = observed();
  for (const why of ["terminating connection", "connect ECONNREFUSED", "terminating connection"]) trouble.tell(failed(why));
  expect(told).toEqual([
    expect.stringMatching(/host\/lab failed: terminating connection\. .*This worker waits, and tries again every few seconds\.$/),
  ]);
  expect(told.join()).not.toMatch(/run the command again/);
  trouble.end();
  trouble.end();
  expect(told.slice(1)).toEqual(["the lab's database answers again."]);
  trouble.tell(failed("terminating connection"));
  expect(told).toHaveLength(3);
});

it("what else fails is told whenever it changes, and not when it is over", () => {
  const { told, trouble } = observed();
  for (const text of ["full", "full", "gone"]) trouble.tell(new MesascopeError("file-system", text));
  trouble.end();
  expect(told).toEqual(["full", "gone"]);
});

it("waits twice as long each time, up to the longest", () => {
  const { trouble } = observed();
  const waits = [1, 2, 3, 4].map(() => {
    trouble.tell(failed("away"));
    return trouble.wait;
  });
  expect(waits).toEqual([1, 2, 4, 4]);
  trouble.end();
  expect(trouble.wait).toBe(0);
});
