import { expect, it } from "vitest";
import { MesascopeError } from "../../core/base/errors.ts";
import type { AgentsAtHand } from "./ask-agents.ts";
import { type AgentSource, BoardPlayer } from "./board-player.ts";

const policy = (byte: number): AgentSource => ({ kind: "live", model: Uint8Array.of(byte) });
const place = { agent: "A", shift: 0, number: 1 } as const;

function fakeWorker(options: { readonly lost?: boolean } = {}) {
  const log: string[] = [];
  let count = 0;
  const answer = async <Answer>(given: Answer): Promise<Answer> => {
    if (options.lost) throw new MesascopeError("worker-lost", "the agents' worker was lost (test).");
    return given;
  };
  const worker: AgentsAtHand = {
    open: (model) => {
      log.push(`open ${model[0]}`);
      return ++count;
    },
    release: (opened) => log.push(`release ${opened}`),
    board: ({ opened }) => {
      log.push(`board of ${opened}`);
      return answer({ kind: "board", ask: 1, actions: [] });
    },
    tally: ({ opened }) => {
      log.push(`tally of ${opened}`);
      return answer({ kind: "tally", ask: 1, tally: [] });
    },
    audit: () => Promise.reject(new Error("no audit was asked for")),
    end: () => log.push("end"),
  };
  return { worker, log };
}

it("gives the worker a policy once, however many questions are asked of it at once, and takes back the one that it replaces", async () => {
  const { worker, log } = fakeWorker();
  const player = new BoardPlayer(async () => worker);
  await Promise.all([player.tally(policy(1), place), player.tally(policy(1), place).catch(() => {})]);
  const same = policy(2);
  await Promise.all([player.tally(same, place), player.tally(same, { ...place, shift: 1 })]);
  expect(log.filter((line) => line === "open 2")).toHaveLength(1);
  expect(log.filter((line) => line.startsWith("tally of 3"))).toHaveLength(2);
  expect(log.filter((line) => line.startsWith("release"))).toEqual(["release 1", "release 2"]);
});

it("starts the worker anew after one that could not be started, and after one that was lost", async () => {
  const lost = fakeWorker({ lost: true });
  const sound = fakeWorker();
  const starts = [
    () => Promise.reject(new Error("the script could not be loaded")),
    () => Promise.resolve(lost.worker),
    () => Promise.resolve(sound.worker),
  ];
  let started = 0;
  const player = new BoardPlayer(() => starts[started++]!());
  const same = policy(1);
  await expect(player.tally(same, place)).rejects.toThrow("could not be loaded");
  await expect(player.tally(same, place)).rejects.toThrow("worker was lost");
  await expect(player.tally(same, place)).resolves.toEqual([]);
  expect(started).toBe(3);
});
