import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ViewState } from "./view-state.ts";

interface Search {
  readonly step: number;
  readonly level: string;
}

const long = 10_000;

/** A page at an address, and what it writes. */
function page(given: Search = { step: 0, level: "" }) {
  const written: (Search & { readonly isPage: boolean })[] = [];
  const state = new ViewState<Search>({ given, write: (search, { isPage }) => written.push({ ...search, isPage }) });
  return { state, written };
}

describe("the state of a view", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is shown at every change and written once, when it changes no more", () => {
    const { state, written } = page();
    const shown: number[] = [];
    state.watch(() => shown.push(state.search().step));
    for (let step = 1; step <= 300; step++) {
      state.change({ step });
      vi.advanceTimersByTime(33);
    }
    expect([shown.length, shown.at(-1), written.length]).toEqual([300, 300, 0]);
    vi.advanceTimersByTime(long);
    expect(written).toEqual([{ step: 300, level: "", isPage: false }]);
  });

  it("is at a page of its own without a pause, after the step where one left the page before", () => {
    const { state, written } = page();
    state.change({ step: 4 });
    state.change({ step: 0, level: "b" }, { isPage: true });
    vi.advanceTimersByTime(1);
    state.change({ step: 2 });
    vi.advanceTimersByTime(long);
    expect(written).toEqual([
      { step: 4, level: "", isPage: false },
      { step: 0, level: "b", isPage: true },
      { step: 2, level: "b", isPage: false },
    ]);
  });

  it("makes no page of a change that changes nothing, nor of the one after it", () => {
    const { state, written } = page({ step: 1, level: "a" });
    state.change({ level: "a" }, { isPage: true });
    state.change({ level: "b" });
    vi.advanceTimersByTime(long);
    expect(written).toEqual([{ step: 1, level: "b", isPage: false }]);
  });

  it("is what somebody else makes of the address, in place of what was not written yet", () => {
    const { state, written } = page();
    state.change({ step: 4 });
    state.hear({ step: 9, level: "back" });
    vi.advanceTimersByTime(long);
    expect([state.search(), written]).toEqual([{ step: 9, level: "back" }, []]);
  });

  it("stays ahead of an address that comes behind what was written since", () => {
    const { state, written } = page();
    state.change({ step: 1 });
    vi.advanceTimersByTime(long);
    state.change({ step: 2 });
    vi.advanceTimersByTime(long);
    state.change({ step: 3 });
    state.hear({ step: 1, level: "" });
    state.hear({ step: 2, level: "" });
    expect(state.search().step).toBe(3);
    vi.advanceTimersByTime(long);
    expect(written.map(({ step }) => step)).toEqual([1, 2, 3]);
    state.hear({ step: 3, level: "" });
    // By now this is an address that somebody went back to.
    state.hear({ step: 1, level: "" });
    expect(state.search().step).toBe(1);
  });

  it("writes nothing once the page is left", () => {
    const { state, written } = page();
    state.change({ step: 1 });
    state.end();
    vi.advanceTimersByTime(long);
    expect(written).toEqual([]);
  });
});
