import { expect, it } from "vitest";
import { keep } from "../../lab/kept.ts";
import { MemoryStore } from "../lab/memory-store.fixture.ts";
import { recordedLeagues } from "./recorded-leagues.ts";

it("brings along what a league has to show, byte by byte and however long, and nothing else", async () => {
  const store = new MemoryStore();
  const content = {
    "league.json": new Uint8Array(33 * 2 ** 20).fill(32),
    "league.csv": new TextEncoder().encode("\ufeffname,score\r\n"),
    "verdicts.json": new TextEncoder().encode("{}"),
  };
  const files = Object.fromEntries(
    await Promise.all(Object.entries(content).map(async ([name, bytes]) => [name, await store.putBlob(bytes)] as const)),
  );
  await keep(store, { kind: "league", name: "abc", at: new Date("2026-03-01T10:00:00Z"), files });
  await keep(store, { kind: "card", name: "corner", at: new Date("2026-03-01T10:00:00Z"), files });
  const { names, files: recorded } = await recordedLeagues(store);
  expect(names).toEqual(["abc"]);
  expect(recorded.map(({ path }) => path)).toEqual(["league/abc/league.json", "league/abc/league.csv", "kept.json"]);
  const [json, csv] = recorded.map((file) => Buffer.from(file.content));
  expect(json!.equals(content["league.json"])).toBe(true);
  expect(csv!.equals(content["league.csv"])).toBe(true);
});
